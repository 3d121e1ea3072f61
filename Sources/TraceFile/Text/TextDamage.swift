import CallTrees

/// The lines that cannot be understood: the first ones one by one, the rest as a number.
struct TextDamage {
  private static let shown = 20

  private var entries: [Damage] = []
  private var whole: [Damage] = []
  private var unshown = 0
  private var lastUnshown = 0

  /// Notes damage at `line`.
  mutating func add(line: Int, _ message: String) {
    if entries.count < Self.shown {
      entries.append(Damage(line: line, message: message))
    } else {
      unshown += 1
      lastUnshown = line
    }
  }

  /// Notes what is wrong with the text as a whole.
  mutating func add(_ message: String) { whole.append(Damage(message: message)) }

  /// Notes that `line` is not understood.
  mutating func add(notUnderstood line: TextBytes, number: Int) {
    guard entries.count < Self.shown else { return add(line: number, "") }
    let excerpt = line.slice(0, 60)
    add(line: number, "not a line of a trace: \(excerpt.string)" + (excerpt.count < line.count ? "…" : ""))
  }

  /// All damage, with one entry for the lines that are not shown.
  var summary: [Damage] {
    guard unshown > 0 else { return entries + whole }
    return entries + [Damage(line: lastUnshown, message: "\(unshown) more lines, up to this one, are damaged")] + whole
  }
}
