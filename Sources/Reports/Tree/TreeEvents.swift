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
    for event in recording.events where TreeEvents.text(of: event.payload, verbose: verbose) != nil {
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

  /// What a line says of an event, or nil for one that is not shown.
  static func text(of payload: TraceEvent.Payload, verbose: Bool) -> String? {
    switch payload {
    case .console(let line): "log: \(line)"
    case .print(let text): "print: \(text)"
    case .moduleLoad(let name): "module \(name) is loaded"
    case .moduleFree(let name): "module \(name) is freed"
    case .syscallExit(let name, let result): "\(name) returns \(ReturnValue(result).text)"
    case .initcallStart: nil
    case .initcallFinish(_, let result): "the init function returned \(ReturnValue(result).text)"
    case .hotplugEnter(let cpu, let step, _): "hotplug step \(step) starts for CPU \(cpu)"
    case .hotplugExit(let cpu, let step, let result): "hotplug step \(step) for CPU \(cpu) returned \(ReturnValue(result).text)"
    case .probe(let name, _, let result?) where verbose || ReturnValue(result).isError: "\(name) returned \(ReturnValue(result).text)"
    case .probe, .taskSwitch: nil
    case .other(let name): verbose ? "event \(name)" : nil
    }
  }
}
