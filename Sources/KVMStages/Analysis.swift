/// All runs of one recording. `runs` is never empty: a trace without a run has one of verdict `unknown` that says why.
public struct Analysis: Sendable {
  public var runs: [Run]

  public init(runs: [Run]) { self.runs = runs }

  /// 0: every run is ok. 1: a run failed or misses a required stage. 2: incomplete, or no run.
  public var exitStatus: Int32 {
    if runs.contains(where: { $0.verdict == .failed || $0.stages.contains { $0.status == .missing } }) { return 1 }
    return runs.allSatisfy { $0.verdict == .ok } ? 0 : 2
  }
}
