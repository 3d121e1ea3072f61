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
