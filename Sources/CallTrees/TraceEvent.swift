/// An event other than a function entry or return.
public struct TraceEvent: Sendable {
  public enum Payload: Sendable, Hashable {
    /// `printk:console`: one line of the kernel log, without the trailing newline.
    case console(String)
    /// `ftrace:print` and `bprint`: text that somebody wrote into the trace.
    case print(String)
    /// `module:module_load`, `module_free`: a module came or went.
    case moduleLoad(name: String)
    case moduleFree(name: String)
    /// `syscalls:sys_exit_NAME`: the result, negative for an errno.
    case syscallExit(name: String, result: Int64)
    /// `initcall:initcall_start`, `initcall_finish`: address of an init function, and its return value.
    case initcallStart(function: UInt64?)
    case initcallFinish(function: UInt64?, result: Int64)
    /// `cpuhp:cpuhp_enter`, `cpuhp_multi_enter`: a hotplug callback (its address) starts for `cpu`.
    case hotplugEnter(cpu: Int, step: Int64, function: UInt64?)
    /// `cpuhp:cpuhp_exit`: it returned `result`.
    case hotplugExit(cpu: Int, step: Int64, result: Int64)
    /// A kprobe, kretprobe or fprobe event. `function` is the address of the probed function, `result` the value of its `ret` field.
    case probe(name: String, function: UInt64?, result: Int64?)
    /// `sched:sched_switch`.
    case taskSwitch(from: Int32, to: Int32)
    /// An event that the analysis does not use: `system:name`.
    case other(String)
  }

  /// On the trace clock in nanoseconds, or nil when the trace has no such times.
  public var time: UInt64?
  public var cpu: Int
  public var pid: Int32?
  public var payload: Payload
  /// Position in the order of the trace.
  public var sequence: UInt64
  /// Number of rows that the task's tree had when the event came: the event lies before row `row`, in time.
  public var row: Int
  /// Row of the innermost call that was running in the task, or nil outside any.
  public var within: Int?

  public init(
    time: UInt64?, cpu: Int, pid: Int32?, payload: Payload, sequence: UInt64 = 0, row: Int = 0, within: Int? = nil
  ) {
    self.time = time
    self.cpu = cpu
    self.pid = pid
    self.payload = payload
    self.sequence = sequence
    self.row = row
    self.within = within
  }
}

extension Sequence<TraceEvent> {
  /// The events of a task by the rows that they lie before, those of one row as they came.
  package func inOrderOfRows() -> [TraceEvent] { sorted { ($0.row, $0.sequence) < ($1.row, $1.sequence) } }
}
