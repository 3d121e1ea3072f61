import CallTrees

/// What the user tells about a trace that the trace itself does not.
public struct AnalysisHints: Sendable {
  /// Kernel of a text trace, which names none.
  public var kernel: KernelVersion?
  /// Vendor of a failed load whose names are gone.
  public var vendor: Vendor?

  public init(kernel: KernelVersion? = nil, vendor: Vendor? = nil) {
    self.kernel = kernel
    self.vendor = vendor
  }

  /// The kernel of `recording`: as the user tells it, else as the recording does.
  public func kernel(of recording: Recording) -> KernelVersion? { kernel ?? recording.source.kernel.flatMap { KernelVersion(release: $0) } }
}

/// Maps a recording onto the documented stages and gives each run its verdict.
public enum Analyser {
  /// Analyses `recording`, whose names `NameChecks` has been through.
  ///
  /// - Returns: one `Run` for each init of a KVM vendor module, or a single one that says why there is none.
  public static func analyse(_ recording: Recording, hints: AnalysisHints = AnalysisHints()) -> Analysis {
    let names = FunctionNames(recording)
    let finder = RunFinder(recording, names: names, kernel: hints.kernel(of: recording), toldVendor: hints.vendor)
    let candidates = finder.find()
    guard !candidates.isEmpty else { return Analysis(runs: [NoRun.explain(recording)]) }
    let traits = RunScan.Traits(recording, names: names)
    let examined = candidates.prefix(RunFinder.limit)
    let remote = RemoteCalls(recording, names: names, runs: examined)
    let deepest = recording.deepest
    let fits = VersionFits()
    let plans = StagePlans(names)
    var accounts: [Int: TimeAccount] = [:]
    let loaded = candidates.count == 1 ? NoRun.loadedVendor(recording) : nil
    var runs = examined.map { candidate -> Run in
      let account = accounts[candidate.task] ?? TimeAccount(recording.tasks[candidate.task])
      accounts[candidate.task] = account
      return VendorChoice(candidate, loaded: loaded) { candidate, standIn in
        RunAnalyser(
          recording, candidate: candidate, standIn: standIn, names: names, traits: traits, deepest: deepest, account: account, hints: hints,
          fits: fits, plans: plans, surroundings: finder.surroundings, remote: remote
        ).analyse()
      }.run()
    }
    if let note = namelessNote(finder.nameless(besides: candidates), recording) { runs[0].notes.append(note) }
    if candidates.count > RunFinder.limit {
      runs.append(NoRun.unexamined(candidates[RunFinder.limit], of: recording))
    }
    return Analysis(runs: runs)
  }

  private static func namelessNote(_ inits: [(task: Int, row: Int)], _ recording: Recording) -> String? {
    guard !inits.isEmpty else { return nil }
    let tasks = inits.map { recording.tasks[$0.task] }.map { "\($0.comm ?? "task")-\($0.pid.map(String.init) ?? "?")" }
    return
      "\(inits.count) other module \(inits.count == 1 ? "init" : "inits") in this trace (\(Set(tasks).sorted().joined(separator: ", "))) "
      + "have no names at all: whether KVM's were among them cannot be told; record one load at a time"
  }
}

/// Analyses one run.
struct RunAnalyser {
  private let recording: Recording
  private let candidate: RunCandidate
  private let account: TimeAccount
  private let hints: AnalysisHints
  private let run: RunTree
  private let integrity: RunIntegrity
  private let lossTouches: Bool
  /// Vendor whose rows are matched: one stands for both where the trace does not tell, and only what they share is reported.
  private let vendor: Vendor
  private let fits: VersionFits
  private let plans: StagePlans
  private let surroundings: TaskSurroundings
  private let remote: RemoteCalls

  init(
    _ recording: Recording, candidate: RunCandidate, standIn: Vendor, names: FunctionNames, traits: RunScan.Traits, deepest: Int,
    account: TimeAccount, hints: AnalysisHints, fits: VersionFits, plans: StagePlans, surroundings: TaskSurroundings, remote: RemoteCalls
  ) {
    var candidate = candidate
    if candidate.vendor == nil, let vendor = hints.vendor { (candidate.vendor, candidate.vendorSource) = (vendor, "the command line") }
    vendor = candidate.vendor ?? standIn
    self.recording = recording
    self.candidate = candidate
    self.account = account
    self.hints = hints
    self.fits = fits
    self.plans = plans
    self.surroundings = surroundings
    self.remote = remote
    var seen = candidate
    seen.vendor = vendor
    run = RunTree(recording, candidate: seen, names: names, traits: traits, deepest: deepest)
    (integrity, lossTouches) = RunAnalyser.integrity(of: run)
  }

