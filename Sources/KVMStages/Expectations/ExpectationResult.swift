/// What came of one expectation for one trace.
public struct ExpectationResult: Sendable {
  public enum Outcome: String, CaseIterable, Sendable {
    case pass
    case fail
    /// The trace does not tell.
    case inconclusive
    case notApplicable = "not-applicable"
  }

  public enum Kind: String, CaseIterable, Sendable {
    case verdict
    case failureStage = "failure-stage"
    case failureErrno = "failure-errno"
    case failureFunction = "failure-function"
    /// No required stage is missing.
    case missingStages = "missing-stages"
    case stageStatus = "stage-status"
    case stageDuration = "stage-duration"
    case stageCalls = "stage-calls"
    case duration
    case requiredFunction = "required-function"
    case forbiddenFunction = "forbidden-function"
    case lostEvents = "lost-events"
    case runs
    /// Some set of expectations fits the run.
    case matchingSet = "matching-set"
  }

  public var kind: Kind
  /// The stage's id or the function that it is about.
  public var subject: String?
  public var outcome: Outcome
  public var expected: String
  public var found: String
  /// What else is to be said: why it cannot be told, or what the trace shows instead.
  public var reason: String?
  public var place: ExpectationPlace
  /// Name of the set, and the line of the expectations file.
  public var set: String?
  public var line: Int?

  /// What is expected, in a few words: `stage irqfd_init`, `no call of kvm_foo`.
  public var title: String {
    switch kind {
    case .verdict: "verdict"
    case .failureStage: "stage of the failure"
    case .failureErrno: "error of the failure"
    case .failureFunction: "function of the failure"
    case .missingStages: subject.map { "required stage \($0)" } ?? "required stages"
    case .stageStatus: "stage \(subject ?? "")"
    case .stageDuration: "time of stage \(subject ?? "")"
    case .stageCalls: "calls of stage \(subject ?? "")"
    case .duration: "time of the run"
    case .requiredFunction: "a call of \(subject ?? "")"
    case .forbiddenFunction: "no call of \(subject ?? "")"
    case .lostEvents: "lost events"
    case .runs: "number of runs"
    case .matchingSet: "expectations for the run"
    }
  }
}

/// Where in a trace to look.
public struct ExpectationPlace: Sendable {
  /// Number of the run in its trace, from 1, and what it is: `kvm_amd, modprobe-100`. nil: it is about the whole trace.
  public var run: Int?
  public var runTitle: String?
  public var stage: Stage?
  /// As displayed.
  public var function: String?
  /// Nanoseconds after the start of the run.
  public var offsetNS: UInt64?
  /// Row in the run's call tree.
  public var row: Int?

  public init(run: Int? = nil, runTitle: String? = nil) {
    self.run = run
    self.runTitle = runTitle
  }
}

/// What came of all expectations for one trace.
public struct TraceCheck: Sendable {
  public var path: String
  /// Release of the recorded kernel, where it is known.
  public var kernel: String?
  /// One line on what the trace holds: `kvm_amd ok`.
  public var summary: String
  public var results: [ExpectationResult]
  /// What is damaged, or why the trace could not be read.
  public var problem: String?
  /// 65, 66 or 77 with a problem, else 0.
  public var problemStatus: Int32

  public init(
    path: String, kernel: String?, summary: String, results: [ExpectationResult], problem: String? = nil, problemStatus: Int32 = 0
  ) {
    self.path = path
    self.kernel = kernel
    self.summary = summary
    self.results = results
    self.problem = problem
    self.problemStatus = problemStatus
  }

  /// The worst of the results; a trace that cannot be read, or is damaged, is inconclusive at best.
  public var outcome: ExpectationResult.Outcome {
    if results.contains(where: { $0.outcome == .fail }) { return .fail }
    if problem != nil || results.contains(where: { $0.outcome == .inconclusive }) { return .inconclusive }
    return .pass
  }

  /// 1: an expectation broke. 2: some cannot be told. 65, 66, 77: the trace cannot be read, or is damaged.
  public var exitStatus: Int32 {
    if problemStatus != 0 { return problemStatus }
    return switch outcome {
    case .fail: 1
    case .inconclusive: 2
    case .pass, .notApplicable: 0
    }
  }
}
