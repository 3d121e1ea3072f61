import CallTrees
import KVMStages

/// The events of a recording by task, found once for all runs of a report.
struct EventIndex {
  let losses: LossIndex
  private var byTask: [Int32: [TraceEvent]] = [:]

  init(_ recording: Recording, verbose: Bool) {
    losses = LossIndex(recording)
    for event in recording.events where EventText.text(of: event.payload, verbose: verbose) != nil {
      byTask[event.pid ?? GraphEvent.unknownPID, default: []].append(event)
    }
    // Idle tasks share a number.
    byTask = byTask.mapValues { $0.inOrderOfRows() }
  }

  /// Those that come right after a call at `rows`, in the order of their rows.
  func events(of task: TaskTrace, at rows: Range<Int>) -> ArraySlice<TraceEvent> {
    let all = byTask[task.pid ?? GraphEvent.unknownPID] ?? []
    return all[all.partitionPoint { $0.row > rows.lowerBound }..<all.partitionPoint { $0.row > rows.upperBound }]
  }
}

/// The events of a task, and the losses of the CPUs it ran on, in the order in which they are woven into its calls.
struct TreeEvents {
  /// What is still to come.
  private var events: ArraySlice<TraceEvent> = []
  private var losses: LossCursor

  init(_ index: EventIndex, _ section: TreeSection) {
    if let first = section.ranges.first, let last = section.ranges.last {
      events = index.events(of: section.task, at: first.lowerBound..<last.upperBound)
    }
    losses = Self.losses(index.losses, near: section)
  }

  /// Losses on the CPUs that the section's calls ran on, from its begin on.
  private static func losses(_ index: LossIndex, near section: TreeSection) -> LossCursor {
    let task = section.task
    guard !index.byStart.isEmpty, let first = section.ranges.first, !first.isEmpty else { return index.cursor(on: [], after: 0) }
    var cpus: Set<Int> = []
    for range in section.ranges { for cpu in task.tree.cpus[range.clamped(to: task.tree.cpus.indices)] { cpus.insert(Int(cpu)) } }
    let begin = task.tree.calls[first.lowerBound].knownStart ?? 0
    return index.cursor(on: cpus, after: begin)
  }

  /// The losses that ended by `time`.
  mutating func gaps(before time: UInt64) -> [Gaps] { losses.gaps(before: time) }

  /// The next event that lies before row `row`.
  mutating func event(before row: Int) -> TraceEvent? {
    guard let event = events.first, event.row <= row else { return nil }
    events.removeFirst()
    return event
  }
}
