// Run a command as another user, without groups.
//
// usage: as-user UID COMMAND [ARGUMENT…]
#define _GNU_SOURCE
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: as-user UID COMMAND [ARGUMENT…]\n", stderr);
        return 64;
    }
    uid_t user = (uid_t)strtoul(arguments[1], NULL, 10);
    if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0) {
        perror("as-user");
        return 71;
    }
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    return 127;
}
