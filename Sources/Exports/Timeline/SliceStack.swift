/// Slices that are open at a place of a timeline, the outermost first.
///
/// A viewer nests slices by their times alone. Measured times do not always nest: the kernel takes the time of an entry before it records
/// it, and an interrupt can hit between a function's return and its record. Begins are always those of the trace. An end that would lie
/// beyond the caller's, or behind the next call, is drawn at that bound; and what seems to have ended before its last callee began is drawn
/// until that one ends.
struct SliceStack {
  struct Slice {
    /// What the slice stands for; the caller's business.
    var tag: Int
    /// Row of the call in its tree, and the row behind its subtree.
    var row: Int
    var subtreeEnd: Int
    var begin: UInt64
    /// The return was not recorded, and nothing came behind it in the task.
    var isUnfinished: Bool
  }

  /// Slices from a depth on that cannot be drawn beyond a time. The inner the slice, the lower its limit.
  private struct Limit {
    var depth: Int
    var time: UInt64
  }

  private var slices: [Slice] = []
  /// One for all slices that have the same, so that raising those of a deep stack costs no more than making them did.
  private var limits: [Limit] = []
  /// The last time that was drawn.
  private(set) var now: UInt64 = 0

  var innermost: Slice? { slices.last }

  /// The latest end that the innermost slice can have.
  var limit: UInt64 { limits.last?.time ?? .max }

  /// Takes a slice that begins at `slice.begin` and was measured to end at `end`. Gives where it is drawn to begin.
  mutating func begin(_ slice: Slice, end: UInt64?) -> UInt64 {
    var slice = slice
    slice.begin = place(slice.begin)
    var raised = slices.count
    while let outer = limits.last, outer.time <= slice.begin {
      raised = outer.depth
      limits.removeLast()
    }
    // Those that were raised end with this one, which they hold.
    if let end, end < limit { limits.append(Limit(depth: raised, time: max(end, slice.begin))) }
    slices.append(slice)
    return slice.begin
  }

  /// Ends the innermost slice, before `next` begins. Gives where it is drawn to end.
  mutating func end(before next: UInt64) -> UInt64 {
    guard slices.popLast() != nil else { return now }
    now = max(now, min(limit, next))
    if let last = limits.last, last.depth >= slices.count { limits.removeLast() }
    return now
  }

  /// Where something at `time` is drawn: not before what was drawn last.
  mutating func place(_ time: UInt64) -> UInt64 {
    now = max(now, time)
    return now
  }
}
