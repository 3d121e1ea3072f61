import CallTrees

/// The trusted base names of a recording's functions, prepared once: the analysis asks for them row by row.
struct FunctionNames {
  /// By function index: the name without compiler suffixes (`.isra.0`, `.constprop.0`), nil when there is none to be trusted.
  private let names: [String?]
  private let modules: [String?]
  /// The indices of each name: several addresses can have the same.
  private let indices: [String: [Int]]

  init(_ recording: Recording) {
    // The text of `trace-cmd report` names any address by the nearest lower symbol, and one below the module area stands for all
    // functions of a module that is gone.
    let untrusted: Set<String> = ["ftrace_trampoline", "init_module", "cleanup_module"]
    names = recording.functions.map { function in
      guard let name = function.trustedName, !untrusted.contains(name) else { return nil }
      return FunctionNames.base(of: name)
    }
    var indices: [String: [Int]] = [:]
    indices.reserveCapacity(names.count)
    for (index, name) in names.enumerated() {
      if let name { indices[name, default: []].append(index) }
    }
    self.indices = indices
    modules = recording.functions.map(\.module)
  }

  /// `kvm_get_feature_msr` for `kvm_get_feature_msr.constprop.0`.
  static func base(of name: String) -> String {
    guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")), dot != name.utf8.startIndex else { return name }
    return String(name.utf8[..<dot]) ?? name
  }

  subscript(_ id: FunctionID) -> String? { Int(id.index) < names.count ? names[Int(id.index)] : nil }

  func module(_ id: FunctionID) -> String? { Int(id.index) < modules.count ? modules[Int(id.index)] : nil }

  /// Indices of the functions whose name is in `wanted`.
  func indices(of wanted: Set<String>) -> FunctionSet {
    var found = FunctionSet()
    forEachIndex(of: wanted) { found.insert(UInt32(truncatingIfNeeded: $0)) }
    return found
  }

  /// Indices of the functions of which `isWanted` is true.
  func indices(where isWanted: (FunctionID) -> Bool) -> FunctionSet {
    var found = FunctionSet()
    for index in 0..<UInt32(truncatingIfNeeded: names.count) where isWanted(FunctionID(index: index)) { found.insert(index) }
    return found
  }

  /// Indices of the functions whose name is in `wanted`, in no order.
  func forEachIndex(of wanted: Set<String>, _ body: (Int) -> Void) {
    for name in wanted {
      for index in indices[name] ?? [] { body(index) }
    }
  }
}
