import CallTrees

/// Which functions of a recording are KVM's own: what a comparison of two inits is about.
struct KVMFunctions {
  /// Whether the trace names the modules of functions. Text of `trace-cmd report` does not: then names alone tell.
  let knowsModules: Bool
  private let own: [Bool]

  init(_ recording: Recording, names: FunctionNames) {
    let knowsModules = recording.functions.contains { $0.module.map(Self.isModule) ?? false }
    self.knowsModules = knowsModules
    own = recording.functions.indices.map { index in
      let id = FunctionID(index: UInt32(truncatingIfNeeded: index))
      guard let name = names[id] else { return false }
      return knowsModules ? names.module(id).map(Self.isModule) ?? false : Self.looksOwn(name)
    }
  }

  func contains(_ id: FunctionID) -> Bool { Int(id.index) < own.count && own[Int(id.index)] }

  private static func isModule(_ name: String) -> Bool { name == "kvm" || name.hasPrefix("kvm_") || name.hasPrefix("kvm-") }

  private static func looksOwn(_ name: String) -> Bool {
    known.contains(name) || prefixes.contains { name.hasPrefix($0) }
  }

  private static let prefixes: [String] = [
    "kvm_", "__kvm_", "vmx_", "svm_", "sev_", "nested_vmx_", "nested_svm_", "avic_", "vmcs_", "__vmx_", "vt_", "tdx_",
  ]

  /// Functions that the catalogue places in a module.
  private static let known: Set<String> = Set(
    Catalogue.markers.filter { $0.module != nil }.map(\.function))
}
