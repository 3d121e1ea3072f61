import CallTrees

/// Decides a run's verdict. What cannot be told is `incomplete`, never a guess.
struct VerdictRules {
  let run: RunTree
  let outcome: Outcome
  let stages: [StageResult]
  let failure: Failure?
  let lossTouches: Bool
  let damage: [Damage]
  let shape: ShapeRules

  /// The verdict, and the sentence that explains it.
  var verdict: (Verdict, String) {
    let told = verdictOfCalls
    if let first = damage.first, told.0 != .incomplete {
      return (.incomplete, "the file is damaged (\(first.message)); what could be read says: \(told.1)")
    }
    return told
  }

  private var verdictOfCalls: (Verdict, String) {
    switch outcome.result {
    case .failed:
      guard let failure else { return (.incomplete, "the init failed, but the calls do not tell where") }
      let loss = lossTouches ? "; events were lost during the run, the step may lie deeper" : ""
      return (.failed, "failed at \(failure.stage.fullTitle)\(failure.errno.map { " with \($0)" } ?? "")\(loss)")
    case .succeeded: return verdictOfSuccess
    case .undetermined: return (.incomplete, undeterminedReason)
    }
  }

  private var verdictOfSuccess: (Verdict, String) {
    let missing = stages.filter { $0.status == .missing }
    if lossTouches {
      let unseen = stages.filter { $0.status == .notTraced }.count
      if unseen > 0 { return (.incomplete, "the init succeeded, but events were lost: \(unseen) stages cannot be told") }
    }
    if !missing.isEmpty {
      return (
        .ok,
        "the init succeeded, but \(missing.count) required \(missing.count == 1 ? "stage has" : "stages have") no call: "
          + missing.map(\.stage.title).joined(separator: ", ")
      )
    }
    return (.ok, outcome.text.first.map { "the init succeeded: \($0)" } ?? "the init succeeded")
  }

  private var undeterminedReason: String {
    let root = run.tree.calls[run.candidate.rootRow]
    let name = run.displayName(run.candidate.rootRow)
    if lossTouches {
      return "events were lost while the run was on: whether the init succeeded cannot be told; record with a larger buffer (-b)"
    }
    if root.flags.contains(.open) { return "the recording ends before \(name) returned" }
    if run.isFiltered {
      return "only some functions were traced (set_ftrace_filter): whether the init succeeded cannot be told; record without a filter, or "
        + "with the events of modules and system calls"
    }
    if run.isAtDepthLimit(run.candidate.initRow ?? run.candidate.rootRow) || run.deepest < 6 {
      return "the recording ends at depth \(run.deepest): the steps below it cannot be told; record without a depth limit"
    }
    let row = run.candidate.initRow ?? run.candidate.rootRow
    if run.tree.calls[row].flags.contains(.entryMissing) {
      return
        "only the return of \(run.displayName(row)) is recorded: the recording begins inside it (record with a larger buffer), or leaves "
        + "out short calls (tracing_thresh)"
    }
    if root.depth != 0 { return "the recording begins inside the init: the callers of \(name) are not in it" }
    if let laterStage = shape.laterStage {
      return "the traced root is \(name), after which the init goes on (\(laterStage.title)): record with the root do_init_module"
    }
    return "nothing in the trace tells whether the init succeeded"
  }
}
