import Glibc
import KVMStages

/// What tracefs offers, and what others do with it now.
public struct TracefsFacts: Sendable, Hashable {
  /// A tracefs instance: a ring buffer of its own.
  public struct Instance: Sendable, Hashable {
    public var name: String
    public var currentTracer: String
    /// Lines of its `set_event`: `system:event`.
    public var enabledEvents: [String]
  }

  /// Where it is mounted, such as `/sys/kernel/tracing`.
  public var directory: String
  /// This process can read it.
  public var isReadable: Bool
  /// This process can change it.
  public var isWritable: Bool
  /// Why `current_tracer` cannot be opened for writing: an `errno`, EPERM under lockdown; 0 when it can.
  public var writeError: Int32
  /// Names in the directory: what this kernel's tracefs has.
  public var names: Set<String>
  /// `available_tracers`.
  public var tracers: [String]
  public var currentTracer: String
  /// `tracing_on`: the ring buffer takes events.
  public var isTracingOn: Bool
  /// Events enabled in the top instance, lines of `set_event`: `system:event`.
  public var enabledEvents: [String]
  /// Lines of `kprobe_events`: probes that somebody has defined.
  public var kprobeEvents: [String]
  /// Other instances.
  public var instances: [Instance]
  /// Names in `options`, those of all tracers.
  public var options: Set<String>
  /// `available_events`: `system:event`.
  public var events: Set<String>
  /// The kernel allows function_graph in an instance of its own.
  public var hasGraphInInstances: Bool

  /// Nil when tracefs is not mounted. When it is there but may not be read, all but its place is empty.
  ///
  /// - Parameter kernel: decides what no file tells.
  public init?(_ files: KernelFiles, kernel: KernelVersion?) {
    guard let directory = TracefsMount.directory(files) else { return nil }
    func text(_ name: String) -> String? { files.text(directory + "/" + name) }
    func lines(_ name: String, limit: Int = 1 << 20) -> [String] {
      (files.lines(directory + "/" + name, limit: limit) ?? []).map(String.init)
    }
    self.directory = directory
    isReadable = text("current_tracer") != nil
    writeError = files.openError(directory + "/current_tracer", O_WRONLY)
    isWritable = isReadable && writeError == 0
    names = Set(files.names(in: directory) ?? [])
    tracers = (text("available_tracers") ?? "").split(separator: " ").map(String.init)
    currentTracer = text("current_tracer") ?? ""
    isTracingOn = text("tracing_on") == "1"
    enabledEvents = lines("set_event")
    kprobeEvents = lines("kprobe_events")
    instances = (files.names(in: directory + "/instances") ?? []).map { name in
      Instance(
        name: name, currentTracer: text("instances/\(name)/current_tracer") ?? "", enabledEvents: lines("instances/\(name)/set_event"))
    }
    options = Set(files.names(in: directory + "/options") ?? [])
    events = Set(lines("available_events", limit: 16 << 20))
    // "function_graph: Rewrite to allow multiple users to attach", merged for 6.11; tried on 6.12 and 7.3 (works), 5.10 (EINVAL).
    hasGraphInInstances = kernel.map { $0 >= KernelVersion(6, 12) } ?? false
  }

  public var hasFunctionGraph: Bool { tracers.contains("function_graph") }
  public var hasKprobeEvents: Bool { names.contains("kprobe_events") }
  /// Return values of traced functions (since 6.5, CONFIG_FUNCTION_GRAPH_RETVAL).
  public var hasReturnValues: Bool { options.contains("funcgraph-retval") }
  /// Arguments of traced functions (since 6.16, CONFIG_FUNCTION_TRACE_ARGS).
  public var hasArguments: Bool { options.contains("funcgraph-args") }
}
