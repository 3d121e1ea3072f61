import KVMStages

/// What the kernel offers to a recording.
public struct RecordingAbilities: Sendable {
  /// Of the running kernel.
  public var version: KernelVersion
  /// function_graph can be set in an instance.
  public var graphInInstances: Bool
  /// Files of the top directory that not every kernel has: `options/funcgraph-args`, `events/initcall/initcall_finish`, `buffer_percent`.
  public var files: Set<String>
  public var cpus: Int
  /// The number behind the highest possible CPU; nil when it is not known.
  public var possibleCPUs: Int?
  /// `MemAvailable`, in KB.
  public var availableKB: Int

  public init(version: KernelVersion, graphInInstances: Bool, files: Set<String>, cpus: Int, availableKB: Int) {
    self.version = version
    self.graphInInstances = graphInInstances
    self.files = files
    self.cpus = cpus
    self.availableKB = availableKB
  }

  /// All names that `files` may hold.
  public static let candidates: [String] =
    RecordingPlan.events.map { "events/" + $0 } + [
      "kprobe_events", "buffer_percent", "tracing_cpumask", "set_event_pid", "set_event_notrace_pid", "set_ftrace_pid",
      "set_ftrace_notrace_pid", "set_graph_notrace", "tracing_thresh", "set_ftrace_notrace",
      "options/funcgraph-retval", "options/funcgraph-args", "options/record-cmd", "options/overwrite", "options/sleep-time",
      "options/graph-time", "options/funcgraph-irqs",
    ]

  /// All possible CPUs, as `tracing_cpumask` reads: groups of 32 bits. nil when their number is not known.
  var cpuMask: String? {
    guard let possibleCPUs, possibleCPUs > 0 else { return nil }
    let rest = possibleCPUs % 32
    let head = rest > 0 ? [String(1 << rest - 1, radix: 16)] : []
    return (head + repeatElement("ffffffff", count: possibleCPUs / 32)).joined(separator: ",")
  }

  /// Buffer for each CPU in KB: what the detail needs, and never more than an eighth of the free memory in all.
  func bufferKB(for detail: RecordingDetail) -> Int {
    let share = availableKB / 8 / max(1, cpus)
    return max(512, min(detail.bufferKB, share))
  }
}
