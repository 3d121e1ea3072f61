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
