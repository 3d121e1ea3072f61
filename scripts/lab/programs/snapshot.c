// Every control file of a tracefs mount with its contents, one per line, so that two
// moments can be compared with diff.
//
// usage: snapshot TRACEFS [NAME…]
//
// Files and directories called NAME are left out, too: "events" are most of them.
//
// A line is the path, a tab, and the contents with line ends written as \n; of contents
// above 200 bytes only the start, the length and a hash.  Left out: what changes by
// itself (buffers, counters, logs), what has no contents to compare (write-only files),
// and lists that only follow the loaded modules.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const left_out[] = {
    "trace", "trace_pipe", "trace_pipe_raw", "trace_marker", "trace_marker_raw", "trace_stat", "stats", "snapshot",
    "snapshot_raw", "free_buffer", "saved_cmdlines", "saved_tgids", "error_log", "dyn_ftrace_total_info",
    "available_filter_functions", "available_filter_functions_addrs", "enabled_functions", "touched_functions",
    "printk_formats", "README", "eval_map", "last_boot_info", "buffer_total_size_kb", "available_events",
    "hist", "hist_debug", "format", "id", "inject", "osnoise", "hwlat_detector", "blacklist",
};

static char **more_left_out;

static int is_left_out(const char *name) {
    for (char **more = more_left_out; *more; more++)
        if (strcmp(name, *more) == 0) return 1;
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(name, left_out[i]) == 0) return 1;
    return 0;
}

static void print_file(const char *path, const char *shown) {
    static char text[1 << 22];
    size_t length = 0;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        printf("%s\t! open: %s\n", shown, strerror(errno));
        return;
    }
    for (;;) {
        ssize_t got = length < sizeof text ? read(file, text + length, sizeof text - length) : 0;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            printf("%s\t! read: %s\n", shown, strerror(errno));
            close(file);
            return;
        }
        if (got == 0) break;
        length += (size_t)got;
    }
    close(file);
    printf("%s\t", shown);
    for (size_t i = 0; i < length && i < 200; i++) {
        if (text[i] == '\n') fputs("\\n", stdout);
        else putchar(text[i]);
    }
    if (length > 200) {
        uint64_t hash = 14695981039346656037u;  // FNV-1a
        for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
        printf("… %zu bytes, %016llx", length, (unsigned long long)hash);
    }
    putchar('\n');
}

static int by_name(const struct dirent **one, const struct dirent **other) { return strcmp((*one)->d_name, (*other)->d_name); }

static void walk(const char *directory, size_t prefix) {
    struct dirent **names;
    int count = scandir(directory, &names, NULL, by_name);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char path[4096];
        struct stat status;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !is_left_out(name) &&
            (size_t)snprintf(path, sizeof path, "%s/%s", directory, name) < sizeof path && lstat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode)) {
                printf("%s/\n", path + prefix);
                walk(path, prefix);
            } else if (S_ISREG(status.st_mode) && (status.st_mode & 0444)) {
                print_file(path, path + prefix);
            }
        }
        free(names[i]);
    }
    if (count >= 0) free(names);
}

int main(int count, char **arguments) {
    if (count < 2) {
        fputs("usage: snapshot TRACEFS [NAME…]\n", stderr);
        return 64;
    }
    more_left_out = arguments + 2;
    walk(arguments[1], strlen(arguments[1]) + 1);
    return fflush(stdout) == 0 ? 0 : 74;
}
