// Run a command and append its wall time in nanoseconds, from fork to wait, to a file.
//
// usage: timed FILE COMMAND [ARGUMENT…]
//
// Exits with the command's status.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: timed FILE COMMAND [ARGUMENT…]\n", stderr);
        return 64;
    }
    long long start = now();
    pid_t child = fork();
    if (child == 0) {
        execvp(arguments[2], arguments + 2);
        perror(arguments[2]);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        perror("timed");
        return 71;
    }
    long long taken = now() - start;
    FILE *file = fopen(arguments[1], "a");
    if (!file || fprintf(file, "%lld\n", taken) < 0 || fclose(file) != 0) {
        perror(arguments[1]);
        return 73;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
