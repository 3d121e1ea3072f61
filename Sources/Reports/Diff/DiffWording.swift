import CallTrees
import KVMStages

/// What is said of a comparison, as plain sentences without layout: shared by text and Markdown.
struct DiffWording {
  let diff: RunDiff
  let glyphs: Glyphs

  // MARK: head

  /// `kvm_amd`, or `kvm_intel → kvm_amd`.
  var subject: String { pair(diff.before.module ?? "module not told", diff.after.module ?? "module not told") }

  /// `6.1.170 → 6.12.118`, or the kernel of both.
  var kernels: String {
    func text(_ side: DiffSide) -> String { side.kernels.isEmpty ? "kernel not told" : side.kernels.prefix(3).joined(separator: ", ") }
    return pair(text(diff.before), text(diff.after))
  }

  /// `DIFFERENT`, `same`, `UNDECIDED`.
  var verdict: String {
    switch diff.exitStatus {
    case 0: "same"
    case 1: "DIFFERENT"
    default: "UNDECIDED"
    }
  }

  var verdictStyle: Style { diff.exitStatus == 0 ? .good : .warning }

  /// What differs, counted.
  var summary: String {
    var parts: [String] = []
    if diff.verdictsDiffer { parts.append("the verdict") }
    if diff.differentStages > 0 { parts.append(Quantity.count(diff.differentStages, "stage")) }
    if diff.calls.differences > 0 {
      parts.append(Quantity.count(diff.calls.differences, "place in the calls", plural: "places in the calls"))
    }
    if parts.isEmpty, diff.isDifferent { parts.append("the time of the whole init") }
    if !parts.isEmpty { return parts.joined(separator: ", ") }
    return diff.exitStatus == 2 ? "no difference in what both sides tell, and that is not all" : ""
  }

  /// The failures, unless all runs of both sides end alike.
  var failures: [Failure] {
    Set(diff.before.verdicts) == Set(diff.after.verdicts) ? [] : [diff.before, diff.after].compactMap(\.failure)
  }

  // MARK: sides

  /// `ok in 12.3 ms without interrupts`, `FAILED at 5.1.1 CPU feature checks (EOPNOTSUPP)`, `3 runs: ok in 12.3 ms ±4 % without interrupts`.
  func outcome(of side: DiffSide) -> String {
    let verdicts = side.verdicts.map { $0 == .ok ? "ok" : $0.rawValue.uppercased() }.joined(separator: " and ")
    var text = side.runs.count > 1 ? "\(side.runs.count) runs: \(verdicts)" : verdicts
    if let failure = side.failure {
      text += " at \(failure.stage.fullTitle)"
      if let error = failure.errno ?? failure.code.map(String.init) { text += " (\(error))" }
      if let function = failure.function { text += ", in \(function)" }
    }
    // A report gives the whole time: the same words would be another number.
    if !side.duration.isEmpty { text += " in \(time(side.duration)) without interrupts" }
    if side.verdicts == [.incomplete] || side.verdicts == [.unknown], let reason = side.runs.first?.run.reason { text += ": \(reason)" }
    return text
  }

  /// The traces of a side: a path, or the first of several.
  func paths(of side: DiffSide) -> String {
    let paths = side.runs.map(\.path)
    return paths.count > 1 ? "\(paths[0]) and \(Quantity.count(paths.count - 1, "more run"))" : paths.first ?? ""
  }

  /// The facts that differ beside the kernel, which stands in the head. Parameters of one side only, as kernels gain and lose them, are
  /// one line.
  var configuration: [(name: String, text: String)] {
    var lines: [(name: String, text: String)] = []
    var alone: (before: [String], after: [String]) = ([], [])
    for change in diff.configuration where change.name != "kernel" {
      let name = change.name.hasPrefix("parameter ") ? String(change.name.dropFirst("parameter ".count)) : nil
      switch (name, change.before, change.after) {
      case (let name?, let old?, nil): alone.before.append("\(name)=\(old)")
      case (let name?, nil, let new?): alone.after.append("\(name)=\(new)")
      default: lines.append((change.name, "\(change.before ?? glyphs.dash) \(glyphs.becomes) \(change.after ?? glyphs.dash)"))
      }
    }
    if !alone.before.isEmpty { lines.append(("parameters only before", alone.before.joined(separator: ", "))) }
    if !alone.after.isEmpty { lines.append(("parameters only after", alone.after.joined(separator: ", "))) }
    return lines
  }

