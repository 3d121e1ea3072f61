/// How a process ended.
public enum ProcessEnd: Sendable, Hashable {
  case exited(Int32)
  case killed(signal: Int32)

  /// - Parameter status: as `waitpid` gives it, of a process that has ended.
  init(status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
  }
}
