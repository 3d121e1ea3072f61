import KVMStages

/// The cells of a stage's row, before they are laid out: shared by the tables of text, Markdown and HTML.
struct StageCells {
  let result: StageResult
  let sign: StatusSign
  /// Nanoseconds from the start of the run to that of the stage; negative where the stage began before it.
  let offset: Int64?
  private let run: Run
  private let glyphs: Glyphs

  init(_ result: StageResult, of run: Run, glyphs: Glyphs) {
    self.result = result
    self.run = run
    self.glyphs = glyphs
    sign = StatusSign(result: result, unicode: glyphs.unicode, isCulprit: !Self.merelyHoldsFailure(result, of: run))
    offset = result.startNS.flatMap { start in run.startNS.flatMap { Self.distance(from: $0, to: start) } }
  }

  private static func distance(from origin: UInt64, to time: UInt64) -> Int64? {
    time >= origin ? Int64(exactly: time - origin) : Int64(exactly: origin - time).map { -$0 }
  }

  /// Whether the stage failed only because the failing one is a part of it.
  private static func merelyHoldsFailure(_ result: StageResult, of run: Run) -> Bool {
    guard let failure = run.failure, result.status == .failed else { return false }
    return !result.tolerated && failure.stage.id != result.stage.id
  }

  var merelyHoldsFailure: Bool { Self.merelyHoldsFailure(result, of: run) }

  /// Whether anything of the stage is in the trace.
  var ran: Bool { result.calls > 0 || result.startNS != nil || result.durationNS != nil }

  /// `12.30 µs`, `-4.000 µs`, or nil when it is not known.
  var start: String? { offset.map { ($0 < 0 ? "-" : "") + glyphs.time($0.magnitude) } }

  var time: String? { result.durationNS.map { glyphs.time($0) } }

  /// The stage's share of the run as nanoseconds of how many, or nil where a share says nothing: what ran on several CPUs is no part of it.
  var share: (part: UInt64, whole: UInt64)? {
    guard let duration = result.durationNS, let whole = run.durationNS, result.perCPU.isEmpty else { return nil }
    return (duration, whole)
  }

  /// Time that interrupts took, or empty.
  var interrupts: String { lost(result.interruptNS) }

  /// Time off the CPU, or empty.
  var sleep: String { lost(result.sleepNS) }

  private func lost(_ nanoseconds: UInt64) -> String { nanoseconds == 0 ? "" : glyphs.time(nanoseconds, digits: 3) }

  /// The shares of the CPUs, or empty.
  func perCPU(all: Bool) -> String { result.perCPU.isEmpty ? "" : PerCPUText(result.perCPU, glyphs: glyphs).text(all: all) }
}
