import CallTrees

/// Stages that show no call: why, as far as the trace tells.
extension StageRules {
  var failedIndex: Int? { failed.flatMap(matcher.plan.place) }

  func rulingWithoutCall(_ match: StageMatch, earlier: [String: StageStatus]) -> Ruling {
    let index = matcher.plan.place(of: match.stage.id) ?? 0
    if match.stage.id == failed { return Ruling(status: .failed, note: "it has no call of its own: told from the calls around it") }
    if let failedIndex, index > failedIndex, !isInFailedCall(match) { return Ruling(status: .notReached) }
    if match.form.visibility == .none { return Ruling(status: .notVisible, note: match.form.note.isEmpty ? nil : match.form.note) }
    let parents = matcher.parentRows(of: match.form)
    guard let parent = match.parentRow ?? parents.first else { return rulingWithoutCaller(match, earlier: earlier) }
    if run.isAtDepthLimit(parent) {
      return Ruling(status: .notTraced, note: "below the depth limit: the recording ends at depth \(run.deepest)")
    }
    if let hidden = hiddenByRecorder(match) { return Ruling(status: .notTraced, note: "the recording leaves out what is below \(hidden)") }
    let call = run.tree.calls[parent]
    if call.flags.contains(.lossInside) || (lossTouches && !isPassed(index)) {
      return Ruling(status: .notTraced, note: "events were lost inside \(run.displayName(parent))")
    }
    if call.flags.contains(.open), !isPassed(index) {
      return Ruling(status: .notTraced, note: "the recording ends inside \(run.displayName(parent))")
    }
    if call.flags.contains(.entryMissing), !isBehindSeen(index, below: parent) {
      return Ruling(status: .notTraced, note: "the recording begins inside \(run.displayName(parent))")
    }
    if let ruling = rulingForHiddenName(match, parent: parent) { return ruling }
    if lossTouches { return Ruling(status: .notTraced, note: "events were lost while the run was on") }
    if run.isFiltered { return Ruling(status: .notTraced, note: "only some functions were traced, and it may not be one of them") }
    if let ruling = rulingForPlace(index) { return ruling }
    switch match.form.presence {
    case .conditional(let condition): return Ruling(status: .skipped, note: condition.isEmpty ? nil : "only if \(condition)")
    case .required:
      return Ruling(status: .missing, note: "no call of \(match.form.shownBy.joined(separator: ", ")) below \(run.displayName(parent))")
    }
  }

  /// What has no call is missing, or was not taken, only where the init is known to have come past its place.
  private func rulingForPlace(_ index: Int) -> Ruling? {
    if outcome.result == .succeeded || isPassed(index) || failedIndex.map({ index < $0 }) ?? false { return nil }
    return failed == nil
      ? Ruling(status: .notTraced, note: "whether the init came so far cannot be told") : Ruling(status: .notReached)
  }

  /// Whether the stage's caller lies in the failing call, of which only the outside is known to have failed.
  private func isInFailedCall(_ match: StageMatch) -> Bool {
    failed.flatMap { matcher.matches[$0]?.rows.last }.map { matcher.hasCaller(match, in: $0) } ?? false
  }

  /// Whether an earlier stage of the same caller was seen: the recording had begun when this one's turn came.
  private func isBehindSeen(_ index: Int, below parent: Int) -> Bool {
    matcher.order[..<index].contains { id in
      matcher.matches[id].map { !$0.rows.isEmpty && $0.parentRow == parent && !$0.elsewhere } ?? false
    }
  }

  /// A marker that the recorder was told to leave out.
  private func hiddenByRecorder(_ match: StageMatch) -> String? {
    guard let names = run.recording.source.recorder?.leftOut else { return nil }
    return match.form.markers.map(\.function).first(where: names.contains)
  }

  /// The function may be one of the unnamed calls of its caller.
  private func rulingForHiddenName(_ match: StageMatch, parent: Int) -> Ruling? {
    guard match.form.markers.contains(where: { $0.module == matcher.vendor.module }) else { return nil }
    let known = Set(matcher.matches.values.flatMap(\.rows))
    let unnamed = run.steps(below: parent).filter { run.name($0) == nil && !known.contains($0) }
    guard !unnamed.isEmpty else { return nil }
    return Ruling(status: .notTraced, note: "calls of \(run.displayName(parent)) without a name: \(unnamed.count); it may be one of them")
  }

  func isPassed(_ index: Int) -> Bool {
    matcher.order[(index + 1)...].contains { matcher.matches[$0].map { !$0.rows.isEmpty } ?? false }
  }

  /// None of the stage's callers is in the run.
  func rulingWithoutCaller(_ match: StageMatch, earlier: [String: StageStatus]) -> Ruling {
    if match.stage.id == "kvm_ko_module_init" { return Ruling(status: .skipped, note: "kvm.ko was loaded before this run") }
    let root = run.displayName(run.candidate.rootRow)
    if let ruling = rulingAtBoot(match, root: root) { return ruling }
    for host in matcher.plan.hosts(of: match.stage.id) {
      guard let status = earlier[host] else { continue }
      switch status {
      case .skipped: return Ruling(status: .skipped, note: "part of \(Catalogue.stage(host)?.title ?? host), which was not taken")
      case .notTraced where run.candidate.initRow == nil: continue
      case .notReached, .notTraced, .missing:
        return Ruling(status: status == .missing ? .notTraced : status, note: "its caller is \(status.rawValue)")
      default: break
      }
    }
    if run.candidate.initRow == nil {
      let isCut = run.tree.calls[run.candidate.rootRow].depth > 0
      return Ruling(
        status: .notTraced,
        note: isCut
          ? "the recording begins inside \(root): what ran before and around it is lost"
          : "outside the traced root \(root); record with the root do_init_module")
    }
    if run.isAtDepthLimit(run.candidate.initRow ?? run.candidate.rootRow) || run.deepest < 6 {
      return Ruling(status: .notTraced, note: "below the depth limit: the recording ends at depth \(run.deepest)")
    }
    if case .conditional(let condition) = match.form.presence { return Ruling(status: .skipped, note: "only if \(condition)") }
    return Ruling(status: .notTraced, note: "its caller \(match.form.parents.first ?? "") is not in the trace")
  }

  /// What stands outside an init that is built in: the initcall around it, and other initcalls.
  private func rulingAtBoot(_ match: StageMatch, root: String) -> Ruling? {
    guard run.isBuiltIn, run.candidate.initRow == run.candidate.rootRow else { return nil }
    if match.stage.id == "module_load" {
      return Ruling(status: .notTraced, note: "KVM is built in: do_one_initcall calls \(root) at boot, outside the traced root")
    }
    guard match.form.parents == ["do_one_initcall"] else { return nil }
    let function = match.form.markers.first?.function ?? "it"
    return Ruling(
      status: .notTraced, note: "an initcall of its own, outside the traced root \(root); add \(function) to ftrace_graph_filter")
  }
}
