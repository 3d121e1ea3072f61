/// Tells how much of a call's time went to interrupts and how much the task was off its CPU.
///
/// Sums are prepared once per tree, so that each question costs two binary searches.
public struct TimeAccount: Sendable {
  /// Rows in ascending order, with the sum of the nanoseconds of all rows before each.
  private struct RowSums: Sendable {
    var rows: [Int] = []
    var before: [UInt64] = [0]

    mutating func add(row: Int, nanoseconds: UInt64) {
      rows.append(row)
      before.append(before[before.count - 1] &+ nanoseconds)
    }

    func sum(over range: Range<Int>) -> UInt64 {
      before[rows.firstIndex(atOrAfter: range.upperBound)] &- before[rows.firstIndex(atOrAfter: range.lowerBound)]
    }
  }

  private let tree: CallTree
  private var interrupts = RowSums()
  /// Sleep below an interrupt: it is part of the interrupt's measured duration, but no interrupt work.
  private var sleepInInterrupts = RowSums()
  private var sleeps = RowSums()
  private let offCPU: [Span]?
  private var offCPUBefore: [UInt64] = [0]

  public init(_ task: TaskTrace) {
    tree = task.tree
    offCPU = task.offCPU
    var interruptEnd = 0
    for row in tree.interruptions.map(Int.init) where tree.calls.indices.contains(row) {
      let call = tree.calls[row]
      let nanoseconds = call.measuredDuration ?? 0
      if call.flags.contains(.interrupt) {
        interrupts.add(row: row, nanoseconds: nanoseconds)
        interruptEnd = Int(call.subtreeEnd)
      } else {
        sleeps.add(row: row, nanoseconds: nanoseconds)
        if row < interruptEnd { sleepInInterrupts.add(row: row, nanoseconds: nanoseconds) }
      }
    }
    for span in task.offCPU ?? [] { offCPUBefore.append(offCPUBefore[offCPUBefore.count - 1] &+ (span.end &- span.start)) }
  }

  /// Nanoseconds of interrupt work inside the call at `row`.
  public func interruptNS(of row: Int) -> UInt64 {
    let range = tree.subtree(of: row)
    let all = interrupts.sum(over: range)
    return all - min(all, sleepInInterrupts.sum(over: range))
  }

  /// Nanoseconds that the task was off its CPU inside the call at `row`: from `sched_switch` events where the trace has them,
  /// else from the calls in which the task gave up its CPU.
  public func sleepNS(of row: Int) -> UInt64 {
    let call = tree.calls[row]
    guard let offCPU, let start = call.knownStart, let duration = call.measuredDuration else {
      return sleeps.sum(over: tree.subtree(of: row))
    }
    return offCPUTime(in: offCPU, from: start, to: start &+ duration)
  }

  private func offCPUTime(in spans: [Span], from start: UInt64, to end: UInt64) -> UInt64 {
    let first = spans.partitionPoint { $0.end > start }
    let last = spans.partitionPoint { $0.start >= end }
    guard first < last else { return 0 }
    let whole = offCPUBefore[last] &- offCPUBefore[first]
    let cutLeft = start > spans[first].start ? start - spans[first].start : 0
    let cutRight = spans[last - 1].end > end ? spans[last - 1].end - end : 0
    return whole - min(whole, cutLeft &+ cutRight)
  }
}

extension [Int] {
  fileprivate func firstIndex(atOrAfter value: Int) -> Int {
    partitionPoint { $0 >= value }
  }
}
