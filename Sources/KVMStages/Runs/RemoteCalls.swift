import CallTrees

/// What CPUs did for KVM outside the tasks that load it, prepared when it is first asked for.
///
/// Where several runs are on at once, nothing tells for which of them a CPU works: that is left out.
final class RemoteCalls {
  /// A call of another task.
  struct Place {
    var start: UInt64
    var task: Int
    var row: Int
  }

  private let recording: Recording
  private let names: FunctionNames
  private let windows: RunWindows

  /// - Parameter runs: all runs of the recording.
  init(_ recording: Recording, names: FunctionNames, runs: some Collection<RunCandidate>) {
    (self.recording, self.names) = (recording, names)
    windows = RunWindows(runs.map { RunPeriod($0, in: recording) })
  }

  /// Calls of `kvm_online_cpu` while the run was on, by time.
  func calls(during candidate: RunCandidate) -> [Place] { slice(calls, of: candidate, by: \.start).filter { $0.task != candidate.task } }

  /// What `cpuhp` events say of `kvm_online_cpu` while the run was on, by time.
  func callbacks(during candidate: RunCandidate) -> [CPUShare] {
    guard let end = window(of: candidate)?.upperBound else { return [] }
    return slice(callbacks, of: candidate, by: \.start).filter { $0.end <= end }.map(\.share)
  }

  private func window(of candidate: RunCandidate) -> ClosedRange<UInt64>? {
    windows.window(of: RunPeriod(candidate, in: recording))
  }

  /// Those that start while the run is on.
  private func slice<Item>(_ items: [Item], of candidate: RunCandidate, by start: (Item) -> UInt64) -> ArraySlice<Item> {
    guard let window = window(of: candidate) else { return [] }
    let first = items.partitionPoint { start($0) >= window.lowerBound }
    return items[first..<max(first, items.partitionPoint { start($0) > window.upperBound })]
  }

  private lazy var calls: [Place] = {
    let ids = names.indices(of: ["kvm_online_cpu"])
    guard !ids.isEmpty else { return [] }
    var places: [Place] = []
    for (index, task) in recording.tasks.enumerated() {
      for (row, call) in task.tree.calls.enumerated() where ids.contains(call.function.index) && windows.isOfOneRun(call.start) {
        places.append(Place(start: call.start, task: index, row: row))
      }
    }
    return places.sorted { $0.start < $1.start }
  }()

  private lazy var callbacks: [(start: UInt64, end: UInt64, share: CPUShare)] = {
    var entered: [Int: (time: UInt64, step: Int64)] = [:]
    var found: [(start: UInt64, end: UInt64, share: CPUShare)] = []
    for (time, event) in hotplugEvents {
      switch event.payload {
      case .hotplugEnter(let cpu, let step, let address?):
        if name(of: address) == "kvm_online_cpu" { entered[cpu] = (time, step) }
      case .hotplugExit(let cpu, let step, let result):
        guard let enter = entered[cpu], enter.step == step else { continue }
        entered[cpu] = nil
        guard windows.isOfOneRun(enter.time) else { continue }
        let share = CPUShare(cpu: cpu, startNS: enter.time, durationNS: time &- enter.time, result: ReturnValue(result).value)
        found.append((enter.time, time, share))
      default: break
      }
    }
    return found.sorted { $0.start < $1.start }
  }()

  private var hotplugEvents: [(time: UInt64, event: TraceEvent)] {
    recording.events.compactMap { event in
      switch event.payload {
      case .hotplugEnter, .hotplugExit: event.time.map { ($0, event) }
      default: nil
      }
    }.sorted { ($0.time, $0.event.sequence) < ($1.time, $1.event.sequence) }
  }

  private func name(of address: UInt64) -> String? { recording.eventFunctions[address]?.trustedName.map(FunctionNames.base) }
}
