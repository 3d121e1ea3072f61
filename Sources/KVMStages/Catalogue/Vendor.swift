/// Who provides the hardware virtualization: each has its own init path.
public enum Vendor: String, CaseIterable, Sendable, Hashable {
  case intel, amd, arm64, riscv

  /// The module whose init is the run (`kvm_intel`, `kvm_amd`; `kvm` on the others).
  public var module: String {
    switch self {
    case .intel: "kvm_intel"
    case .amd: "kvm_amd"
    case .arm64, .riscv: "kvm"
    }
  }

  /// The module's init function, outermost first (4.19 to 7.3; `vt_init` wraps `vmx_init` since 6.16).
  var initFunctions: [String] {
    switch self {
    case .intel: ["vt_init", "vmx_init"]
    case .amd: ["svm_init"]
    case .arm64: ["kvm_arm_init", "arm_init"]
    case .riscv: ["riscv_kvm_init"]
    }
  }

  /// Those of all vendors.
  static let allInitFunctions = Set(allCases.flatMap(\.initFunctions))

  /// As written in a sentence: `Intel`, `AMD`, `arm64`, `riscv`.
  public var title: String {
    switch self {
    case .intel: "Intel"
    case .amd: "AMD"
    case .arm64, .riscv: rawValue
    }
  }
}
