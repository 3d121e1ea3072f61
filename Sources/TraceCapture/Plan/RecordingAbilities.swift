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
      "kprobe_events", "buffer_percent", "set_event_pid", "set_ftrace_pid", "set_graph_notrace", "tracing_thresh", "set_ftrace_notrace",
      "options/funcgraph-retval", "options/funcgraph-args", "options/record-cmd", "options/overwrite", "options/sleep-time",
      "options/graph-time", "options/funcgraph-irqs",
    ]

  /// Buffer for each CPU in KB: what the detail needs, and never more than an eighth of the free memory in all.
  func bufferKB(for detail: RecordingDetail) -> Int {
    let share = availableKB / 8 / max(1, cpus)
    return max(512, min(detail.bufferKB, share))
  }
}

/// The functions that a recording is about, found on this machine.
public struct RecordingTargets: Sendable {
  /// A kretprobe: it takes the return value, and pairs the function's name with its address.
  public struct Probe: Hashable, Sendable {
    public var function: String
    /// nil for the kernel image.
    public var module: String?

    public init(_ function: String, in module: String?) {
      self.function = function
      self.module = module
    }

    /// The event's name: `r_vmx_init`.
    public var event: String { "r_" + function }

    /// The line that defines it.
    var definition: String {
      "r:\(RecordingPlan.probeGroup)/\(event) \(module.map { $0 + ":" } ?? "")\(function) ret=$retval:s64\n"
    }
  }

  public var roots: [String] = []
  public var leftOut: [String] = []
  public var probes: [Probe] = []
  /// Words for `set_ftrace_filter`: names, `*:mod:module`. nil: no filter.
  public var filter: [String]?
  /// Lines of the list of functions for `set_ftrace_notrace`: all that are not wanted. nil: none.
  ///
  /// A filter with the names of a module to come would make the kernel compare all of its functions while that module loads; functions
  /// that are not in this list are traced as they come.
  public var hiddenLines: [Int]?
  /// The traced command, when it waits to be let go: its task switches are recorded. nil: those of all tasks.
  public var pid: Int32?

  public init() {}
}
