import Glibc

/// How much is made of an input, and by which clock that is timed.
public struct Effort: Sendable {
  /// Which of the reports and exports are written.
  public enum Outputs: Sendable {
    case all
    /// A report, a comparison and an export: the input's bytes say which. With less to do for each input, more inputs are read.
    case some
  }

  /// Threads that decode beside the caller's; nil: as many as the tool takes.
  public var threads: Int?
  public var outputs = Outputs.all
  private var clock = CLOCK_MONOTONIC

  /// All outputs, with the tool's threads, by the clock on the wall: for tests, whose process runs other tests at the same time.
  public static let test = Effort()

  /// All outputs, with the tool's threads, by the time of the processor: alone in its process, on a machine that may be busy.
  public static let check = Effort(clock: CLOCK_PROCESS_CPUTIME_ID)

  /// Some outputs, in one thread: an input that fails must fail each time.
  public static let fuzzing = Effort(threads: 0, outputs: .some, clock: CLOCK_PROCESS_CPUTIME_ID)

  /// All outputs, in one thread.
  public static let minimizing = Effort(threads: 0, clock: CLOCK_PROCESS_CPUTIME_ID)

  /// All of the choices; with `.some` outputs one of them, the same one each time for the same bytes.
  public func chosen<Choice>(of choices: [Choice], for bytes: UnsafeRawBufferPointer) -> [Choice] {
    guard outputs == .some, !choices.isEmpty else { return choices }
    // FNV-1a.
    let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return [choices[Int(hash % UInt64(choices.count))]]
  }

  /// The time that `body` takes.
  public func time(_ body: () -> Void) -> Duration { timed(body).time }

  /// What `body` gives, and the time that it takes.
  func timed<Value>(_ body: () -> Value) -> (value: Value, time: Duration) {
    let start = now
    let value = body()
    return (value, now - start)
  }

  private var now: Duration {
    var time = timespec()
    clock_gettime(clock, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
