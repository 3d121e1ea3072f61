/// Compares the stages of one run with one set.
struct StageJudge {
  let judge: SetJudge
  /// The run failed, and the set says so already: stages behind the failing one are no news.
  let verdictFailed: Bool
  private var run: Run { judge.run }

  func results(of expected: StageExpectation) -> [ExpectationResult] {
    guard let stage = run.stages.first(where: { $0.stage.id == expected.stage }) else { return [unknown(expected)] }
    var results: [ExpectationResult] = []
    if !expected.statuses.isEmpty { results.append(status(stage, expected)) }
    if let limit = expected.maxDuration { results.append(duration(stage, limit: limit, expected)) }
    if let calls = expected.calls { results.append(self.calls(stage, calls, expected)) }
    return results
  }

  /// The run has no such stage at all.
  private func unknown(_ expected: StageExpectation) -> ExpectationResult {
    var place = judge.place
    place.stage = Catalogue.stage(expected.stage)
    let text = expected.statuses.isEmpty ? "a stage" : SetJudge.list(expected.statuses.map(\.rawValue))
    let isUntold = run.vendor == nil
    return judge.result(
      .stageStatus, isUntold ? .inconclusive : .notApplicable, subject: expected.stage, expected: text, found: "not told",
      reason: isUntold
        ? (run.rootRow == nil ? run.reason : "the trace does not tell the vendor, and only some have the stage")
        : "\(run.module ?? "this module") has no such stage", line: expected.line, place: place)
  }

  private func status(_ stage: StageResult, _ expected: StageExpectation) -> ExpectationResult {
    var outcome: ExpectationResult.Outcome = .fail
    var reason = stage.note
    if expected.statuses.contains(stage.status) {
      outcome = .pass
    } else if judge.isTolerated(stage) {
      (outcome, reason) = (.pass, "tolerated")
    } else if stage.status == .notTraced {
      outcome = .inconclusive
    } else if stage.status == .notVisible {
      outcome = .inconclusive
      reason = "this kernel inlines it, and no call can show it: expect not-visible too, or tolerate it"
    } else if stage.status == .notReached, verdictFailed {
      (outcome, reason) = (.notApplicable, "the init failed before it")
    } else if stage.status == .failed, stage.tolerated {
      reason = "it returned an error, and the init went on"
    }
    return judge.result(
      .stageStatus, outcome, subject: expected.stage, expected: SetJudge.list(expected.statuses.map(\.rawValue)),
      found: stage.status.rawValue,
      reason: reason, line: expected.line, place: judge.place(of: stage))
  }

  private func duration(_ stage: StageResult, limit: TimeLimit, _ expected: StageExpectation) -> ExpectationResult {
    func result(_ outcome: ExpectationResult.Outcome, _ found: String, _ reason: String?) -> ExpectationResult {
      judge.result(
        .stageDuration, outcome, subject: expected.stage, expected: "at most \(limit)", found: found, reason: reason, line: expected.line,
        place: judge.place(of: stage))
    }
    if let measured = measuredTime(stage) {
      return result(measured <= limit.nanoseconds ? .pass : .fail, TimeLimit(nanoseconds: measured).description, nil)
    }
    return stage.status.needsTime
      ? result(.inconclusive, "not measured", stage.note ?? "the trace holds no time for it")
      : result(.notApplicable, stage.status.rawValue, "it did not run")
  }

  /// The stage's time, or that of the slowest CPU where it runs on several.
  private func measuredTime(_ stage: StageResult) -> UInt64? {
    if let duration = stage.durationNS { return duration }
    let shares = stage.perCPU.map(\.durationNS)
    return shares.contains { $0 == nil } ? nil : shares.compactMap { $0 }.max()
  }

  private func calls(_ stage: StageResult, _ range: ClosedRange<Int>, _ expected: StageExpectation) -> ExpectationResult {
    var outcome: ExpectationResult.Outcome = range.contains(stage.calls) ? .pass : .fail
    var reason: String?
    let mayLack = stage.status == .notTraced || stage.status == .notVisible || run.integrity.lostEvents > 0 || run.verdict == .incomplete
    if stage.calls < range.lowerBound, mayLack { (outcome, reason) = (.inconclusive, stage.note ?? "calls of it may be lost") }
    if stage.status == .notReached, verdictFailed { (outcome, reason) = (.notApplicable, "the init failed before it") }
    let count = range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    return judge.result(
      .stageCalls, outcome, subject: expected.stage, expected: range.upperBound == .max ? "at least \(range.lowerBound)" : count,
      found: "\(stage.calls)", reason: reason, line: expected.line, place: judge.place(of: stage))
  }
}

extension StageStatus {
  /// Whether the step ran, or may have: a limit of its time cannot be told without the time.
  var needsTime: Bool {
    switch self {
    case .ok, .failed, .notTraced, .notVisible: true
    case .notReached, .missing, .skipped, .absent: false
    }
  }
}