  func analyse() -> Run {
    let isHidden = hints.kernel == nil && recording.source.kernel.map(KernelVersion.hidesSublevel) ?? false
    let fit = fits.choose(for: run, vendor: vendor, recorded: hints.kernel(of: recording), sublevelIsHidden: isHidden)
    // Where the trace does not tell the vendor, only what both have is looked for: nothing of one is to be named.
    var matcher = StageMatcher(run, plans.plan(on: fit.version, for: vendor, isShared: candidate.vendor == nil))
    matcher.match()
    var outcome = Outcome(matcher.run, surroundings)
    if outcome.result == .undetermined { judgeByShape(&outcome, matcher) }

    var found: FailureFinder.Found?
    if case .failed = outcome.result { found = FailureFinder(matcher, outcome: outcome).find() }
    let holding = found.map { containers(of: $0, matcher) } ?? []
    let remote = RemoteWork(matcher.run, matcher: matcher, remote)
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
        run: run, outcome: outcome, stages: stages, failure: result.failure, lossTouches: lossTouches, damage: recording.damage
      ).verdict
    result.notes = atBootNotes(failed: result.failure != nil, outcome: outcome) + notes(fit: fit, failed: result.failure != nil)
    return result
  }

  // MARK: parts

  /// Without the loader in the trace: the init is through when its last required step has run and nothing was undone.
  private func judgeByShape(_ outcome: inout Outcome, _ matcher: StageMatcher) {
    let root = run.tree.calls[candidate.initRow ?? candidate.rootRow]
    guard root.measuredDuration != nil || root.flags.contains(.durationUnknown), !root.flags.contains(.open), !lossTouches else { return }
    guard root.depth == 0 || candidate.initRow != nil, !run.isAtDepthLimit(candidate.initRow ?? candidate.rootRow) else { return }
    let visible = matcher.order.compactMap { matcher.matches[$0] }.filter { match in
      match.form.presence.isRequired && match.form.visibility != .none && match.form.visibility != .otherCPUs
    }
    let inWindow = visible.filter { !matcher.parentRows(of: $0.form).isEmpty || !$0.rows.isEmpty }
    let undone = run.rows.contains { row in
      run.name(row).flatMap { Catalogue.undoes[$0]?.count } == 1 && Int(run.tree.calls[row].depth) <= Int(root.depth) + 2
    }
    if let last = inWindow.last, !last.rows.isEmpty, !undone {
      outcome.result = .succeeded
      outcome.text.append("its last step, \(last.stage.title), ran, and nothing was undone")
    } else if let last = inWindow.last, last.rows.isEmpty || undone {
      outcome.result = .failed(code: nil)
      outcome.evidence.append(.unwind)
      outcome.text.append("\(run.displayName(candidate.initRow ?? candidate.rootRow)) returned before \(last.stage.title)")
    }
  }

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

  /// Why functions have no name, and how to get names.
  private func namelessNote(failed: Bool) -> String {
    let count = integrity.unresolvedFunctions == 1 ? "1 function has no name" : "\(integrity.unresolvedFunctions) functions have no name"
    let reason =
      failed
      ? "the module was freed before its symbols were read"
      : "the recorded symbols leave \(integrity.unresolvedFunctions == 1 ? "it" : "them") out"
    let kallsyms = failed ? "a copy of /proc/kallsyms from while it was loaded" : "a copy of /proc/kallsyms"
    let first = "the module's file (--module-dir /lib/modules/\(recording.source.kernel ?? "RELEASE")), "
    let told = recording.nameNotes.map { "; " + $0 }.joined()
    return "\(count) to be trusted: \(reason); \(first)\(kallsyms) (--kallsyms FILE), or kretprobe events in the recording, "
      + "\(failed ? "name" : "may name") them\(told)"
  }

  private func atBootNotes(failed: Bool, outcome: Outcome) -> [String] {
    guard run.isBuiltIn else { return [] }
    let isSilent = failed && !outcome.evidence.contains(.returnValue) && outcome.log.isEmpty
    return ["KVM is built into this kernel: its init ran at boot"]
      + (isSilent
        ? [
          "neither the error nor the kernel's own line is in this trace: trace_event=initcall:initcall_finish,printk:console on the "
            + "kernel command line records them"
        ] : [])
  }

  private func notes(fit: VersionFit, failed: Bool) -> [String] {
    var notes: [String] = []
    if let note = fit.note { notes.append(note) }
    if let range = fit.range {
      let span =
        range.lowerBound == range.upperBound ? "those of \(range.upperBound)" : "those of \(range.lowerBound) to \(range.upperBound)"
      notes.append("the trace names no kernel: the calls fit \(span); --kernel VERSION tells which")
    }
    if let source = candidate.vendorSource, !source.hasPrefix("the function") {
      notes.append("the module is told from \(source)")
    }
    if candidate.vendor == nil {
      notes.append(
        "kvm_intel or kvm_amd: nothing in this trace tells which; record with -e module, or say --vendor intel|amd"
      )
    }
    if integrity.unresolvedFunctions > 0 { notes.append(namelessNote(failed: failed)) }
    if !recording.hasTimes {
      notes.append("this text has no time column (option funcgraph-abstime): durations are measured, starts are not known")
    }
    return notes
  }
}
