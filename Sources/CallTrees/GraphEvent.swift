/// One decoded function_graph record, 32 bytes: what readers hand to the `RecordingBuilder`.
public struct GraphEvent: Sendable {
  public enum Kind: UInt8, Sendable {
    case enter
    case leave
    /// Return value of the call that the preceding `.leave` of the same task closed; `value` is its bit pattern.
    case returnValue
  }

  /// Function key of a return whose function the text does not name (`}`).
  public static let unnamed = UInt64.max
  /// `pid` where the trace does not tell the task; such events are kept per CPU. Readers that can tell such a task from the others
  /// give it a number below this one.
  public static let unknownPID: Int32 = -1

  /// On the trace clock in nanoseconds; ignored when the builder was made with `hasTimes: false`.
  public var time: UInt64
  /// Address of the function, or the index of an interned `FunctionID` (see `RecordingBuilder.Keys`), or `unnamed`.
  public var function: UInt64
  /// `.leave`: nanoseconds from entry to return, or `Call.unknownDuration`. `.returnValue`: the value.
  public var value: UInt64
  public var pid: Int32
  /// ftrace's depth.
  public var depth: UInt16
  public var kind: Kind

  @inlinable
  public init(time: UInt64, function: UInt64, value: UInt64, pid: Int32, depth: UInt16, kind: Kind) {
    self.time = time
    self.function = function
    self.value = value
    self.pid = pid
    self.depth = depth
    self.kind = kind
  }
}
