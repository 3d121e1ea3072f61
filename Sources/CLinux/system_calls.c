#include "CLinux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define KVM_INITTRACE_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define KVM_INITTRACE_AUDIT_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define KVM_INITTRACE_AUDIT_ARCH AUDIT_ARCH_RISCV64
#endif

int kvm_inittrace_refuse_system_calls(void) {
#ifdef KVM_INITTRACE_AUDIT_ARCH
  static const uint32_t refused[] = {
      SYS_execve, SYS_execveat, SYS_socket, SYS_socketpair, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
      SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr,
      SYS_fremovexattr, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_bpf, SYS_perf_event_open,
      SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load,
      SYS_reboot, SYS_swapon, SYS_swapoff, SYS_open_by_handle_at, SYS_personality, SYS_syslog,
#ifdef SYS_chmod
      SYS_chmod, SYS_chown, SYS_lchown,
#endif
      425 /* io_uring_setup */, 438 /* pidfd_getfd */, 428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */, 442 /* mount_setattr */,
      452 /* fchmodat2 */, 463 /* setxattrat */, 466 /* removexattrat */,
  };
  enum { count = sizeof refused / sizeof *refused, size = count + 6 };
  struct sock_filter code[size] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, KVM_INITTRACE_AUDIT_ARCH, 0, size - 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      // x32 has numbers of its own on x86-64; no other machine has so many.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, size - 5, 0),
  };
  // Each jumps to the last statement.
  for (unsigned int place = 0; place < count; place++)
    code[place + 4] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[place], count - place, 0);
  code[size - 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  code[size - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  struct sock_fprog program = {size, code};
  // SPEC_ALLOW: before 5.16 a filter would switch the CPU's speculation off, and make the reader slower.
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 4UL, &program) == 0) return 0;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0UL, &program);
#else
  errno = ENOSYS;
  return -1;
#endif
}
