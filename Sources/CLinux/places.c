#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>

int kvm_inittrace_open_place(const char *path, int flags) { return open(path, O_PATH | O_CLOEXEC | flags); }

const int kvm_inittrace_unnamed = O_TMPFILE;
