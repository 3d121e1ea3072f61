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
