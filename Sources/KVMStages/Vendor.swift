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

  /// As written in a sentence: `Intel`, `AMD`, `arm64`, `riscv`.
  public var title: String {
    switch self {
    case .intel: "Intel"
    case .amd: "AMD"
    case .arm64, .riscv: rawValue
    }
  }
}
