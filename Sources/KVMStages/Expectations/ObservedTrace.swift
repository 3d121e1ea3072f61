import CallTrees

/// What `check --update` keeps of a trace: small, so that thousands of them can be kept.
public struct ObservedTrace: Sendable {
  /// One run, as far as expectations can be made of it.
  struct ObservedRun: Sendable {
    var module: String?
    var verdict: Verdict
    var failureStage: String?
    var failureErrno: String?
    var durationNS: UInt64?
    var stages: [ObservedStage]
  }

  struct ObservedStage: Sendable {
    var id: String
    var status: StageStatus
    var durationNS: UInt64?
  }

  public var path: String
  var kernel: KernelVersion?
  var hasLoss: Bool
  var runs: [ObservedRun]

  public init(path: String, _ recording: Recording, _ analysis: Analysis, kernel: KernelVersion?) {
    self.path = path
    self.kernel = kernel.map { KernelVersion($0.major, $0.minor) }
    hasLoss = !recording.losses.isEmpty
    runs = analysis.runs.map { run in
      // What this kernel does not have is no expectation; where a run failed, the place of the failure says all.
      let stages = run.verdict == .ok ? run.stages.filter { $0.status != .absent } : []
      return ObservedRun(
        module: run.module, verdict: run.verdict, failureStage: run.failure?.stage.id, failureErrno: run.failure?.errno,
        durationNS: run.durationNS,
        stages: stages.map { ObservedStage(id: $0.stage.id, status: $0.status, durationNS: $0.durationNS) })
    }
  }
}
