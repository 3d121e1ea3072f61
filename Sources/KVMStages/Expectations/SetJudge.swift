import CallTrees

/// Compares one run with one set.
struct SetJudge {
  let set: ExpectationSet
  let recording: Recording
  let run: Run
  let place: ExpectationPlace

  /// - Parameter calls: those of the run; made only for a set that asks for functions.
  func results(calls: @autoclosure () -> RunCalls) -> [ExpectationResult] {
    var results: [ExpectationResult] = []
    let verdict = self.verdict()
    if let verdict { results.append(verdict) }
    results += failure()
    if set.verdicts.contains(.ok) { results += missingStages() }
    let hasFailed = verdict?.outcome == .fail && run.verdict == .failed
    let stages = StageJudge(judge: self, verdictFailed: hasFailed)
    for stage in set.stages { results += stages.results(of: stage) }
    if let limit = set.maxDuration { results.append(duration(limit)) }
    if !set.requiredFunctions.isEmpty || !set.forbiddenFunctions.isEmpty { results += FunctionJudge(judge: self, calls: calls()).results() }
    return results
  }

  /// A result of this set on this run.
  func result(
    _ kind: ExpectationResult.Kind, _ outcome: ExpectationResult.Outcome, subject: String? = nil, expected: String, found: String,
    reason: String? = nil, line: Int?, place: ExpectationPlace? = nil
  ) -> ExpectationResult {
    ExpectationResult(
      kind: kind, subject: subject, outcome: outcome, expected: expected, found: found, reason: reason, place: place ?? self.place,
      set: set.name, line: line ?? set.line)
  }

  /// The place of a stage's call in the run.
  func place(of stage: StageResult) -> ExpectationPlace {
    var place = place
    place.stage = stage.stage
    place.function = stage.function
    place.row = stage.rows.first
    if let start = stage.startNS, let runStart = run.startNS, start >= runStart { place.offsetNS = start - runStart }
    return place
  }

  // MARK: verdict and failure

  private func verdict() -> ExpectationResult? {
    guard !set.verdicts.isEmpty else { return nil }
    var outcome: ExpectationResult.Outcome = set.verdicts.contains(run.verdict) ? .pass : .fail
    if outcome == .fail, run.verdict.isUntold { outcome = .inconclusive }
    var place = place
    if let failure = run.failure { place = self.place(of: failure) }
    return result(
      .verdict, outcome, expected: Self.list(set.verdicts.map(\.rawValue)), found: run.verdict.rawValue,
      reason: outcome == .pass ? nil : run.reason + (run.failure?.cause.map { "; likely cause: \($0)" } ?? ""),
      line: set.lines["verdict"], place: place)
  }

  private func place(of failure: Failure) -> ExpectationPlace {
    var place = run.stages.first { $0.stage.id == failure.stage.id }.map(self.place) ?? place
    place.stage = failure.stage
    place.function = failure.function ?? place.function
    place.row = failure.path.last?.row ?? place.row
    return place
  }

  private func failure() -> [ExpectationResult] {
    guard let expected = set.failure else { return [] }
    let line = set.lines["failure"]
    guard let failure = run.failure else {
      return [
        result(
          .failureStage, run.verdict.isUntold ? .inconclusive : .fail, expected: expected.stage ?? "a failure", found: run.verdict.rawValue,
          reason: run.reason, line: line)
      ]
    }
    var results: [ExpectationResult] = []
    let place = place(of: failure)
    if let stage = expected.stage {
      results.append(
        result(.failureStage, stage == failure.stage.id ? .pass : .fail, expected: stage, found: failure.stage.id, line: line, place: place)
      )
    }
    if let errno = expected.errno {
      let found = failure.errno ?? failure.code.map(String.init)
      results.append(
        result(
          .failureErrno, found == nil ? .inconclusive : found == errno ? .pass : .fail, expected: errno, found: found ?? "not told",
          reason: found == nil ? "no return value is in the trace: record with -e initcall:initcall_finish" : nil, line: line, place: place)
      )
    }
    if let function = expected.function { results.append(self.function(function, of: failure, line: line, place: place)) }
    return results
  }

  private func function(_ expected: FunctionPattern, of failure: Failure, line: Int?, place: ExpectationPlace) -> ExpectationResult {
    // The role stands for the name where that is gone.
    let last = failure.path.last
    let name = last?.role ?? failure.function.map { FunctionPattern($0).name }
    let isNamed = name.map { !$0.hasPrefix("0x") && $0 != "?" } ?? false
    let fits = name.map { Catalogue.sameStep($0, expected.name) } ?? false
    var outcome: ExpectationResult.Outcome = !isNamed ? .inconclusive : fits ? .pass : .fail
    var reason = isNamed ? nil : "the failing function has no name in the trace"
    if outcome == .pass, let wanted = expected.module {
      let shown = failure.function.flatMap { module(of: $0, role: last?.role) }
      if shown == nil { (outcome, reason) = (.inconclusive, "the trace does not tell the module of the failing function") }
      if let shown, shown != wanted { outcome = .fail }
    }
    return result(
      .failureFunction, outcome, expected: expected.description, found: failure.function ?? "not told", reason: reason, line: line,
      place: place)
  }

  /// The module of a function as displayed; nil where another name than that of its role stands there, whose module says nothing.
  private func module(of function: String, role: String?) -> String? {
    let shown = FunctionPattern(function)
    return role.map { Catalogue.sameStep($0, shown.name) } ?? true ? shown.module : nil
  }

  // MARK: the run as a whole

  /// Required stages that the run went past without them; those with an expectation of their own are judged there.
  private func missingStages() -> [ExpectationResult] {
    let line = set.lines["verdict"]
    guard run.verdict == .ok else {
      return [
        result(
          .missingStages, run.verdict.isUntold ? .inconclusive : .notApplicable, expected: "none missing", found: run.verdict.rawValue,
          reason: run.reason,
          line: line)
      ]
    }
    let named = Set(set.stages.filter { !$0.statuses.isEmpty }.map(\.stage))
    let missing = run.stages.filter { stage in
      stage.status == .missing && !named.contains(stage.stage.id) && !isTolerated(stage)
    }
    guard !missing.isEmpty else { return [result(.missingStages, .pass, expected: "none missing", found: "none missing", line: line)] }
    return missing.map { stage in
      result(
        .missingStages, .fail, subject: stage.stage.id, expected: "a call", found: "missing", reason: stage.note, line: line,
        place: place(of: stage))
    }
  }

  func isTolerated(_ stage: StageResult) -> Bool {
    set.toleratedStatuses.contains(stage.status) || set.toleratedStages.contains(stage.stage.id)
  }

  private func duration(_ limit: TimeLimit) -> ExpectationResult {
    guard let measured = run.durationNS else {
      return result(
        .duration, .inconclusive, expected: "at most \(limit)", found: "not measured",
        reason: run.rootRow == nil ? run.reason : "the return of \(run.root ?? "the root") was not recorded", line: set.lines["duration"])
    }
    return result(
      .duration, measured <= limit.nanoseconds ? .pass : .fail, expected: "at most \(limit)",
      found: TimeLimit(nanoseconds: measured).description, line: set.lines["duration"])
  }

  static func list(_ words: [String]) -> String { words.joined(separator: " or ") }
}
