import CallTrees

/// Finds the step at which a failed run ended.
///
/// The kernel undoes completed steps in reverse order: the first undoing call tells how far the init got, and the last step before
/// it is the one that failed. Nothing is named on the last step alone: a caller can fail in its own code, too.
struct FailureFinder {
  /// A step that failed: its stage, and the calls from the root to it.
  struct Found {
    var stage: Stage
    /// Row of the failing function's call; for a step without a call of its own, that of its caller.
    var row: Int
    var evidence: Set<Evidence> = []
    var text: [String] = []
    /// Whether a return value names the step.
    var measured = false
  }

  /// A stage found below a caller, with its last call there.
  typealias Step = (match: StageMatch, row: Int)

  let matcher: StageMatcher
  private let results: [Int: Int64]
  private let log: [String]
  var run: RunTree { matcher.run }

  init(_ matcher: StageMatcher, outcome: Outcome) {
    self.matcher = matcher
    results = outcome.results
    log = outcome.log
  }

  /// The failing step, as deep as the calls tell it.
  func find() -> Found? {
    let outermost = run.candidate.initRow == nil ? stage(of: run.candidate.rootRow) ?? "kvm_init" : "vendor_entry"
    guard let entry = Catalogue.stage(outermost) else { return nil }
    var found = Found(stage: entry, row: run.candidate.initRow ?? run.candidate.rootRow)
    var row = found.row
    while let next = failingStep(below: row) {
      found = Found(
        stage: next.stage, row: next.row, evidence: found.evidence.union(next.evidence), text: found.text + next.text,
        measured: next.measured)
      if next.row <= row { return found }
      row = next.row
    }
    if let limit = limit(below: row) { found.text.append(limit) }
    return CPURefusal(run, results: results).refine(innermost(found), matcher: matcher)
  }

  /// Follows the error down: the last call inside the failing step that returned the same value made it.
  private func innermost(_ found: Found) -> Found {
    guard !isContainer(found.row), let value = results[found.row] ?? run.candidate.initRow.flatMap({ results[$0] }),
      ErrnoName.isError(value),
      let row = run.tree.subtree(of: found.row).dropFirst().last(where: { results[$0] == value })
    else { return found }
    var inner = found
    inner.row = row
    inner.measured = true
    inner.evidence.insert(.returnValue)
    inner.text.append("\(run.displayName(row)) returned \(value)")
    return inner
  }

  /// Why the step below `row` cannot be told, where there are steps.
  private func limit(below row: Int) -> String? {
    let name = run.displayName(row)
    if run.tree.calls[row].flags.contains(.lossInside) { return "events were lost inside \(name): the step in it cannot be told" }
    guard isContainer(row) else { return nil }
    if run.isAtDepthLimit(row) { return "the recording ends at depth \(run.deepest): the step inside \(name) cannot be told" }
    guard let last = lastStep(below: row, before: .max) else { return nil }
    let nameless = run.steps(below: row).count { $0 > last.row && run.name($0) == nil }
    if nameless > 0 {
      let calls = nameless == 1 ? "a call without a name came" : "\(nameless) calls without a name came"
      return "\(calls) after the last known step of \(name), \(last.match.stage.title): what failed among them cannot be told"
    }
    guard canFail(last.match, at: last.row) else { return nil }
    return "its last step, \(last.match.stage.title), is not known to have failed: it may be that step or \(name)'s own code"
  }

  /// The step below the call at `parent` that failed, or nil when it cannot be told deeper than `parent`.
  private func failingStep(below parent: Int) -> Found? {
    if run.tree.calls[parent].flags.contains(.lossInside) { return nil }
    let steps = run.steps(below: parent)
    let path = ErrorPath(run, below: parent, steps: steps) { stage(of: $0) != nil }
    if let measured = measuredStep(steps) { return measured }
    guard let last = lastStep(below: parent, before: path.rows.first ?? .max) else {
      return innerWrapper(below: parent, steps: steps) ?? firstStep(below: parent)
    }
    if let inner = innerWrapper(below: parent, steps: steps), inner.row > last.row { return inner }
    if let answer = results[last.row], let found = answered(answer, by: last) { return found }
    // Other calls came after it: the caller went on.
    guard path.last == last.row else { return nil }
    let succeeded = results[last.row] == 0 && !isYesOrNo(last.row)
    return path.first == nil && !path.fits(last.match.form.failure.unwind)
      ? withoutUndo(last, path, below: parent, succeeded: succeeded) : withUndo(last, path, below: parent, succeeded: succeeded)
  }

