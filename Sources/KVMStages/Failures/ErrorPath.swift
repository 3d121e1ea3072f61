import CallTrees

/// What a function calls after a step in it failed: the calls that undo the steps before.
struct ErrorPath {
  /// Rows from the first call after the last step to the end of the function.
  let rows: [Int]
  /// The last call before them: that of the last step, or of another function of KVM.
  let last: Int?
  /// Names of those that undo something, in order; nil is a function without a name, which may be one of the vendor module's.
  let names: [String?]
  /// The first call that is known to undo something.
  let first: Int?

  /// - Parameters:
  ///   - parent: the function's call, and `steps` its direct calls.
  ///   - isStep: whether a call shows a stage.
  init(_ run: RunTree, below parent: Int, steps: [Int], isStep: (Int) -> Bool) {
    // The kernel may be another than it seems, when the trace does not name it.
    let callees = run.name(parent).flatMap { Catalogue.stepCallees[$0] } ?? []
    let end = steps.indices.last { index in
      let row = steps[index]
      if Self.isStepOfErrorPath(index, of: steps, in: run) { return false }
      if isStep(row) { return true }
      guard let name = run.name(row) else { return false }
      if callees.contains(name) { return true }
      return !Self.isUndo(name) && !Self.isAside(row, name, in: run)
    }
    last = end.map { steps[$0] }
    rows = Array(steps[(end.map { $0 + 1 } ?? 0)...])
    names = rows.filter { row in run.name(row).map { !Self.isAside(row, $0, in: run) } ?? true }.map(run.name)
    first = rows.first { run.name($0).map(Self.isUndo) ?? false }
  }

  /// A function of the kernel itself that no step is known by: locks, the log, a warning, a probe's handler, plain frees.
  static func isAside(_ row: Int, _ name: String, in run: RunTree) -> Bool {
    if isUndo(name) { return false }
    return !(run.names.module(run.tree.calls[row].function).map(NameChecks.kvmModules.contains) ?? false)
  }

  /// A step that the caller takes after a failure, too: an undoing call comes right before it.
  private static func isStepOfErrorPath(_ index: Int, of steps: [Int], in run: RunTree) -> Bool {
    guard index > 0, let name = run.name(steps[index]), Catalogue.stepsOfErrorPaths.contains(name) else { return false }
    return run.name(steps[index - 1]).map(isUndo) ?? false
  }

  static func isUndo(_ name: String) -> Bool { Catalogue.undoes[name] != nil }

  /// Whether the calls are those that the catalogue lists after a failure.
  ///
  /// - Parameter unwind: as in `FailureFacts.unwind`: `[kfree]` may be there, `kvm_irqfd_exit` must.
  func fits(_ unwind: [String]) -> Bool {
    var left = names[...]
    var isCalled = false
    for item in unwind {
      let isOptional = item.hasPrefix("[")
      let function = Catalogue.unwindFunction(item)
      if Catalogue.plainUndo.contains(function) { continue }
      guard let next = left.first, Self.isSame(next, function) else {
        if isOptional { continue }
        return false
      }
      isCalled = isCalled || next != nil
      left.removeFirst()
    }
    return isCalled && left.isEmpty
  }

  /// A function without a name can only be one of the module that is gone.
  private static func isSame(_ name: String?, _ wanted: String) -> Bool {
    guard let name else { return Catalogue.undoes[wanted]?.contains("vendor_hardware_setup") ?? false }
    return Catalogue.sameStep(name, wanted)
  }
}
