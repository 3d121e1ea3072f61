/// What the stages of a run did on one CPU, as slices that nest by their times.
struct CPULane {
  /// A stage's share.
  struct Share {
    var tag: Int
    var start: UInt64
    /// nil: its end was not recorded.
    var duration: UInt64?

    var end: UInt64? {
      duration.map { duration in
        let (end, overflow) = start.addingReportingOverflow(duration)
        return overflow ? .max : end
      }
    }
  }

  private let shares: [Share]

  init(_ shares: [Share]) {
    // Of two that begin together the longer one holds the other.
    self.shares = shares.sorted { ($0.start, $1.duration ?? 0, $0.tag) < ($1.start, $0.duration ?? 0, $1.tag) }
  }

  func walk(into visitor: inout some SliceVisitor) {
    var stack = SliceStack()
    for share in shares {
      while let slice = stack.innermost, stack.limit <= share.start {
        visitor.end(slice.tag, row: -1, from: slice.begin, at: stack.end(before: share.start))
      }
      guard let end = share.end else {
        visitor.instant(share.tag, row: -1, at: stack.place(share.start))
        continue
      }
      let slice = SliceStack.Slice(tag: share.tag, row: -1, subtreeEnd: 0, begin: share.start, isUnfinished: false)
      visitor.begin(share.tag, row: -1, at: stack.begin(slice, end: end))
    }
    while let slice = stack.innermost { visitor.end(slice.tag, row: -1, from: slice.begin, at: stack.end(before: .max)) }
  }
}
