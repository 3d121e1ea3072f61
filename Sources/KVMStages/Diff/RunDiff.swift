import CallTrees

/// A fact about the recordings that is another on each side.
public struct ConfigurationChange: Sendable, Hashable {
  /// `kernel`, `parameter kvm_amd.nested`.
  public var name: String
  /// nil: not there, or not told.
  public var before: String?
  public var after: String?
}

/// What differs between the inits of two sides.
public struct RunDiff: Sendable {
  public var before: DiffSide
  public var after: DiffSide
  public var configuration: [ConfigurationChange]
  /// Every stage, the same ones too.
  public var stages: [StageChange]
  public var calls: CallDiff
  /// Why the times are not judged, or nil.
  public var timesMissing: String?
  /// Each side has one run, whose noise is not known, and nobody asked to judge it all the same.
  public var isTooFewToJudge: Bool
  /// The time of the whole init.
  public var timing: Timing?

  /// Whether a side ends in a way in which the other does not. A run whose end the trace does not tell ends in no other way.
  public var verdictsDiffer: Bool {
    ToldValues.differ(before.verdicts, after.verdicts) { !$0.isUntold }
  }
  public var differentStages: Int { stages.count(where: \.isDifference) }
  private var undecidedStages: Int { stages.count { $0.kind == .undecided } }

  public var isDifferent: Bool {
    verdictsDiffer || differentStages > 0 || calls.differences > 0 || timing == .slower || timing == .faster
  }

  /// Whether something cannot be told, so that "the same" would say too much.
  public var isUndecided: Bool {
    undecidedStages > 0 || calls.undecided > 0 || (calls.missing != nil && !before.isSameRecordings(as: after))
      || (before.verdicts + after.verdicts).contains(where: \.isUntold)
  }

  /// 0: the same. 1: different. 2: the same as far as can be told, and that is not all.
  public var exitStatus: Int32 { isDifferent ? 1 : isUndecided ? 2 : 0 }

  /// Compares the inits of two sides.
  public init(_ before: DiffSide, _ after: DiffSide, options: DiffOptions = DiffOptions()) {
    (self.before, self.after) = (before, after)
    let traces = TraceComparison(before, after)
    let resolution = max(before.runs.map(\.resolution).max() ?? 1, after.runs.map(\.resolution).max() ?? 1)
    let judge = TimeJudge(options: options, resolution: resolution)
    configuration = traces.configuration
    timesMissing = traces.timesMissing
    isTooFewToJudge = !options.judgesSingleRuns && (before.runs.count < 2 || after.runs.count < 2)
    timing = timesMissing == nil ? judge.timing(before: before.duration, after: after.duration) : nil
    stages = StageDiffer(before, after, judge: judge, timesMissing: timesMissing).changes()
    if let reason = traces.callsMissing {
      calls = CallDiff(missing: reason)
    } else {
      calls = CallDiffer.diff(traces.calls(of: before), traces.calls(of: after), minimum: options.minimumCalls)
      calls.root = traces.commonRoot
    }
  }
}
