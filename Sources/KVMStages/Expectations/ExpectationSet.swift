/// Expectations of the runs that fit some conditions. Every set that fits a run is checked; an empty condition fits all.
public struct ExpectationSet: Sendable {
  public var name: String?
  /// Line of the expectations file where the set begins.
  public var line: Int
  /// Lines of the set's keys.
  public var lines: [String: Int] = [:]

  // MARK: conditions

  public var modules: [String] = []
  public var vendors: [Vendor] = []
  public var kernels: [KernelCondition] = []
  public var traces = PathPatterns([])

  // MARK: expectations

  /// Any of these; empty: not checked.
  public var verdicts: [Verdict] = []
  public var failure: FailureExpectation?
  public var stages: [StageExpectation] = []
  /// Greatest duration of the run.
  public var maxDuration: TimeLimit?
  public var requiredFunctions: [FunctionPattern] = []
  public var forbiddenFunctions: [FunctionPattern] = []
  /// Greatest number of events that the trace may have lost.
  public var maxLostEvents: UInt64?
  /// Number of runs in the trace that fit the set.
  public var runs: Int?
  /// A stage that is named here, or has one of these statuses, breaks nothing.
  public var toleratedStages: Set<String> = []
  public var toleratedStatuses: Set<StageStatus> = []

  public init(name: String? = nil, line: Int = 1) {
    self.name = name
    self.line = line
  }
}

/// Where and how a run must fail. nil: not checked.
public struct FailureExpectation: Sendable, Hashable {
  public var stage: String?
  /// `EOPNOTSUPP`.
  public var errno: String?
  public var function: FunctionPattern?

  public init(stage: String? = nil, errno: String? = nil, function: FunctionPattern? = nil) {
    self.stage = stage
    self.errno = errno
    self.function = function
  }
}

/// What is expected of one stage.
public struct StageExpectation: Sendable, Hashable {
  /// Id of a stage of the catalogue.
  public var stage: String
  /// Any of these; empty: not checked.
  public var statuses: [StageStatus]
  public var maxDuration: TimeLimit?
  public var calls: ClosedRange<Int>?
  public var line: Int

  public init(stage: String, statuses: [StageStatus] = [], maxDuration: TimeLimit? = nil, calls: ClosedRange<Int>? = nil, line: Int = 1) {
    self.stage = stage
    self.statuses = statuses
    self.maxDuration = maxDuration
    self.calls = calls
    self.line = line
  }
}
