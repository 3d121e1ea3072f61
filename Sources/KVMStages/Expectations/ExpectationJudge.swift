import CallTrees

/// Compares traces with what is expected of them. What a trace cannot tell is inconclusive, never passed.
public enum ExpectationJudge {
  /// Results that are told of a trace, at most: thousands of sets, each for hundreds of runs, have millions.
  static let mostResults = 32_768

  /// - Parameters:
  ///   - kernel: the version that the trace, or the user, names.
  ///   - allowUnmatched: a run that no set fits is none of the expectations' business.
  public static func judge(
    _ expectations: Expectations, path: String, _ recording: Recording, _ analysis: Analysis, kernel: KernelVersion?,
    allowUnmatched: Bool = false
  ) -> [ExpectationResult] {
    var results: [ExpectationResult] = []
    /// The sets that some run fits, with what makes that doubtful.
    var used: [Int: String?] = [:]
    lazy var names = FunctionNames(recording)
    let traceFits = expectations.sets.map { $0.fit(path: path, kernel: kernel) }
    runs: for (index, run) in analysis.runs.enumerated() {
      let place = place(of: run, number: analysis.runs.count > 1 ? index + 1 : nil)
      let fits = zip(expectations.sets, traceFits).map { $0.fit(run).and($1) }
      var chosen: [(set: Int, doubt: String?)] = fits.indices.compactMap { if case .yes = fits[$0] { ($0, nil) } else { nil } }
      if chosen.isEmpty { chosen = fits.indices.compactMap { if case .untold(let why) = fits[$0] { ($0, why) } else { nil } } }
      lazy var calls = RunCalls(recording, run, names: names)
      for (set, doubt) in chosen {
        let judge = SetJudge(set: expectations.sets[set], recording: recording, run: run, place: place)
        results += judge.results(calls: calls).map { hedge($0, doubt: doubt) }
        used.updateValue(doubt, forKey: set)
        if results.count > mostResults {
          results.replaceSubrange(mostResults..., with: [unjudged(place, expectations.sets[set])])
          break runs
        }
      }
      if chosen.isEmpty { results.append(unmatched(run, place, kernel: kernel, isAllowed: allowUnmatched)) }
    }
    return results + ofTrace(expectations, used: used, path: path, recording, analysis, kernel: kernel)
  }

  // MARK: which sets

  private static func place(of run: Run, number: Int?) -> ExpectationPlace {
    let task = run.comm.map { comm in run.pid.map { "\(comm)-\($0)" } ?? comm }
    return ExpectationPlace(run: number, runTitle: [run.module, task].compactMap { $0 }.joined(separator: ", "))
  }

  /// A set of which it is not known whether it fits can neither break nor pass.
  private static func hedge(_ result: ExpectationResult, doubt: String?) -> ExpectationResult {
    guard let doubt, result.outcome == .pass || result.outcome == .fail else { return result }
    var result = result
    result.outcome = .inconclusive
    result.reason = doubt
    return result
  }

  private static func unmatched(_ run: Run, _ place: ExpectationPlace, kernel: KernelVersion?, isAllowed: Bool) -> ExpectationResult {
    let what = "\(run.module ?? "an unknown module") on \(kernel.map { "Linux \($0)" } ?? "an unknown kernel"): \(run.verdict.rawValue)"
    return ExpectationResult(
      kind: .matchingSet, outcome: isAllowed ? .notApplicable : .inconclusive, expected: "a set that fits the run", found: what,
      reason: isAllowed ? "no set fits it" : "no set fits it: add one, by hand or with --update, or say --allow-unmatched", place: place)
  }

  private static func unjudged(_ place: ExpectationPlace, _ set: ExpectationSet) -> ExpectationResult {
    ExpectationResult(
      kind: .matchingSet, outcome: .inconclusive, expected: "at most \(mostResults) results of a trace", found: "more",
      reason: "what else is expected, of this run and those after it, is not told: split the file of expectations", place: place,
      set: set.name, line: set.line)
  }

  // MARK: the trace as a whole

  private static func ofTrace(
    _ expectations: Expectations, used: [Int: String?], path: String, _ recording: Recording, _ analysis: Analysis, kernel: KernelVersion?
  ) -> [ExpectationResult] {
    var results: [ExpectationResult] = []
    for (index, set) in expectations.sets.enumerated() {
      if let doubt = used[index], let limit = set.maxLostEvents {
        results.append(hedge(lostEvents(recording, limit: limit, set), doubt: doubt))
      }
      guard let count = set.runs, case .yes = set.fit(path: path, kernel: kernel) else { continue }
      results.append(runs(analysis, recording, count: count, set))
    }
    return results
  }

  private static func lostEvents(_ recording: Recording, limit: UInt64, _ set: ExpectationSet) -> ExpectationResult {
    let isUnknown = recording.lossSums.hasUnknown
    let lost = recording.lostEvents
    let outcome: ExpectationResult.Outcome =
      lost > limit || (limit == 0 && !recording.losses.isEmpty) ? .fail : isUnknown ? .inconclusive : .pass
    return ExpectationResult(
      kind: .lostEvents, outcome: outcome, expected: limit == 0 ? "none" : "at most \(limit)",
      found: isUnknown ? (lost > 0 ? "\(lost), and more, number unknown" : "some, number unknown") : lost == 0 ? "none" : "\(lost)",
      reason: outcome == .pass ? nil : "record with a larger buffer (-b)", place: ExpectationPlace(), set: set.name,
      line: set.lines["lost_events"] ?? set.line)
  }

  private static func runs(_ analysis: Analysis, _ recording: Recording, count: Int, _ set: ExpectationSet) -> ExpectationResult {
    let real = analysis.runs.filter { $0.rootRow != nil }
    let fits = real.map { set.fit($0) }
    let certain = fits.count { if case .yes = $0 { true } else { false } }
    let possible = fits.count { if case .no = $0 { false } else { true } }
    let mayLack =
      !recording.losses.isEmpty || !recording.damage.isEmpty || analysis.runs.contains { $0.rootRow == nil && $0.verdict == .incomplete }
    var outcome: ExpectationResult.Outcome = certain == count && possible == count ? .pass : .fail
    if certain < count, possible >= count || mayLack { outcome = .inconclusive }
    if certain == count, possible > count { outcome = .inconclusive }
    let reason =
      mayLack ? "events are lost, or the file is damaged: a run may not be seen" : "the trace does not tell which module each run is of"
    return ExpectationResult(
      kind: .runs, outcome: outcome, expected: "\(count)", found: "\(certain)", reason: outcome == .inconclusive ? reason : nil,
      place: ExpectationPlace(), set: set.name, line: set.lines["runs"] ?? set.line)
  }
}