  // MARK: return values

  /// The last step that returned an error, if none came after it.
  private func measuredStep(_ steps: [Int]) -> Found? {
    guard let row = steps.last(where: { stage(of: $0) != nil }), let id = stage(of: row), let match = matcher.matches[id],
      canFail(match, at: row), let value = results[row], ErrnoName.isError(value)
    else { return nil }
    return Found(
      stage: match.stage, row: row, evidence: [.returnValue], text: ["\(run.displayName(row)) returned \(value)"], measured: true)
  }

  /// Checks that answer 1 for "supported": 0 is their failure.
  private static let supportChecks: Set<String> = [
    "__kvm_is_vmx_supported", "__kvm_is_svm_supported", "kvm_is_vmx_supported", "kvm_is_svm_supported", "cpu_has_kvm_support", "has_svm",
  ]
  /// Checks that answer 1 for "switched off".
  private static let disabledChecks: Set<String> = ["vmx_disabled_by_bios", "is_disabled"]

  private func isYesOrNo(_ row: Int) -> Bool {
    let name = run.name(row) ?? ""
    return Self.supportChecks.contains(name) || Self.disabledChecks.contains(name)
  }

  /// A check whose answer is in the trace.
  private func answered(_ answer: Int64, by last: Step) -> Found? {
    let name = run.name(last.row) ?? ""
    let refused = Self.supportChecks.contains(name) ? answer & 0xff == 0 : Self.disabledChecks.contains(name) && answer & 0xff != 0
    guard refused else { return nil }
    let text = ["\(name) answered \(answer & 0xff)"]
    return Found(stage: last.match.stage, row: last.row, evidence: [.returnValue], text: text, measured: true)
  }

  // MARK: without an undoing call

  /// Nothing was undone: the last step is the one that failed, if a step that must follow it never came.
  private func withoutUndo(_ last: Step, _ path: ErrorPath, below parent: Int, succeeded: Bool) -> Found? {
    let invisible = invisibleSteps(after: last, below: parent)
    if succeeded { return only(invisible, below: parent, text: "\(run.displayName(last.row)) had returned 0") }
    guard canFail(last.match, at: last.row), invisible.isEmpty, path.names.isEmpty else { return nil }
    let never = stages(after: last.match.stage.id, below: parent).first { $0.rows.isEmpty && $0.form.presence.isRequired && $0.form.isSeen }
    if isContainer(last.row), never != nil || isAlone(last, below: parent) {
      return Found(stage: last.match.stage, row: last.row, evidence: [.unwind])
    }
    guard let never else { return nil }
    return Found(
      stage: last.match.stage, row: callRow(last, parent: parent), evidence: [.unwind],
      text: ["the step after it, \(never.stage.title), never came"])
  }

  /// Whether nothing that can fail comes after the step: its caller returns what it returns.
  private func isAlone(_ last: Step, below parent: Int) -> Bool {
    stages(after: last.match.stage.id, below: parent).allSatisfy { later in
      later.form.failure.returns.isEmpty && !later.form.markers.contains { Catalogue.callers.contains($0.function) }
    }
  }

  // MARK: with undoing calls

