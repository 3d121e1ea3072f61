// Run a command with the signals of a command in the foreground: a shell starts those in
// the background with SIGINT and SIGQUIT ignored.
//
// usage: foreground COMMAND [ARGUMENT…]
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 2) {
        fputs("usage: foreground COMMAND [ARGUMENT…]\n", stderr);
        return 64;
    }
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    execvp(arguments[1], arguments + 1);
    perror(arguments[1]);
    return 127;
}
