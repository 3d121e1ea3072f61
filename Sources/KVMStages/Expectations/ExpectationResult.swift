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