  /// Checks the last step against what the caller undoes after it.
  private func withUndo(_ last: Step, _ path: ErrorPath, below parent: Int, succeeded: Bool) -> Found? {
    let first = path.first.map(run.displayName) ?? "a function without a name"
    let text = "\(run.displayName(parent)) then called \(first), which undoes earlier steps"
    let invisible = invisibleSteps(after: last, below: parent)
    let undone = undoneStage(by: path, upTo: last, below: parent)
    let fits = path.fits(last.match.form.failure.unwind)
    if succeeded || (undone == last.match.stage.id && !fits) { return only(invisible, below: parent, text: text) }
    guard canFail(last.match, at: last.row), invisible.isEmpty || fits else { return nil }
    // A function without a name in front may be a later step.
    guard fits || (path.names.first != .some(nil) && undone != nil) else { return nil }
    return Found(stage: last.match.stage, row: callRow(last, parent: parent), evidence: [.unwind], text: [text])
  }

  /// The latest of the steps up to `last` that the first undoing call can undo.
  private func undoneStage(by path: ErrorPath, upTo last: Step, below parent: Int) -> String? {
    guard let name = path.first.flatMap(run.name), let stages = Catalogue.undoes[name],
      let end = matcher.plan.place(of: last.match.stage.id)
    else { return nil }
    return matcher.order[...end].last { id in
      guard stages.contains(id), let match = matcher.matches[id] else { return false }
      return !match.rows.isEmpty && match.parentRow == parent
    }
  }

  // MARK: steps of a caller

  /// Id of the first stage that the call at `row` shows.
  private func stage(of row: Int) -> String? { matcher.order.first { matcher.matches[$0]?.rows.contains(row) ?? false } }

  /// The stage below `parent` whose calls end last before row `end`.
  private func lastStep(below parent: Int, before end: Int) -> Step? {
    matcher.order.compactMap { matcher.matches[$0] }
      .filter { $0.parentRow == parent && !$0.elsewhere }
      .compactMap { match in match.rows.last(where: { $0 < end }).map { (match, $0) } }
      .max { $0.1 < $1.1 }
  }

  /// The stages that follow `id` below the same caller.
  private func stages(after id: String, below parent: Int) -> [StageMatch] {
    matcher.stages(after: id).filter { matcher.parentRows(of: $0.form).contains(parent) }
  }

  /// Steps that can fail and show no call, between `last` and the next step that would.
  private func invisibleSteps(after last: Step, below parent: Int) -> [StageMatch] {
    stages(after: last.match.stage.id, below: parent).prefix { !$0.form.isSeen || !$0.form.presence.isRequired }
      .filter { !$0.form.isSeen && !$0.form.failure.returns.isEmpty }
  }

  private func only(_ invisible: [StageMatch], below parent: Int, text: String) -> Found? {
    guard invisible.count == 1, let step = invisible.first else { return nil }
    return Found(stage: step.stage, row: parent, evidence: [.unwind], text: [text])
  }

  private func isContainer(_ row: Int) -> Bool { Catalogue.callers.contains(run.name(row) ?? "") }

  private func canFail(_ match: StageMatch, at row: Int) -> Bool {
    !match.form.failure.returns.isEmpty || !match.form.failure.unwind.isEmpty || isContainer(row)
  }

  /// A step without a call of its own is straight code of its caller.
  private func callRow(_ last: Step, parent: Int) -> Int { last.match.untimed ? parent : last.row }

  /// The caller returned before any step's call: its first step begins with code of the caller itself, and ended there.
  private func firstStep(below parent: Int) -> Found? {
    guard let stage = EarlyCheck.stage(endedIn: parent, log: log, matcher) else { return nil }
    let text = "\(run.displayName(parent)) returned before its first step"
    return Found(stage: stage, row: parent, evidence: [.unwind], text: [text])
  }

  /// `vmx_init` below `vt_init` is part of the same stage: go on inside it.
  private func innerWrapper(below parent: Int, steps: [Int]) -> Found? {
    guard run.name(parent) == "vt_init", let inner = steps.last(where: { run.name($0) == "vmx_init" }),
      let stage = Catalogue.stage("vendor_entry")
    else { return nil }
    return Found(stage: stage, row: inner)
  }
}
