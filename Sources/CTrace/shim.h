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
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/// A command that waits between fork and exec until a byte arrives on `gate`: its process id is then known before it does anything.
/// Swift cannot call fork(). What the child does is safe after a fork of one thread. When exec fails, its errno is written to `report`, which
/// exec closes otherwise. An end of file on the gate, when the recorder was killed, ends the child. A null `environment` is this process's.
static inline pid_t kvm_inittrace_spawn(const char *file, char *const argv[], char *const environment[], int gate, int report,
                                        int gate_writer, const sigset_t *mask) {
  pid_t child = fork();
  if (child != 0) return child;
  // Otherwise the child would keep its own gate open.
  close(gate_writer);
  char byte;
  ssize_t count;
  do count = read(gate, &byte, 1);
  while (count < 0 && errno == EINTR);
  if (count != 1) _exit(125);
  // The recorder ignores it.
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, mask, NULL);
  execvpe(file, argv, environment ? environment : __environ);
  int code = errno;
  if (write(report, &code, sizeof code) < 0) _exit(126);
  _exit(127);
}

/// Whether a path is on a tracefs (TRACEFS_MAGIC). Swift's Glibc does not have statfs().
static inline int kvm_inittrace_is_tracefs(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 && status.f_type == 0x74726163;
}

/// Unloads a module, without waiting for those that use it; the C library has no function for it.
static inline int kvm_inittrace_delete_module(const char *name) { return (int)syscall(SYS_delete_module, name, O_NONBLOCK); }
#endif