  // MARK: stages

  /// The median, and how far the runs lie apart in percent of it.
  func time(_ sample: DurationSample) -> String {
    guard let median = sample.median else { return "" }
    guard sample.values.count > 1, median > 0 else { return glyphs.time(median) }
    let percent = Double(sample.spread) / Double(median) * 100
    return glyphs.time(median) + (glyphs.unicode ? " ±" : " +-")
      + (percent < 9.95 ? Self.oneDecimal(percent) : "\(Int(min(percent, 1e6).rounded()))") + "%"
  }

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// What a side's column says of a stage: its time, or the status that is not `ok`.
  func cell(_ side: SideStage?) -> String {
    guard let side, side.exists else { return glyphs.dash }
    guard let status = side.status else { return mixed(side) }
    guard status == .ok else { return word(status, isTolerated: side.isTolerated) }
    return side.duration.isEmpty ? "ok" : time(side.duration)
  }

  private func mixed(_ side: SideStage) -> String {
    StageStatus.allCases.compactMap { status in
      let count = side.statuses.count { $0 == status }
      return count > 0 ? "\(count) \(word(status, isTolerated: false))" : nil
    }.joined(separator: ", ")
  }

  private func word(_ status: StageStatus, isTolerated: Bool) -> String {
    switch status {
    case .failed: isTolerated ? "tolerated" : "FAILED"
    case .missing: "MISSING"
    case .notReached: "not reached"
    case .notTraced: "not traced"
    case .notVisible: "inlined"
    case .ok, .skipped, .absent: status.rawValue
    }
  }

  /// `appeared`, `moved, slower`, `status`.
  func word(_ change: StageChange) -> String {
    switch change.kind {
    case .status: "changed"
    case .undecided: "not told"
    case .moved: change.timing == .slower || change.timing == .faster ? "moved, \(change.timing?.rawValue ?? "")" : "moved"
    default: change.kind.rawValue
    }
  }

  /// `+`, `-`, `~`, `>` before a row, so that colour adds nothing but speed.
  static func sign(_ kind: StageChange.Kind) -> String {
    switch kind {
    case .appeared: "+"
    case .gone: "-"
    case .status, .slower, .faster: "~"
    case .moved: ">"
    case .undecided: "?"
    case .same: " "
    }
  }

  static func style(_ change: StageChange) -> Style {
    switch change.kind {
    case .appeared, .faster: .good
    case .gone, .slower: .bad
    case .status: .bad
    case .moved, .undecided: .warning
    case .same: .faint
    }
  }

  /// `+23%` of a time that was judged to differ.
  func delta(_ change: StageChange) -> String {
    guard change.timing == .slower || change.timing == .faster, let old = change.before?.duration.median,
      let new = change.after?.duration.median, old > 0
    else { return "" }
    let percent = (Double(new) / Double(old) - 1) * 100
    return (percent < 0 ? "" : "+") + "\(Int(min(max(percent, -100), 1e6).rounded()))%"
  }

  // MARK: what was not compared

  /// Remarks on the comparison as a whole.
  var notes: [String] {
    var notes: [String] = []
    for (side, word) in [(diff.before, "before"), (diff.after, "after")] where side.kernels.count > 1 {
      notes.append("the runs \(word) are of \(side.kernels.count) kernels, and compared as if they were of one")
    }
    if let reason = diff.timesMissing { notes.append("times are not judged: \(reason)") }
    if let reason = diff.calls.missing { notes.append("calls are not compared: \(reason)") }
    if let root = diff.calls.root { notes.append("calls are compared below \(root) only, where one of the recordings begins") }
    if diff.calls.undecided > 0 {
      notes.append(
        "\(Quantity.count(diff.calls.undecided, "change")) below calls of which one side does not tell everything: not judged")
    }
    return notes
  }

  /// Why times stand there without a judgement, or nil.
  var timesRemark: String? {
    guard diff.isTooFewToJudge, diff.timesMissing == nil, !diff.before.duration.isEmpty, !diff.after.duration.isEmpty else { return nil }
    return "Times are shown and not judged: it takes several runs on each side to know their noise (--judge-times judges them by the "
      + "threshold alone)."
  }

  private func pair(_ old: String, _ new: String) -> String { old == new ? old : "\(old) \(glyphs.becomes) \(new)" }
}
