import KVMStages

/// The calls that differ as a tree, with the signs of a text diff.
struct DiffCalls {
  /// A line of the tree.
  struct Line {
    var change: CallChange
    var sign: String
    var text: String
    var detail: String
  }

  let lines: [Line]

  /// - Parameters:
  ///   - maxDepth: levels that are shown.
  ///   - verbose: what is below an added or removed call is shown too.
  init(_ calls: CallDiff, wording: DiffWording, maxDepth: Int?, verbose: Bool) {
    lines = CallLinesOfDiff(calls, glyphs: wording.glyphs, maxDepth: maxDepth ?? .max, verbose: verbose).lines
  }

  func write(to page: inout Page) {
    guard !lines.isEmpty else { return }
    page.blank()
    page.line(("  calls that differ", .faint))
    for line in lines {
      let style = Self.style(line.change.kind)
      page.line(
        [
          ("  \(line.sign) ", style), (Columns.spaces(2 * min(line.change.level, 20)), .plain),
          (page.safe(line.text), line.change.isDifference ? style : .plain),
          (line.detail.isEmpty ? "" : "  " + page.safe(line.detail), .faint),
        ], flexible: 2)
    }
  }

  static func style(_ kind: CallChange.Kind) -> Style {
    switch kind {
    case .added: .good
    case .removed: .bad
    case .count, .moved: .warning
    case .context, .inlined: .plain
    }
  }
}

/// Lays the changes out as lines.
private struct CallLinesOfDiff {
  private let calls: CallDiff
  private let glyphs: Glyphs
  private let maxDepth: Int
  private let verbose: Bool
  private(set) var lines: [DiffCalls.Line] = []

  init(_ calls: CallDiff, glyphs: Glyphs, maxDepth: Int, verbose: Bool) {
    (self.calls, self.glyphs, self.maxDepth, self.verbose) = (calls, glyphs, maxDepth, verbose)
    if !calls.changes.isEmpty { add(0) }
  }

  private mutating func add(_ place: Int) {
    let change = calls.changes[place]
    guard change.level <= maxDepth else { return }
    lines.append(DiffCalls.Line(change: change, sign: sign(change.kind), text: name(change), detail: detail(change)))
    for child in change.children where verbose || shows(child, below: change) { add(child) }
  }

  /// Below a call that is new or gone, only what came from elsewhere says more.
  private func shows(_ child: Int, below change: CallChange) -> Bool {
    guard change.kind == .added || change.kind == .removed else { return true }
    let child = calls.changes[child]
    return child.kind != change.kind || child.children.contains { shows($0, below: child) }
  }

  private func sign(_ kind: CallChange.Kind) -> String {
    switch kind {
    case .context: " "
    case .added: "+"
    case .removed: "-"
    case .count: "~"
    case .moved: ">"
    case .inlined: "="
    }
  }

  private func name(_ change: CallChange) -> String {
    let old = change.before.joined(separator: ", ")
    let new = change.after.joined(separator: ", ")
    let name = old.isEmpty ? new : new.isEmpty || old == new ? old : "\(old) \(glyphs.becomes) \(new)"
    return change.module.map { "\(name) [\($0)]" } ?? name
  }

  private func detail(_ change: CallChange) -> String {
    switch change.kind {
    case .context: return ""
    case .inlined: return change.before.isEmpty ? "a call of its own only after" : "a call of its own only before"
    case .count: return "\(counts(change.countsBefore)) \(glyphs.becomes) \(counts(change.countsAfter)) calls"
    case .moved: return change.movedFrom.map { "from \($0)" } ?? ""
    case .added, .removed:
      let counts = change.kind == .added ? change.countsAfter : change.countsBefore
      let time = change.kind == .added ? change.timeAfter : change.timeBefore
      var parts: [String] = []
      if counts.max() ?? 0 > 1 { parts.append("\(self.counts(counts)) calls") }
      if change.callsBelow > 0 { parts.append("\(Quantity.count(change.callsBelow, "call")) below") }
      if let median = time.median { parts.append(glyphs.time(median)) }
      return parts.joined(separator: ", ")
    }
  }

  /// `3`, or `3 to 5` where the runs differ.
  private func counts(_ counts: [Int]) -> String {
    guard let least = counts.min(), let most = counts.max() else { return "0" }
    return least == most ? Quantity.count(least) : "\(Quantity.count(least)) to \(Quantity.count(most))"
  }
}
