import CallTrees

/// Whether a set's conditions hold for a run.
enum ExpectationFit {
  case yes
  case no
  /// The trace does not tell: why.
  case untold(String)

  /// Whether both hold.
  func and(_ trace: ExpectationFit) -> ExpectationFit {
    switch (trace, self) {
    case (.no, _), (_, .no): .no
    case (.untold, _): trace
    default: self
    }
  }
}

extension ExpectationSet {
  /// Whether the conditions on the trace hold.
  func fit(path: String, kernel: KernelVersion?) -> ExpectationFit {
    guard traces.fit(path) else { return .no }
    guard !kernels.isEmpty else { return .yes }
    guard let kernel else { return .untold("the trace names no kernel: say which with --kernel") }
    return kernels.contains { $0.holds(for: kernel) } ? .yes : .no
  }

  /// Whether the conditions on the run hold, apart from those on its trace.
  func fit(_ run: Run) -> ExpectationFit {
    guard !modules.isEmpty || !vendors.isEmpty else { return .yes }
    guard let module = run.module, let vendor = run.vendor else {
      return .untold("the trace does not tell which module this is: record with -e module, or say --vendor")
    }
    return (modules.isEmpty || modules.contains(module)) && (vendors.isEmpty || vendors.contains(vendor)) ? .yes : .no
  }
}
