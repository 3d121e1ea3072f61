import CallTrees

/// What is said of calls in a tree, whatever draws it.
enum TreeWording {
  /// Why a call is irregular, in the words that stand between `‹` and `›`.
  static let remarks: [(flag: CallFlags, text: String)] = [
    (.entryMissing, "entry not recorded"), (.open, "return not recorded"), (.durationUnknown, "duration not recorded"),
    (.depthGap, "callers not recorded"), (.lossInside, "events lost inside"),
  ]

  static func remarks(on flags: CallFlags) -> [String] { remarks.filter { flags.contains($0.flag) }.map(\.text) }

  /// `5 events lost on CPU 0, in 2 gaps`.
  static func text(of gaps: Gaps) -> String {
    let lost = gaps.events.map { Quantity.count($0, "event") } ?? "events"
    return "\(lost) lost on CPU \(gaps.cpu)" + (gaps.count > 1 ? ", in \(Quantity.count(gaps.count, "gap"))" : "")
  }

  /// `… off its CPU, 12 calls below`.
  static func asleep(hides: Int, glyphs: Glyphs) -> String { "\(glyphs.ellipsis) off its CPU, \(Quantity.count(hides, "call")) below" }

  /// `3 not measured`.
  static func unmeasured(_ time: TimeSum) -> String { "\(Quantity.count(time.unmeasured)) not measured" }

  /// - Parameter name: of the function that is called first.
  static func text(of fold: TreeFold, name: String, glyphs: Glyphs) -> String {
    let number = Quantity.count(fold.time.count)
    switch fold.kind {
    case .noise where fold.time.count == 1: return "\(glyphs.ellipsis) \(name)"
    case .noise: return "\(glyphs.ellipsis) \(number) locks, allocations and the like"
    case .interrupts where fold.time.count == 1: return "\(glyphs.ellipsis) interrupt"
    case .interrupts: return "\(glyphs.ellipsis) interrupts, \(number) calls"
    case .same: return "\(name) \(glyphs.times)\(number)"
    case .more: return "\(glyphs.ellipsis) \(name) \(glyphs.times)\(number) more, with \(Quantity.count(fold.callsBelow, "call")) below"
    }
  }
}
