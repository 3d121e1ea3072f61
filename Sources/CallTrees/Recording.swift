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
  /// False for text without a time column, and for a clock that does not count nanoseconds: starts are unknown, durations are measured.
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
