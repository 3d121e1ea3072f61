import CallTrees

/// `export --to calls`: one JSON object per line and call, for scripts and data frames (`Docs/calls.schema.json`).
///
/// Calls come in the order of their start over all tasks. A trace without times has no such order: its tasks come one after the
/// other, in the order of their first call.
public enum CallsExport {
  /// Writes every call of `recording`.
  public static func write(_ recording: Recording, to output: inout some ByteOutput) {
    var lines = CallLines(recording)
    var order = CallOrder(recording)
    while let (task, row) = order.next() {
      lines.append(task: task, row: row)
      lines.drain(into: &output)
    }
    lines.drain(into: &output, all: true)
  }
}

/// Merges the calls of all tasks by start. Within a task the order is that of the trace.
struct CallOrder {
  private struct Head {
    var start: UInt64
    var task: Int
    var row: Int

    func isBefore(_ other: Head) -> Bool { start != other.start ? start < other.start : task < other.task }
  }

  private let tasks: [TaskTrace]
  private let hasTimes: Bool
  /// The task whose calls come now; it stays until another one's start is lower.
  private var current: Head?
  /// A binary heap of the other tasks, the lowest start first.
  private var waiting: [Head] = []

  init(_ recording: Recording) {
    tasks = recording.tasks
    hasTimes = recording.hasTimes
    for (task, trace) in tasks.enumerated() {
      guard let first = trace.tree.calls.first else { continue }
      push(Head(start: hasTimes ? first.start : UInt64(task), task: task, row: 0))
    }
    current = pop()
  }

  /// The next call, or nil after the last one.
  mutating func next() -> (task: Int, row: Int)? {
    guard let head = current else { return nil }
    advance(head)
    return (head.task, head.row)
  }

  private mutating func advance(_ head: Head) {
    let calls = tasks[head.task].tree.calls
    var following = head
    following.row += 1
    guard following.row < calls.count else {
      current = pop()
      return
    }
    // A start that is unknown, or lower than one before it in the same task, does not turn the order of the trace around.
    if hasTimes { following.start = max(head.start, calls[following.row].start) }
    if let lowest = waiting.first, lowest.isBefore(following) {
      waiting[0] = following
      sink(0)
      current = lowest
    } else {
      current = following
    }
  }

  // MARK: heap

  private mutating func push(_ head: Head) {
    waiting.append(head)
    var child = waiting.count - 1
    while child > 0, waiting[child].isBefore(waiting[(child - 1) / 2]) {
      waiting.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Head? {
    guard let lowest = waiting.first, let last = waiting.popLast() else { return nil }
    if !waiting.isEmpty {
      waiting[0] = last
      sink(0)
    }
    return lowest
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var lowest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < waiting.count && waiting[child].isBefore(waiting[lowest]) {
        lowest = child
      }
      if lowest == parent { return }
      waiting.swapAt(parent, lowest)
      parent = lowest
    }
  }
}
