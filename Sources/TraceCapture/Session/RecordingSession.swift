import Glibc
import TraceFile

/// One recording on this machine: tracefs is changed, the command runs, the events are taken out, and tracefs is put back.
///
/// The steps are called in the order in which they stand here. Whatever happens between `arm` and `restore`, the journal on disk says how
/// things were.
public final class RecordingSession {
  /// Why the recording ended.
  public enum Ending: Sendable, Hashable {
    /// The command ended, or the load that was waited for.
    case done
    case signal(Int32)
    case timeout

    /// For the file: nil when nothing cut the recording short.
    public var interruption: String? {
      switch self {
      case .done: nil
      case .signal(let number): SignalWatch.name(number)
      case .timeout: "timeout"
      }
    }
  }

  public let plan: RecordingPlan
  private let top: TracefsDirectory
  private let runDirectory: RunDirectory
  private let signals: SignalWatch
  private var journal: Journal
  /// The journal is stored: something may have been changed.
  private var isArmed = false
  private var place: TracefsDirectory
  private var streams: [CPUStream] = []
  private var waitsForFill = false
  /// Events and filters that this kernel refused: the recording lacks them.
  public private(set) var refused: [(step: PlanStep, error: CaptureError)] = []
  /// Formats of all events that the recording may hold.
  public private(set) var format: RingBufferFormat?
  /// `per_cpu/cpuN/stats` at the end, by CPU.
  public private(set) var statistics: [Int: String] = [:]
  private var watch: TracingWatch?
  /// What somebody else has changed while it was recorded.
  public private(set) var disturbances: [String] = []
  /// The text of `trace_clock` at the end: the choice stands in brackets.
  public private(set) var clocks = "[local]"

  init(_ plan: RecordingPlan, top: TracefsDirectory, runDirectory: RunDirectory, signals: SignalWatch, journal: Journal) {
    self.plan = plan
    self.top = top
    self.runDirectory = runDirectory
    self.signals = signals
    self.journal = journal
    place = top
  }

  // MARK: steps

  /// Saves what will be changed, changes it, and opens the ring buffers.
  ///
  /// - Parameters:
  ///   - spoolFolder: on whose file system the events are kept until the file is written.
  ///   - trace: is told of each step.
  public func arm(cpus: [Int], spoolFolder: String, trace: @escaping (String) -> Void) throws(CaptureError) {
    guard runDirectory.journal()?.entries.contains(where: { !$0.isModule }) != true else {
      throw CaptureError(
        .unavailable, "what an earlier recording changed in tracefs is not undone, and a new one would hide it",
        remedy: Leftovers.remedy(runDirectory))
    }
    var applier = PlanApplier(plan, top: top, trace: trace)
    journal.entries += try applier.entries()
    try runDirectory.store(journal)
    isArmed = true
    place = try applier.apply()
    refused = applier.refused
    if let text = try? place.read("trace_clock") { clocks = text.trimmed }
    let format = try FormatReader(place: place, top: top).read(all: plan.roots.isEmpty)
    self.format = format
    waitsForFill = top.exists("buffer_percent")
    for cpu in cpus where place.exists("per_cpu/cpu\(cpu)/trace_pipe_raw") {
      streams.append(try CPUStream(cpu: cpu, in: place, pageSize: format.pageSize, folder: spoolFolder))
    }
  }

  /// Switches the recording on.
  public func start() throws(CaptureError) {
    try place.write(["1\n"], to: "tracing_on", replacing: true)
    watch = TracingWatch(plan, top: top, place: place)
  }

  /// Takes events out until `isDone` says so.
  ///
  /// - Parameters:
  ///   - isDone: asked whenever something has happened, and every 50 ms.
  ///   - onSignal: is told of the signal that asks to end; the recording goes on for a grace of 5 seconds, until `isDone`.
  /// - Throws: `cannotWrite` when the events cannot be kept.
  public func run(
    timeout: UInt64?, isDone: () -> Bool, onSignal: (Int32) -> Void
  ) throws(CaptureError) -> Ending {
    let started = MonotonicClock.now()
    var ended: (signal: Int32, deadline: UInt64)?
    var nextVisit: UInt64 = 0
    while !isDone() {
      let now = MonotonicClock.now()
      if let ended, now >= ended.deadline { return .signal(ended.signal) }
      if let timeout, now &- started >= timeout { return .timeout }
      let ready = wait(milliseconds: 50, withStreams: now >= nextVisit)
      if let signal = signals.next(), ended == nil {
        ended = (signal, now &+ 5_000_000_000)
        onSignal(signal)
      }
      for index in ready { try streams[index].drain(limit: 1024) }
      // Without a level to wait for, a running trace always has something: look at it from time to time.
      if !ready.isEmpty { nextVisit = MonotonicClock.now() &+ 20_000_000 }
    }
    return ended.map { .signal($0.signal) } ?? .done
  }

  /// Sleeps until a signal, a child's end, or events.
  ///
  /// - Returns: the streams that have events, or that cannot be waited for: a CPU that was never there has no buffer.
  private func wait(milliseconds: Int32, withStreams: Bool) -> [Int] {
    var watched = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
    if withStreams { watched += streams.map { pollfd(fd: $0.pipe, events: Int16(POLLIN), revents: 0) } }
    guard poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return [] }
    return watched.indices.dropFirst().filter { watched[$0].revents != 0 }.map { $0 - 1 }
  }

  /// Switches the recording off and takes out what is left.
  public func stop() throws(CaptureError) {
    disturbances = watch?.changes() ?? []
    let isStopped = (try? place.write(["0\n"], to: "tracing_on", replacing: true)) != nil
    // A buffer that goes on is never empty.
    for stream in streams { try stream.drain(limit: isStopped ? .max : 8192) }
    for stream in streams { statistics[stream.cpu] = (try? place.read("per_cpu/cpu\(stream.cpu)/stats")) ?? "" }
    if let text = try? place.read("trace_clock") { clocks = text.trimmed }
  }

  /// Puts everything in tracefs back as it was.
  ///
  /// - Returns: what could not be put back.
  @discardableResult
  public func restore() -> [Restorer.Difference] {
    // An open buffer keeps its instance busy.
    for stream in streams { stream.closePipe() }
    guard isArmed else { return [] }
    guard let restorer = try? Restorer(journal) else {
      return [Restorer.Difference(file: top.path, before: "tracefs", now: "not mounted")]
    }
    let serious = restorer.restore().filter { !$0.isHarmless }
    if serious.isEmpty { runDirectory.forget { !$0.isModule } }
    return serious
  }

  /// The events of each CPU, in the order of CPUs.
  public var pages: [SpooledPages] {
    streams.map { SpooledPages(cpu: $0.cpu, descriptor: $0.spool, size: Int(clamping: $0.size), path: "the events of CPU \($0.cpu)") }
  }
}
