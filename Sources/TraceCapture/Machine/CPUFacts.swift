import KVMStages

/// What the processors are, from `/proc/cpuinfo` and `/sys/devices/system/cpu`.
public struct CPUFacts: Sendable, Hashable {
  /// As the CPU spells it, such as `GenuineIntel`; `CPU implementer` on arm64; empty where nothing says it.
  public var vendorName = ""
  /// The name of the first CPU; where there is none (arm64), its implementer and part.
  public var modelName = ""
  /// Revision of the microcode as the kernel prints it, such as `0x2b0005c0`; nil where it tells none.
  public var microcode: String?
  /// VT-x. Since 5.6 the kernel clears the flag when the firmware has switched VT-x off (`init_ia32_feat_ctl`).
  public var hasVMX = false
  /// AMD-V. Since 6.7 the kernel clears the flag when the firmware has switched it off (`init_amd` and `init_hygon`).
  public var hasSVM = false
  /// The CPU says that it is virtual.
  public var hasHypervisorFlag = false
  /// The hypervisor extension of RISC-V: an `h` among the single letters of the ISA string.
  public var hasRISCVHypervisor = false
  /// CPUs online, at least 1.
  public var online = 1
  /// The number behind the highest CPU that can ever come, which is the width of the kernel's masks; nil when it is not told.
  public var possible: Int?
  /// The implementation of KVM that this CPU needs, or nil where KVM is not known to run.
  public var vendor: Vendor?

  /// - Parameter machine: what `uname -m` prints.
  public init(_ files: KernelFiles, machine: String) {
    let (fields, processors) = Self.fields(of: files.text("/proc/cpuinfo", limit: 64 << 20) ?? "")
    vendorName = fields["vendor_id"] ?? fields["CPU implementer"] ?? fields["mvendorid"] ?? ""
    modelName = fields["model name"] ?? Self.partName(fields)
    microcode = fields["microcode"]
    let flags = Set((fields["flags"] ?? "").split(separator: " "))
    hasVMX = flags.contains("vmx")
    hasSVM = flags.contains("svm")
    hasHypervisorFlag = flags.contains("hypervisor")
    hasRISCVHypervisor = Self.hasH(isa: fields["isa"] ?? "")
    let listed = files.text("/sys/devices/system/cpu/online").map(CPUList.init)?.count ?? 0
    online = listed > 0 ? listed : max(1, processors)
    let end = files.text("/sys/devices/system/cpu/possible").map(CPUList.init)?.end ?? 0
    possible = end > 0 ? end : nil
    vendor = vendor(machine: machine)
  }

  /// Whether the CPU shows what the vendor's module needs; nil on arm64, where only the kernel knows (it must have started at EL2).
  public var hasVirtualization: Bool? {
    switch vendor {
    case .intel: hasVMX
    case .amd: hasSVM
    case .riscv: hasRISCVHypervisor
    case .arm64, nil: nil
    }
  }

  /// The fields of the first CPU, and the number of CPUs.
  private static func fields(of text: String) -> (fields: [String: String], processors: Int) {
    var fields: [String: String] = [:]
    var count = 0
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].trimmed
      if key == "processor" { count += 1 }
      if fields[key] == nil { fields[key] = line[line.index(after: colon)...].trimmed }
    }
    return (fields, count)
  }

  private static func partName(_ fields: [String: String]) -> String {
    if let part = fields["CPU part"] { return "implementer \(fields["CPU implementer"] ?? "?"), part \(part)" }
    return fields["uarch"] ?? ""
  }

  /// `rv64imafdch_zicbom_…`: extensions of one letter come first.
  private static func hasH(isa: String) -> Bool {
    guard isa.hasPrefix("rv64") else { return false }
    return isa.dropFirst(4).prefix { $0 != "_" }.contains("h")
  }

  /// The modules look at the feature alone (arch/x86/kvm/vmx/vmx.c and svm/svm.c), so an unknown maker's CPU is told by its flags.
  private func vendor(machine: String) -> Vendor? {
    switch machine {
    case "x86_64":
      switch vendorName {
      case "GenuineIntel", "CentaurHauls", "Shanghai": .intel
      case "AuthenticAMD", "HygonGenuine": .amd
      default: hasVMX ? .intel : hasSVM ? .amd : nil
      }
    case "aarch64": .arm64
    case "riscv64": .riscv
    default: nil
    }
  }
}
