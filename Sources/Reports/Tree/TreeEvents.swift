import CallTrees
import KVMStages

/// The events of a recording by task, found once for all sections.
struct EventIndex {
  let losses: [Loss]
  let hasTimes: Bool
  private var byTask: [Int32: [TraceEvent]] = [:]

  init(_ recording: Recording, verbose: Bool) {
    losses = recording.losses
    hasTimes = recording.hasTimes
    for event in recording.events where EventText.text(of: event.payload, verbose: verbose) != nil {
      byTask[event.pid ?? GraphEvent.unknownPID, default: []].append(event)
    }
  }

  func events(of task: TaskTrace) -> [TraceEvent] { byTask[task.pid ?? GraphEvent.unknownPID] ?? [] }
}

/// The events of a task, and the losses of the CPUs it ran on, in the order in which they are woven into its calls.
struct TreeEvents {
  private let events: [TraceEvent]
  private let losses: [Loss]
  private var nextEvent = 0
  private var nextLoss = 0

  init(_ index: EventIndex, _ section: TreeSection) {
    let task = section.task
    let first = section.ranges.first?.lowerBound ?? 0
    let all = index.events(of: task)
    events = section.ranges.isEmpty ? [] : Array(all.drop { $0.row <= first })
    losses = index.losses.isEmpty || !index.hasTimes ? [] : Self.losses(index.losses, near: section)
  }

  /// Losses on the CPUs that the section's calls ran on, from its begin on.
  private static func losses(_ losses: [Loss], near section: TreeSection) -> [Loss] {
    let task = section.task
    guard let first = section.ranges.first, !first.isEmpty else { return [] }
    var cpus: Set<Int> = []
    for range in section.ranges { for cpu in task.tree.cpus[range.clamped(to: task.tree.cpus.indices)] { cpus.insert(Int(cpu)) } }
    let begin = task.tree.calls[first.lowerBound].knownStart ?? 0
    return losses.filter { cpus.contains($0.cpu) && ($0.before ?? .max) > begin }.sorted { place($0) < place($1) }
  }

  private static func place(_ loss: Loss) -> UInt64 { loss.before ?? loss.after ?? 0 }

  /// The next event that lies before row `row`.
  mutating func event(before row: Int) -> TraceEvent? {
    guard nextEvent < events.count, events[nextEvent].row <= row else { return nil }
    nextEvent += 1
    return events[nextEvent - 1]
  }

  /// The next loss that ended by `time`.
  mutating func loss(before time: UInt64) -> Loss? {
    guard nextLoss < losses.count, Self.place(losses[nextLoss]) <= time else { return nil }
    nextLoss += 1
    return losses[nextLoss - 1]
  }
}
