import CallTrees

/// What CPUs did for a run outside its task: enabling virtualization in the `cpuhp` threads, since 6.12.
struct RemoteWork {
  var function: String?
  var shares: [CPUShare] = []
  var note: String?

  init(_ run: RunTree, matcher: StageMatcher, _ remote: RemoteCalls) {
    guard let match = matcher.matches["hardware_enable_cpu"], matcher.matches["virtualization_enable"] != nil else { return }
    if match.form.markers.contains(where: { $0.function == "kvm_online_cpu" }) { collectCalls(run, remote) }
    if shares.isEmpty { collectEvents(run, remote) }
    if shares.isEmpty { collectWaits(run, matcher) }
    shares.sort { ($0.cpu, $0.startNS ?? 0) < ($1.cpu, $1.startNS ?? 0) }
  }

  /// `kvm_online_cpu` in the threads themselves, when the recording is not limited to the task.
  private mutating func collectCalls(_ run: RunTree, _ remote: RemoteCalls) {
    for place in remote.calls(during: run.candidate) {
      let tree = run.recording.tasks[place.task].tree
      let call = tree.calls[place.row]
      let value = tree.returnValues[UInt32(truncatingIfNeeded: place.row)].map { ReturnValue($0).value }
      shares.append(CPUShare(cpu: Int(tree.cpus[place.row]), startNS: call.knownStart, durationNS: call.measuredDuration, result: value))
      function = run.recording.function(call.function).displayName
    }
  }

  /// `cpuhp` events, which carry the callback's result.
  private mutating func collectEvents(_ run: RunTree, _ remote: RemoteCalls) {
    shares = remote.callbacks(during: run.candidate)
    guard !shares.isEmpty else { return }
    function = run.isBuiltIn ? "kvm_online_cpu" : "kvm_online_cpu [kvm]"
    note = "from the cpuhp events"
  }

  /// The task waits for each present CPU in ascending order (`for_each_present_cpu`).
  ///
  /// One that refuses is the last that is waited for. Where the number of CPUs is not told, the steps behind tell that none did.
  private mutating func collectWaits(_ run: RunTree, _ matcher: StageMatcher) {
    let isPast = matcher.matches["misc_register"].map { !$0.rows.isEmpty } ?? false
    guard let enable = run.callers["kvm_enable_virtualization"]?.first else { return }
    let ids = run.names.indices(of: ["cpuhp_issue_call"])
    let undo = run.names.indices(of: ["cpuhp_rollback_install"])
    let rows = run.tree.subtree(of: enable)
    guard !rows.contains(where: { undo.contains(run.tree.calls[$0].function.index) }) else { return }
    let waits = rows.filter { ids.contains(run.tree.calls[$0].function.index) }
    let cpus = isPast ? run.recording.source.cpus : run.recording.machineCPUs
    guard !waits.isEmpty, waits.count == cpus else { return }
    function = run.displayName(waits[0])
    note = "the callback runs in the cpuhp threads, outside the traced task: this is how long it waited for each"
    for (cpu, row) in waits.enumerated() {
      let call = run.tree.calls[row]
      shares.append(CPUShare(cpu: cpu, startNS: run.recording.hasTimes ? call.knownStart : nil, durationNS: call.measuredDuration))
    }
  }
}
