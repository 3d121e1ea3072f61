import CallTrees

/// One side of a comparison: the runs of one module, of one or several recordings.
public struct DiffSide: Sendable {
  /// Never empty.
  public let runs: [RunDigest]

  /// - Returns: nil without runs.
  public init?(_ runs: [RunDigest]) {
    guard !runs.isEmpty else { return nil }
    self.runs = runs
  }

  var first: RunDigest { runs[0] }

  public var module: String? { first.module }
  public var vendor: Vendor? { first.vendor }
  public var version: KernelVersion? { first.run.version }

  /// The kernels of the runs, without repetition.
  public var kernels: [String] { Self.distinct(runs.compactMap(\.source.kernel)) }

  /// The verdicts of the runs, without repetition.
  public var verdicts: [Verdict] { Self.distinct(runs.map(\.run.verdict)) }

  /// Durations of the whole init, where they are measured.
  public var duration: DurationSample { DurationSample(runs.compactMap { Self.net($0.run.durationNS, $0.run.interruptNS) }) }

  /// The failure of the first run that failed.
  public var failure: Failure? { runs.first { $0.run.failure != nil }?.run.failure }

  /// The stage as the runs have it, or nil when none of them has it: a stage of another vendor.
  func stage(_ id: String) -> SideStage? {
    let results = runs.compactMap { $0.stage(id) }
    guard let first = results.first else { return nil }
    return SideStage(
      stage: first.stage, statuses: results.map(\.status), isTolerated: results.contains(where: \.tolerated), calls: results.map(\.calls),
      duration: DurationSample(results.compactMap { Self.net($0.durationNS, $0.interruptNS) }),
      function: results.lazy.compactMap(\.function).first, parent: results.lazy.compactMap(\.parent).first,
      note: results.lazy.compactMap(\.note).first { !$0.isEmpty },
      silence: results.first(where: \.status.isUntold)?.note, perCPU: first.perCPU,
      place: runs.lazy.compactMap { $0.places[id] }.first)
  }

  /// Whether both sides are the same recordings, or copies of them: then nothing differs in what they do not tell either.
  func isSameRecordings(as other: DiffSide) -> Bool { runs.elementsEqual(other.runs) { $0.isSameRun(as: $1) } }

  /// Time without that lost to interrupts, which are not the init's.
  private static func net(_ duration: UInt64?, _ interrupts: UInt64) -> UInt64? { duration.map { $0 > interrupts ? $0 - interrupts : 0 } }

  private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
