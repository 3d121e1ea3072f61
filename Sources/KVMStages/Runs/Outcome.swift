import CallTrees

/// How a run's init function ended, and what that was told from.
struct Outcome {
  enum Result: Equatable {
    case succeeded
    /// With the return value, where the trace has one.
    case failed(code: Int64?)
    case undetermined
  }

  var result: Result = .undetermined
  var evidence: [Evidence] = []
  /// One sentence per piece of evidence.
  var text: [String] = []
  /// Return value of each row that a return-value record or a probe tells.
  var results: [Int: Int64] = [:]
  /// Kernel-log lines that belong to the run.
  var log: [String] = []

  init(_ run: RunTree, _ surroundings: TaskSurroundings) {
    collectReturnValues(run)
    collectEvents(run, surroundings)
    judgeByLoader(run)
  }

  // MARK: return values

  private mutating func collectReturnValues(_ run: RunTree) {
    for row in run.tree.returnValues.isEmpty ? 0..<0 : run.rows {
      if let value = run.tree.returnValues[UInt32(truncatingIfNeeded: row)] { results[row] = ReturnValue(value).value }
    }
    if let initRow = run.candidate.initRow, let value = results[initRow] { judge(value, by: .returnValue, "the init function returned") }
  }

  private mutating func judge(_ register: Int64, by kind: Evidence, _ subject: String) {
    let value = ReturnValue(register).value
    if ErrnoName.isError(value) {
      if case .failed(let code) = result, code != nil {} else { result = .failed(code: value) }
      text.append("\(subject) \(value)\(ErrnoName.name(value).map { " (\($0))" } ?? "")")
      if !evidence.contains(kind) { evidence.append(kind) }
    } else if result == .undetermined {
      result = .succeeded
      text.append("\(subject) \(value)")
      if !evidence.contains(kind) { evidence.append(kind) }
    }
  }

  // MARK: events

  private mutating func collectEvents(_ run: RunTree, _ surroundings: TaskSurroundings) {
    let root = run.candidate.rootRow
    let end = run.rows.upperBound
    let nextRoot = run.tree.roots.first { $0 >= end } ?? Int.max
    let hasLoader = run.name(root) == "do_init_module"
    var isFirstInitcall = true
    for event in surroundings.events(from: root + 1, through: nextRoot, task: run.candidate.task) {
      let inside = event.row <= end && (event.within.map(run.rows.contains) ?? false)
      let after = event.row >= end && event.within == nil
      switch event.payload {
      case .console(let line) where inside || (after && Self.isKVMLine(line)): log.append(line)
      case .initcallFinish(let function, let value) where inside && isOwnInitcall(function, run):
        judge(value, by: .returnValue, "initcall_finish says")
      case .initcallFinish(let function, let value) where after && isFirstInitcall:
        isFirstInitcall = false
        if endsBuiltIn(function, run) { judge(value, by: .returnValue, "initcall_finish says") }
      case .syscallExit(let name, let value) where after && hasLoader && ["finit_module", "init_module"].contains(name):
        judge(value, by: .syscall, "\(name) returned")
      default: break
      }
    }
    if case .failed = result, !log.isEmpty, !evidence.contains(.kernelLog) { evidence.append(.kernelLog) }
  }

  /// An initcall event inside the run may be that of another function only if addresses say so.
  private func isOwnInitcall(_ function: UInt64?, _ run: RunTree) -> Bool {
    guard let function, let initRow = run.candidate.initRow, let own = run.recording.function(run.tree.calls[initRow].function).address
    else {
      return true
    }
    return own >= function && own - function <= Function.entryReach
  }

  /// Whether the first initcall that ended after the run is the run's: at boot they come one after the other, and the root of the trace
  /// is the init function itself. The kernel's text has no address to tell it by.
  private func endsBuiltIn(_ function: UInt64?, _ run: RunTree) -> Bool {
    guard run.isBuiltIn, run.candidate.initRow == run.candidate.rootRow, run.recording.losses.isEmpty else { return false }
    return isOwnInitcall(function, run)
  }

  static func isKVMLine(_ line: String) -> Bool {
    line.contains("kvm") || line.contains("SVM") || line.contains("VMX") || line.contains("has_svm")
  }

  // MARK: what the loader does next

  /// The loader's calls after the init function tell success from failure on all kernels.
  private mutating func judgeByLoader(_ run: RunTree) {
    guard run.name(run.candidate.rootRow) == "do_init_module", let initcall = initcallRow(of: run) else { return }
    let undoing = run.names.indices(of: ["free_module", "klp_module_going"])
    let going = run.names.indices(of: [
      "mod_tree_remove_init", "module_enable_ro", "module_enable_rodata_ro_after_init", "module_arch_freeing_init",
      "async_synchronize_full",
    ])
    // Of some thousand calls, these few count: by index, no name is compared.
    let after = run.tree.children(of: run.candidate.rootRow).filter { row in
      let index = run.tree.calls[row].function.index
      return row > initcall && (undoing.contains(index) || going.contains(index))
    }
    if let sign = after.first(where: { undoing.contains(run.tree.calls[$0].function.index) }) {
      if result == .undetermined { result = .failed(code: nil) }
      if case .failed = result {
        text.append("the loader took the module down again (\(run.name(sign) ?? ""))")
        if !evidence.contains(.unwind) { evidence.append(.unwind) }
      }
    } else if result == .undetermined, let sign = after.first {
      result = .succeeded
      text.append("the loader went on after the init function (\(run.name(sign) ?? ""))")
    }
  }

  private func initcallRow(of run: RunTree) -> Int? {
    run.candidate.initRow.flatMap { row in
      let parent = Int(run.tree.calls[row].parent)
      return parent >= 0 ? parent : nil
    }
  }
}
