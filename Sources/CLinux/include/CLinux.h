#ifndef KVM_INITTRACE_CLINUX_H
#define KVM_INITTRACE_CLINUX_H
// System calls that give rights up, and a signal's handler. The C library has no functions for them, or such with variable arguments,
// which Swift cannot call.
#include <stddef.h>
#include <stdint.h>

/// Opens a file or directory by O_PATH: what it is, and not what it holds.
int kvm_inittrace_open_place(const char *path, int flags);

/// O_TMPFILE.
extern const int kvm_inittrace_unnamed;

// MARK: privileges

/// No program that is executed from now on gets more rights than this process has.
int kvm_inittrace_refuse_new_privileges(void);

/// Gives up all capabilities but those in `kept`, one bit each, for this thread and those that it will start.
int kvm_inittrace_keep_capabilities(uint64_t kept);

/// Refuses, with EPERM, the system calls that read no trace and write no report: programs, sockets, other processes, modes and owners of
/// files by path, which Landlock does not know, and what only a namespace or a capability would allow.
int kvm_inittrace_refuse_system_calls(void);

// MARK: Landlock (numbers of its own: headers of older distributions lack a part of them)

struct kvm_inittrace_landlock_attributes {
  uint64_t files, network, scopes;
};

/// The version of Landlock that this kernel has; negative: none.
int kvm_inittrace_landlock_version(void);
int kvm_inittrace_landlock_create(const struct kvm_inittrace_landlock_attributes *attributes, size_t size);
int kvm_inittrace_landlock_allow(int ruleset, int parent, uint64_t access);
int kvm_inittrace_landlock_enter(int ruleset);

// MARK: files that get shorter while they are mapped

/// From now on, reading a mapped file behind its end writes `message`, which must stay where it is, and ends with status 65.
int kvm_inittrace_end_on_bus_error(const char *message, size_t length);

/// The unfinished file that goes with the process then; an empty name for none.
void kvm_inittrace_remove_on_bus_error(int directory, const char *name);
#endif
