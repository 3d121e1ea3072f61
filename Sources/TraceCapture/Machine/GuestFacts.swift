/// Whether the machine is virtual itself.
public struct GuestFacts: Sendable, Hashable {
  /// `/sys/hypervisor/type`, such as `xen`; nil on most hypervisors.
  public var hypervisorType: String?
  /// Maker and name of the machine as its firmware gives them: of DMI, such as `QEMU Standard PC (Q35 + ICH9, 2009)`, else of the device
  /// tree, such as `linux,dummy-virt`. Nil without either.
  public var product: String?
  /// The CPU says that it is virtual, a hypervisor is named, or the machine's name is that of a virtual one.
  public var isGuest: Bool

  public init(_ files: KernelFiles, cpu: CPUFacts) {
    hypervisorType = files.text("/sys/hypervisor/type")
    let names = ["sys_vendor", "product_name"].compactMap { files.text("/sys/class/dmi/id/" + $0) }.filter { !$0.isEmpty }
    product = names.isEmpty ? files.text("/proc/device-tree/model") : names.joined(separator: " ")
    let isNamed = product.map { name in Self.virtualNames.contains { name.contains($0) } } ?? false
    isGuest = cpu.hasHypervisorFlag || hypervisorType != nil || files.exists("/proc/device-tree/hypervisor") || isNamed
  }

  /// arm64 and RISC-V have no flag for it, only names: of QEMU and of those who build on it, of VMware, VirtualBox and Hyper-V.
  private static let virtualNames = ["QEMU", "KVM", "Virtual Machine", "VMware", "VirtualBox", "dummy-virt", "riscv-virtio", "Bochs"]
}
