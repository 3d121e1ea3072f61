/// What is known to be irregular about one call. Flagged places are counted and shown, never summed as measured.
public struct CallFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The return was not recorded: the duration is unknown.
  public static let open = CallFlags(rawValue: 1 << 0)
  /// Only the return was recorded: the start is unknown, and the calls below stand beside it instead of under it.
  public static let entryMissing = CallFlags(rawValue: 1 << 1)
  /// The depth jumped: frames between this call and its parent are not in the trace.
  public static let depthGap = CallFlags(rawValue: 1 << 2)
  /// Events were lost on this task's CPU while the call was running.
  public static let lossInside = CallFlags(rawValue: 1 << 3)
  /// The topmost call of an interrupt's work: its duration is time in interrupts.
  public static let interrupt = CallFlags(rawValue: 1 << 4)
  /// The topmost call in which the task gave up its CPU.
  public static let sleep = CallFlags(rawValue: 1 << 5)
  /// The return was recorded on another CPU than the entry.
  public static let migrated = CallFlags(rawValue: 1 << 6)
  /// The trace has no time for the entry (text without `funcgraph-abstime`), or one of a clock that does not count nanoseconds.
  public static let startUnknown = CallFlags(rawValue: 1 << 7)
  /// The return was recorded without a duration (text without the duration column).
  public static let durationUnknown = CallFlags(rawValue: 1 << 8)

  /// Places that the builder had to mend.
  public static let mended: CallFlags = [.open, .entryMissing, .depthGap]
}

/// One function_graph entry with its return: a 32-byte row of a `CallTree`.
public struct Call: Sendable {
  /// `duration` of a call whose duration is not known.
  public static let unknownDuration = UInt64.max
  /// `parent` of a call without one.
  public static let noParent: Int32 = -1

  /// Timestamp of the entry event on the trace clock, in nanoseconds. 0 with `.startUnknown`.
  public var start: UInt64
  /// Nanoseconds from entry to return as the kernel measured them, or `unknownDuration`.
  public var duration: UInt64
  public var function: FunctionID
  /// Row of the calling call, or `noParent`.
  public var parent: Int32
  /// The row after the last descendant: the children of row `i` start at `i + 1`, the next sibling is `subtreeEnd`.
  public var subtreeEnd: UInt32
  /// ftrace's depth: 0 for a graph root.
  public var depth: UInt16
  public var flags: CallFlags

  @inlinable
  public init(
    start: UInt64, duration: UInt64, function: FunctionID, parent: Int32, subtreeEnd: UInt32, depth: UInt16, flags: CallFlags
  ) {
    self.start = start
    self.duration = duration
    self.function = function
    self.parent = parent
    self.subtreeEnd = subtreeEnd
    self.depth = depth
    self.flags = flags
  }

  /// The measured duration in nanoseconds, or nil when the return, or its duration, was not recorded.
  @inlinable public var measuredDuration: UInt64? { duration == Self.unknownDuration ? nil : duration }
  /// The start in nanoseconds, or nil when the trace does not tell it.
  @inlinable public var knownStart: UInt64? { flags.contains(.startUnknown) || flags.contains(.entryMissing) ? nil : start }
}
