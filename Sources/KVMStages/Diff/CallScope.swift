/// Which calls of an init are compared.
public enum CallScope: String, CaseIterable, Sendable, Hashable {
  /// KVM's own functions, and the kernel's functions that they call directly. How the kernel does its part below these is its own matter: it
  /// depends on how full a slab or a hash table happens to be, and differs from kernel to kernel.
  case kvm
  /// Every call that is no interrupt, lock, allocation or the like. Two loads of one kernel may differ in these.
  case all
}
