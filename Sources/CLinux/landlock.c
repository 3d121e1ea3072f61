#include "CLinux.h"

#include <sys/syscall.h>
#include <unistd.h>

struct kvm_inittrace_landlock_rule {
  uint64_t access;
  int32_t parent;
} __attribute__((packed));

int kvm_inittrace_landlock_version(void) { return (int)syscall(444, NULL, (size_t)0, 1U); }

int kvm_inittrace_landlock_create(const struct kvm_inittrace_landlock_attributes *attributes, size_t size) {
  return (int)syscall(444, attributes, size, 0U);
}

int kvm_inittrace_landlock_allow(int ruleset, int parent, uint64_t access) {
  struct kvm_inittrace_landlock_rule rule = {access, parent};
  return (int)syscall(445, ruleset, 1, &rule, 0U);
}

int kvm_inittrace_landlock_enter(int ruleset) { return (int)syscall(446, ruleset, 0U); }
