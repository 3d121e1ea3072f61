import CallTrees

/// Walks over calls of one task and finds where each begins and ends on a timeline.
struct CallTimeline {
  private let tree: CallTree
  private var stack = SliceStack()

  init(_ tree: CallTree) { self.tree = tree }

  /// All calls; the tag of each is its row.
  mutating func walk(into visitor: inout some SliceVisitor) {
    for row in tree.calls.indices { visit(row, tag: row, &visitor) }
    finish(&visitor)
  }

  /// Calls by row in ascending order, each with a tag. A row that comes twice nests in itself.
  mutating func walk(_ rows: [(row: Int, tag: Int)], into visitor: inout some SliceVisitor) {
    for (row, tag) in rows where tree.calls.indices.contains(row) { visit(row, tag: tag, &visitor) }
    finish(&visitor)
  }

  @inline(__always)
  private mutating func visit(_ row: Int, tag: Int, _ visitor: inout some SliceVisitor) {
    let call = tree.calls[row]
    while let slice = stack.innermost, slice.subtreeEnd <= row {
      let end = stack.end(before: call.start)
      visitor.end(slice.tag, row: slice.row, from: slice.begin, at: end)
    }
    let isUnfinished =
      call.flags.contains(.open) && Int(call.subtreeEnd) >= tree.calls.count && stack.innermost?.isUnfinished ?? true
    guard call.measuredDuration != nil && !call.flags.contains(.entryMissing) || isUnfinished else {
      return visitor.instant(tag, row: row, at: stack.place(call.start))
    }
    let slice = SliceStack.Slice(
      tag: tag, row: row, subtreeEnd: Int(call.subtreeEnd), begin: call.start, isUnfinished: isUnfinished)
    visitor.begin(tag, row: row, at: stack.begin(slice, end: call.measuredDuration.map { end(of: call, $0) }))
  }

  private func end(of call: Call, _ duration: UInt64) -> UInt64 {
    let (end, overflow) = call.start.addingReportingOverflow(duration)
    return overflow ? .max : end
  }

  private mutating func finish(_ visitor: inout some SliceVisitor) {
    while let slice = stack.innermost {
      let end = stack.end(before: slice.isUnfinished ? stack.now : .max)
      if slice.isUnfinished {
        visitor.unfinished(slice.tag, row: slice.row, from: slice.begin, lastTime: stack.now)
      } else {
        visitor.end(slice.tag, row: slice.row, from: slice.begin, at: end)
      }
    }
  }
}
