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
