import CallTrees

/// Analyses one run.
struct RunAnalyser {
  private let ground: AnalysisGround
  private let candidate: RunCandidate
  private let run: RunTree
  private let integrity: RunIntegrity
  private let lossTouches: Bool
  /// Vendor whose rows are matched: one stands for both where the trace does not tell, and only what they share is reported.
  private let vendor: Vendor
  private var recording: Recording { ground.recording }
  private var hints: AnalysisHints { ground.hints }

  /// - Parameter standIn: vendor to match by where neither the trace nor the user tells it.
  init(_ ground: AnalysisGround, candidate: RunCandidate, standIn: Vendor) {
    var candidate = candidate
    if candidate.vendor == nil, let vendor = ground.hints.vendor {
      (candidate.vendor, candidate.vendorSource) = (vendor, "the command line")
    }
    vendor = candidate.vendor ?? standIn
    self.ground = ground
    self.candidate = candidate
    var seen = candidate
    seen.vendor = vendor
    run = RunTree(ground, candidate: seen)
    (integrity, lossTouches) = RunAnalyser.integrity(of: run)
  }

  func analyse() -> Run {
    let isHidden = hints.kernel == nil && recording.source.kernel.map(KernelVersion.hidesSublevel) ?? false
    let account = ground.account(of: candidate.task)
    let fit = ground.fits.choose(
      for: run, vendor: vendor, recorded: hints.kernel(of: recording), isNamed: hints.kernel != nil, sublevelIsHidden: isHidden)
    // Where the trace does not tell the vendor, only what both have is looked for: nothing of one is to be named.
    var matcher = StageMatcher(run, ground.plans.plan(on: fit.version, for: vendor, isShared: candidate.vendor == nil))
    matcher.match()
    var outcome = Outcome(matcher.run, ground.surroundings)
    let shape = ShapeRules(matcher, lossTouches: lossTouches)
    if outcome.result == .undetermined { shape.judge(&outcome) }

    var found: FailureFinder.Found?
    if case .failed = outcome.result { found = FailureFinder(matcher, outcome: outcome).find() }
    let holding = found.map { containers(of: $0, matcher) } ?? []
    let remote = RemoteWork(matcher.run, matcher: matcher, ground.remote)
    let rules = StageRules(
      matcher: matcher, account: account, outcome: outcome, failed: found?.stage.id, failedContainers: holding, remote: remote,
      lossTouches: lossTouches)
    let stages = rules.results().filter { candidate.vendor != nil || $0.stage.isOfBothX86Vendors }

    let period = RunPeriod(candidate, in: recording)
    var result = Run(
      task: candidate.task, pid: run.task.pid, comm: run.task.comm, module: candidate.vendor?.module, vendor: candidate.vendor,
      rootRow: candidate.rootRow, root: run.displayName(candidate.rootRow), verdict: .incomplete, reason: "",
      startNS: period.start, durationNS: period.duration, calls: run.rows.count,
      maxDepth: run.scan.maxDepth, interruptNS: account.interruptNS(of: candidate.rootRow),
      sleepNS: account.sleepNS(of: candidate.rootRow), flow: Catalogue.flow(on: fit.version, for: vendor), version: fit.version,
      roles: matcher.run.roles, stages: stages, integrity: integrity)
    if let found { result.failure = FailureStory(matcher, outcome: outcome, found: found, vendorKnown: candidate.vendor != nil).failure }
    (result.verdict, result.reason) =
      VerdictRules(
        run: run, outcome: outcome, stages: stages, failure: result.failure, lossTouches: lossTouches, damage: recording.damage,
        shape: shape
      ).verdict
    result.notes = RunNotes(run: run, candidate: candidate, integrity: integrity).notes(
      fit, outcome: outcome, failed: result.failure != nil)
    return result
  }

  // MARK: parts

  /// Stages whose own call holds the failing one.
  private func containers(of found: FailureFinder.Found, _ matcher: StageMatcher) -> Set<String> {
    var rows: Set<Int> = []
    var row = found.row
    while row >= candidate.rootRow {
      rows.insert(row)
      row = Int(run.tree.calls[row].parent)
    }
    let holding = matcher.matches.values.filter { match in
      match.stage.id != found.stage.id && match.stage.id != "module_load" && !match.untimed && match.rows.contains(where: rows.contains)
    }
    return Set(holding.map(\.stage.id))
  }

  private static func integrity(of run: RunTree) -> (RunIntegrity, Bool) {
    var integrity = RunIntegrity()
    integrity.openCalls = run.scan.openCalls
    integrity.mendedCalls = run.scan.mendedCalls
    integrity.unresolvedFunctions = run.scan.unresolvedFunctions
    var lossInside = run.scan.lossInside
    let root = run.tree.calls[run.candidate.rootRow]
    // A run without an end may have gone on past the next one's start: any later gap may be what took the end.
    let end = root.measuredDuration.map { root.start &+ $0 } ?? .max
    for loss in run.recording.losses {
      let overlaps = (loss.after ?? 0) <= end && (loss.before ?? .max) >= root.start
      guard overlaps || !run.recording.hasTimes else { continue }
      integrity.lostEvents = integrity.lostEvents &+ (loss.count ?? 0)
      lossInside = lossInside || run.recording.hasTimes
    }
    return (integrity, lossInside)
  }
}
