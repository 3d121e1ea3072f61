/// A place in the tree of calls of two sides.
public struct CallChange: Sendable {
  public enum Kind: String, CaseIterable, Sendable, Hashable {
    /// The same on both sides: it leads to changes below it.
    case context
    case added
    case removed
    /// Called more often, or less.
    case count
    /// Called from another place.
    case moved
    /// No call of its own on one side, while what it calls is called by its caller: the compiler inlined it, or the sources merged the two.
    case inlined
  }

  public var kind: Kind
  /// Names on each side, empty where it is not called; several where one function stands for two.
  public var before: [String]
  public var after: [String]
  public var module: String?
  /// Calls per run of each side.
  public var countsBefore: [Int]
  public var countsAfter: [Int]
  /// Time per run in nanoseconds, where it is measured.
  public var timeBefore: DurationSample
  public var timeAfter: DurationSample
  /// Calls below an added or removed one, in one run.
  public var callsBelow: Int = 0
  /// The caller before, of one that moved.
  public var movedFrom: String?
  /// Levels below the init function.
  public var level: Int
  /// Places of its children in `CallDiff.changes`.
  public var children: [Int] = []

  /// Whether it counts as a difference.
  public var isDifference: Bool { kind != .context && kind != .inlined }

  /// The name after, or before where it is gone.
  public var name: String { after.first ?? before.first ?? "?" }
}

/// What differs in the calls of two sides.
public struct CallDiff: Sendable {
  /// The way to each change, and the changes: parents before children, the first is the init function. Empty when nothing differs.
  public var changes: [CallChange] = []
  /// Changes below calls of which a side does not tell everything: not judged.
  public var undecided = 0
  /// The function that one recording begins at, when only what is below it is compared.
  public var root: String?
  /// Why the calls are not compared, or nil.
  public var missing: String?

  /// Differences, those below an added or removed call not counted again.
  public var differences: Int {
    var below: Set<Int> = []
    for change in changes where change.kind == .added || change.kind == .removed {
      below.formUnion(change.children.filter { changes[$0].kind == change.kind })
    }
    return changes.indices.count { changes[$0].isDifference && !below.contains($0) }
  }
}
