import CallTrees

/// How an init ended, told from its calls alone: without the loader around it, without results and events.
///
/// A call that is not there says something only where it would have been recorded: not before the recording began, not below a depth limit,
/// and not where only some functions were traced.
struct ShapeRules {
  private let matcher: StageMatcher
  private let lossTouches: Bool
  private let root: Int
  private var run: RunTree { matcher.run }

  init(_ matcher: StageMatcher, lossTouches: Bool) {
    self.matcher = matcher
    self.lossTouches = lossTouches
    root = matcher.run.candidate.initRow ?? matcher.run.candidate.rootRow
  }

  /// The init is through when its last required step has run and nothing was undone.
  func judge(_ outcome: inout Outcome) {
    let call = run.tree.calls[root]
    guard call.measuredDuration != nil || call.flags.contains(.durationUnknown),
      call.flags.isDisjoint(with: [.open, .entryMissing]), !lossTouches
    else { return }
    guard call.depth == 0 || run.candidate.initRow != nil, !run.isAtDepthLimit(root), let last = required.last(where: isInWindow) else {
      return
    }
    if isUndone || (last.rows.isEmpty && wouldBeSeen(last)) {
      outcome.result = .failed(code: nil)
      outcome.evidence.append(.unwind)
      outcome.text.append("\(run.displayName(root)) returned before \(last.stage.title)")
    } else if !last.rows.isEmpty, laterStage == nil {
      outcome.result = .succeeded
      outcome.text.append("its last step, \(last.stage.title), ran, and nothing was undone")
    }
  }

  /// A required step that comes after all that the traced root can show; nil: the root shows the init to its end.
  var laterStage: Stage? {
    guard run.candidate.initRow == nil, let last = required.lastIndex(where: isInWindow) else { return nil }
    return required[(last + 1)...].first?.stage
  }

  /// Steps that every init shows as calls, in order.
  private var required: [StageMatch] {
    matcher.order.compactMap { matcher.matches[$0] }.filter { $0.form.presence.isRequired && $0.form.isSeen }
  }

  private func isInWindow(_ match: StageMatch) -> Bool { !match.rows.isEmpty || !matcher.parentRows(of: match.form).isEmpty }

  /// Whether a call of the step would be in the trace if it had been made.
  private func wouldBeSeen(_ match: StageMatch) -> Bool {
    !run.isFiltered && !matcher.parentRows(of: match.form).contains { run.isAtDepthLimit($0) }
  }

  private var isUndone: Bool {
    let depth = Int(run.tree.calls[root].depth) + 2
    return run.rows.contains { row in
      run.name(row).flatMap { Catalogue.undoes[$0]?.count } == 1 && Int(run.tree.calls[row].depth) <= depth
    }
  }
}
