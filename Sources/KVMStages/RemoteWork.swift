import CallTrees

/// What CPUs did for a run outside its task: enabling virtualization in the `cpuhp` threads, since 6.12.
struct RemoteWork {
  var function: String?
  var shares: [CPUShare] = []
  var note: String?

  init(_ run: RunTree, matcher: StageMatcher, _ surroundings: TaskSurroundings) {
    guard let match = matcher.matches["hardware_enable_cpu"], matcher.matches["virtualization_enable"] != nil else { return }
    collectCalls(run, markers: Set(match.form.markers.map(\.function)))
    if shares.isEmpty { collectEvents(run, surroundings) }
    if shares.isEmpty { collectWaits(run) }
  }

  /// `kvm_online_cpu` in the threads themselves, when the recording is not limited to the task.
  private mutating func collectCalls(_ run: RunTree, markers: Set<String>) {
    guard markers.contains("kvm_online_cpu"), let (start, end) = Self.window(run) else { return }
    let ids = run.names.indices(of: ["kvm_online_cpu"])
    guard !ids.isEmpty else { return }
    for (index, task) in run.recording.tasks.enumerated() where index != run.candidate.task {
      for (row, call) in task.tree.calls.enumerated() where ids.contains(call.function.index) && call.start >= start && call.start <= end {
        let value = task.tree.returnValues[UInt32(truncatingIfNeeded: row)].map(Outcome.asInt)
        shares.append(CPUShare(cpu: Int(task.tree.cpus[row]), startNS: call.knownStart, durationNS: call.measuredDuration, result: value))
        function = run.recording.function(call.function).displayName
      }
    }
    shares.sort { $0.cpu < $1.cpu }
  }

  /// `cpuhp` events, which carry the callback's result.
  private mutating func collectEvents(_ run: RunTree, _ surroundings: TaskSurroundings) {
    guard let (start, end) = Self.window(run) else { return }
    var entered: [Int: (time: UInt64, step: Int64)] = [:]
    for (time, event) in surroundings.hotplugEvents(from: start, through: end) {
      switch event.payload {
      case .hotplugEnter(let cpu, let step, let address?):
        if Self.name(of: address, in: run.recording) == "kvm_online_cpu" { entered[cpu] = (time, step) }
      case .hotplugExit(let cpu, let step, let result):
        guard let enter = entered[cpu], enter.step == step else { continue }
        shares.append(CPUShare(cpu: cpu, startNS: enter.time, durationNS: time &- enter.time, result: Outcome.asInt(result)))
        entered[cpu] = nil
      default: break
      }
    }
    guard !shares.isEmpty else { return }
    function = run.isBuiltIn ? "kvm_online_cpu" : "kvm_online_cpu [kvm]"
    note = "from the cpuhp events"
    shares.sort { $0.cpu < $1.cpu }
  }

  /// The task waits for each present CPU in ascending order (`for_each_present_cpu`).
  private mutating func collectWaits(_ run: RunTree) {
    guard let enable = run.callers["kvm_enable_virtualization"]?.first else { return }
    let ids = run.names.indices(of: ["cpuhp_issue_call"])
    let undo = run.names.indices(of: ["cpuhp_rollback_install"])
    let rows = run.tree.subtree(of: enable)
    guard !rows.contains(where: { undo.contains(run.tree.calls[$0].function.index) }) else { return }
    let waits = rows.filter { ids.contains(run.tree.calls[$0].function.index) }
    guard !waits.isEmpty, waits.count == run.recording.source.cpus || run.recording.source.cpus == nil else { return }
    function = run.displayName(waits[0])
    note = "the callback runs in the cpuhp threads, outside the traced task: this is how long it waited for each"
    for (cpu, row) in waits.enumerated() {
      let call = run.tree.calls[row]
      shares.append(CPUShare(cpu: cpu, startNS: run.recording.hasTimes ? call.knownStart : nil, durationNS: call.measuredDuration))
    }
  }

  private static func window(_ run: RunTree) -> (UInt64, UInt64)? {
    let call = run.tree.calls[run.candidate.rootRow]
    guard run.recording.hasTimes, let start = call.knownStart else { return nil }
    return (start, call.measuredDuration.map { start &+ $0 } ?? .max)
  }

  private static func name(of address: UInt64, in recording: Recording) -> String? {
    if let function = recording.eventFunctions[address] { return function.trustedName.map(FunctionNames.base) }
    return nil
  }
}
