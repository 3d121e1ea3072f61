import Glibc

/// The device through which programs use KVM.
public struct KVMDevice: Sendable, Hashable {
  /// `/dev/kvm` is there. udev makes it at boot already, before any module is loaded.
  public var exists: Bool
  /// KVM is initialised and has registered the device (`/proc/misc`).
  public var isRegistered: Bool
  /// Why this process cannot open it: an `errno`; 0 when it can, nil when that was not tried.
  ///
  /// Only a registered device is opened: else the kernel would load the module.
  public var openError: Int32?

  public init(_ files: KernelFiles) {
    exists = files.exists("/dev/kvm")
    isRegistered = (files.lines("/proc/misc") ?? []).contains { $0.split(separator: " ").last == "kvm" }
    openError = exists && isRegistered ? files.openError("/dev/kvm", O_RDWR) : nil
  }
}
