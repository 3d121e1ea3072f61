/// Kind of a trace, told from its content.
public enum TraceKind: String, Sendable {
  case traceCmdV6 = "trace-cmd-v6"
  case traceCmdV7 = "trace-cmd-v7"
  case ftraceText = "ftrace-text"
  case traceCmdText = "trace-cmd-text"
}

/// What a trace says about itself.
public struct TraceSource: Sendable {
  public var path: String
  public var kind: TraceKind
  /// `uname -r` of the recorded kernel, where the trace tells it.
  public var kernel: String?
  /// `uname -m` of the recorded machine, where the trace tells it.
  public var machine: String?
  /// The host name of the recorded machine, where the trace tells it.
  public var host: String?
  /// Number of CPUs whose events are in the trace, where it tells it.
  public var cpus: Int?
  /// The trace clock, `local` where the trace says nothing else.
  public var clock: String?
  /// Events read, of every kind.
  public var events: UInt64 = 0
  /// What the recorder of this project stored beside the events; nil in a trace that another tool recorded.
  public var recorder: RecordingFacts?

  public init(path: String, kind: TraceKind) {
    self.path = path
    self.kind = kind
  }
}

/// Events that the ring buffer dropped on one CPU.
public struct Loss: Sendable, Hashable {
  public var cpu: Int
  /// Number of events, or nil when only the fact is known.
  public var count: UInt64?
  /// The last event on this CPU before the gap, and the first after it, on the trace clock in nanoseconds. nil: nothing is
  /// recorded on that side, or the trace has no times.
  public var after: UInt64?
  public var before: UInt64?
  /// Position in the order of the trace: events with a lower sequence number came before the gap.
  public var sequence: UInt64

  public init(cpu: Int, count: UInt64?, after: UInt64?, before: UInt64?, sequence: UInt64) {
    self.cpu = cpu
    self.count = count
    self.after = after
    self.before = before
    self.sequence = sequence
  }
}

/// Damage found while reading: the trace is reported as far as it could be read, as incomplete.
public struct Damage: Sendable, Hashable, CustomStringConvertible {
  /// Byte offset in the file, or nil for a text trace.
  public var offset: UInt64?
  /// Line of a text trace, from 1.
  public var line: Int?
  public var message: String

  public init(offset: UInt64? = nil, line: Int? = nil, message: String) {
    self.offset = offset
    self.line = line
    self.message = message
  }

  public var description: String {
    if let offset { return "byte \(offset): \(message)" }
    if let line { return "line \(line): \(message)" }
    return message
  }
}

/// A task with the calls that were traced in it.
public struct TaskTrace: Sendable {
  /// Process id of the thread, or nil when a text trace does not tell which task ran.
  public var pid: Int32?
  public var comm: String?
  public var tree: CallTree
  /// Times when the task was off its CPU, from `sched_switch` events: sorted, not overlapping. nil when the trace has none.
  public var offCPU: [Span]?

  public init(pid: Int32?, comm: String?, tree: CallTree, offCPU: [Span]?) {
    self.pid = pid
    self.comm = comm
    self.tree = tree
    self.offCPU = offCPU
  }
}

/// A stretch of time on the trace clock, in nanoseconds; `end` is exclusive.
public struct Span: Sendable, Hashable {
  public var start: UInt64
  public var end: UInt64

  public init(start: UInt64, end: UInt64) {
    self.start = start
    self.end = end
  }
}

/// All that was read from one trace.
public struct Recording: Sendable {
  public var source: TraceSource
  /// Indexed by `FunctionID.index`.
  public var functions: [Function]
  /// In the order of their first event.
  public var tasks: [TaskTrace]
  /// Events other than function entries and returns, in order.
  public var events: [TraceEvent]
  public var losses: [Loss] { didSet { lossSums = LossSums(losses) } }
  /// What they come to.
  public private(set) var lossSums: LossSums
  public var damage: [Damage]
  /// False for text without a time column: starts are unknown, durations are measured.
  public var hasTimes: Bool
  /// Functions whose addresses occur in events only (an initcall's, a hotplug callback's), by address.
  public var eventFunctions: [UInt64: Function] = [:]
  /// Why names that the user's files should give are not given, as sentences.
  public var nameNotes: [String] = []
  /// Modules that were loaded when the recording ended, as the recorder or the recorded symbols tell. nil when the trace does not tell.
  public var loadedModules: Set<String>?
  /// Nanoseconds that one unit of the trace's last digit stands for: 1 in a `.dat`, 1000 in text with microseconds.
  public var resolution: UInt64

  public init(
    source: TraceSource, functions: [Function], tasks: [TaskTrace], events: [TraceEvent], losses: [Loss], damage: [Damage],
    hasTimes: Bool, resolution: UInt64
  ) {
    self.source = source
    self.functions = functions
    self.tasks = tasks
    self.events = events
    self.losses = losses
    lossSums = LossSums(losses)
    self.damage = damage
    self.hasTimes = hasTimes
    self.resolution = resolution
  }

  /// Number of events known to be lost.
  public var lostEvents: UInt64 { lossSums.events }

  /// The kind of a function, without a look at its name.
  @inlinable public func kind(_ id: FunctionID) -> FunctionKind {
    functions.indices.contains(Int(id.index)) ? functions[Int(id.index)].kind : .ordinary
  }

  public func function(_ id: FunctionID) -> Function {
    functions.indices.contains(Int(id.index)) ? functions[Int(id.index)] : Function(address: nil, name: nil)
  }
}
