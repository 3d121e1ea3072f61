#ifndef KVM_INITTRACE_CTRACE_SHIM_H
#define KVM_INITTRACE_CTRACE_SHIM_H
// One C module for all trace headers: several modules that share types fail under MemberImportVisibility.
#include <stddef.h>
#include <sys/types.h>
#include <traceevent/event-parse.h>
#include <traceevent/kbuffer.h>
#include <tracefs.h>
#include <errno.h>
#include <signal.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/// How a child is started. Descriptors that are -1 are not used.
struct kvm_inittrace_child {
  /// The child waits between fork and exec until a byte arrives here: its process id is then known before it does anything. An end of file,
  /// when the recorder was killed, ends it.
  int gate;
  /// The other end, which the child would keep open.
  int gate_writer;
  /// Takes the errno when exec fails; exec closes it otherwise.
  int report;
  /// Takes what the child writes to standard output and error; its standard input is then empty.
  int output;
  /// Stays open in the program: the lock of a recorder, for a program that works for it and is to end with it.
  int lock;
  sigset_t mask;
  /// `NAME=value`, with a null at the end, for a program that is named by its path; null: this process's own, by whose PATH the program is
  /// looked for.
  char *const *environment;
};

/// Swift cannot call fork(). What the child does is safe after a fork of one thread.
static inline pid_t kvm_inittrace_spawn(const char *file, char *const argv[], const struct kvm_inittrace_child *how) {
  pid_t recorder = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  if (how->lock >= 0) {
    // Nobody would wait for it, nor undo what it does, when the recorder is killed.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != recorder) _exit(125);
    fcntl(how->lock, F_SETFD, 0);
  }
  if (how->gate >= 0) {
    close(how->gate_writer);
    char byte;
    ssize_t count;
    do count = read(how->gate, &byte, 1);
    while (count < 0 && errno == EINTR);
    if (count != 1) _exit(125);
  }
  if (how->output >= 0) {
    int empty = open("/dev/null", O_RDONLY);
    if (empty >= 0) dup2(empty, STDIN_FILENO);
    if (empty > STDERR_FILENO) close(empty);
    dup2(how->output, STDOUT_FILENO);
    dup2(how->output, STDERR_FILENO);
  }
  // The recorder ignores it, which a program would inherit.
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &how->mask, NULL);
  if (how->environment) execve(file, argv, how->environment);
  else execvp(file, argv);
  int code = errno;
  if (write(how->report, &code, sizeof code) < 0) _exit(126);
  _exit(127);
}

/// Whether a path is on a tracefs (TRACEFS_MAGIC). Swift's Glibc does not have statfs().
static inline int kvm_inittrace_is_tracefs(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 && status.f_type == 0x74726163;
}

/// How many CPUs this process may run on; 0: that is not told. Swift's Glibc does not have sched_getaffinity(), whose set is too small for
/// the largest machines.
static inline int kvm_inittrace_processors(void) {
  unsigned long set[1024] = {0};
  long size = syscall(SYS_sched_getaffinity, 0, sizeof set, set);
  int count = 0;
  for (long place = 0; place < size / (long)sizeof *set; place++) count += __builtin_popcountl(set[place]);
  return count;
}

/// Unloads a module, without waiting for those that use it; the C library has no function for it.
static inline int kvm_inittrace_delete_module(const char *name) { return (int)syscall(SYS_delete_module, name, O_NONBLOCK); }
#endif
