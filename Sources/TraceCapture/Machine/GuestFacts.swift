/// Whether the machine is virtual itself.
public struct GuestFacts: Sendable, Hashable {
  /// `/sys/hypervisor/type`, such as `xen`; nil on most hypervisors.
  public var hypervisorType: String?
  /// Maker and name of the machine as its firmware gives them (DMI), such as `QEMU Standard PC (Q35 + ICH9, 2009)`; nil without DMI.
  public var product: String?
  /// The CPU says that it is virtual, or a hypervisor is named.
  public var isGuest: Bool

  public init(_ files: KernelFiles, cpu: CPUFacts) {
    hypervisorType = files.text("/sys/hypervisor/type")
    let names = ["sys_vendor", "product_name"].compactMap { files.text("/sys/class/dmi/id/" + $0) }.filter { !$0.isEmpty }
    product = names.isEmpty ? nil : names.joined(separator: " ")
    isGuest = cpu.hasHypervisorFlag || hypervisorType != nil
  }
}
