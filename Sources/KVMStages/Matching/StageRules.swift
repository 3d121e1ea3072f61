import CallTrees

/// Gives each stage of a run its status.
struct StageRules {
  let matcher: StageMatcher
  let account: TimeAccount
  let outcome: Outcome
  /// Stage at which the run failed, and the stages around it.
  let failed: String?
  let failedContainers: Set<String>
  let remote: RemoteWork
  /// Whether events were lost, or the file is damaged, while the run was on.
  let lossTouches: Bool
  /// First rows of all stages that are calls.
  private let stageRows: Set<Int>
  private var run: RunTree { matcher.run }

  init(
    matcher: StageMatcher, account: TimeAccount, outcome: Outcome, failed: String?, failedContainers: Set<String>, remote: RemoteWork,
    lossTouches: Bool
  ) {
    self.matcher = matcher
    self.account = account
    self.outcome = outcome
    self.failed = failed
    self.failedContainers = failedContainers
    self.remote = remote
    self.lossTouches = lossTouches
    stageRows = Set(matcher.matches.values.filter { !$0.untimed }.compactMap(\.rows.first))
  }

  /// A status with the sentence that explains it.
  private struct Ruling {
    var status: StageStatus
    var note: String?
  }

  /// Every stage of the vendor, in the order of execution; stages that this kernel does not have come last.
  func results() -> [StageResult] {
    var results: [StageResult] = []
    var byID: [String: StageStatus] = [:]
    for id in matcher.order {
      guard let stage = Catalogue.stage(id) else { continue }
      let result = result(for: stage, earlier: byID)
      byID[id] = result.status
      results.append(result)
    }
    let listed = Set(matcher.order)
    for stage in Catalogue.stages where stage.vendors.contains(matcher.vendor) && !listed.contains(stage.id) {
      let absence = stage.absence(on: matcher.version, for: matcher.vendor)
      results.append(StageResult(stage: stage, status: .absent, note: absence.isEmpty ? Self.notAtLoad : absence))
    }
    return results
  }

  private func result(for stage: Stage, earlier: [String: StageStatus]) -> StageResult {
    guard let match = matcher.matches[stage.id] else {
      return StageResult(stage: stage, status: .absent, note: stage.absence(on: matcher.version, for: matcher.vendor))
    }
    if match.form.visibility == .otherCPUs { return remoteResult(match, earlier: earlier) }
    guard !match.rows.isEmpty else {
      let ruling = rulingWithoutCall(match, earlier: earlier)
      return StageResult(stage: stage, status: ruling.status, parent: nil, note: ruling.note, level: level(of: match))
    }
    var result = foundResult(match)
    if stage.id == failed {
      result.status = .failed
    } else if failedContainers.contains(stage.id) {
      result.status = .failed
      result.note = failed.flatMap(Catalogue.stage).map { "failed in: \($0.title)" }
    } else if let error = toleratedError(match) {
      result.status = .failed
      result.tolerated = true
      result.note = toleratedNote(match, error: error)
    }
    return result
  }

  // MARK: found

  private func foundResult(_ match: StageMatch) -> StageResult {
    let tree = run.tree
    let first = match.rows[0]
    var duration: UInt64? = 0
    for row in match.rows { duration = duration.flatMap { sum in tree.calls[row].measuredDuration.map { sum &+ $0 } } }
    var result = StageResult(
      stage: match.stage, status: .ok, function: run.displayName(first), parent: match.parentRow.map(run.displayName),
      startNS: run.recording.hasTimes ? tree.calls[first].knownStart : nil, durationNS: match.untimed ? nil : duration,
      interruptNS: match.rows.reduce(0) { $0 &+ account.interruptNS(of: $1) },
      sleepNS: match.rows.reduce(0) { $0 &+ account.sleepNS(of: $1) },
      calls: match.rows.count, rows: match.rows, level: level(of: match))
    if match.untimed {
      (result.interruptNS, result.sleepNS) = (0, 0)
      result.note = "straight code without a call of its own: it ran, since \(match.parentRow.map(run.displayName) ?? "its caller") did"
    }
    if match.byPlace { result.note = "told by its place: its name is not in the trace" }
    if match.elsewhere {
      result.note = "called by \(match.parentRow.map(run.displayName) ?? "nobody"), not where this kernel's sources have it"
    }
    if duration == nil, !match.untimed { result.note = "a return was not recorded: the time is unknown" }
    if match.stage.id == "cpu_compat_check" { result.perCPU = sharePerCPU(match.rows) }
    return result
  }

  /// The check is called for each online CPU in ascending order (`for_each_online_cpu`): the n-th call is the n-th CPU.
  private func sharePerCPU(_ rows: [Int]) -> [CPUShare] {
    guard rows.count == run.recording.source.cpus else { return [] }
    return rows.enumerated().map { cpu, row in
      let call = run.tree.calls[row]
      return CPUShare(cpu: cpu, startNS: run.recording.hasTimes ? call.knownStart : nil, durationNS: call.measuredDuration, result: nil)
    }
  }

  /// Number of stages whose calls hold this one; for a stage without a call, those that hold its expected place.
  private func level(of match: StageMatch) -> Int {
    // Work on other CPUs is started by the registration of the hotplug state.
    if match.form.visibility == .otherCPUs { return matcher.matches["cpuhp_register"].map { self.level(of: $0) + 1 } ?? 0 }
    guard var row = match.rows.first.map({ Int(run.tree.calls[$0].parent) }) ?? match.parentRow else {
      return catalogueLevel(match, limit: 8)
    }
    var level = 0
    // Stages have their calls in the run only.
    while row >= run.candidate.rootRow {
      if stageRows.contains(row) { level += 1 }
      row = Int(run.tree.calls[row].parent)
    }
    return level
  }

  private func catalogueLevel(_ match: StageMatch, limit: Int) -> Int {
    guard limit > 0, let host = matcher.plan.hosts(of: match.stage.id).first.flatMap({ matcher.matches[$0] }) else { return 0 }
    return host.rows.isEmpty ? catalogueLevel(host, limit: limit - 1) + 1 : level(of: host) + 1
  }

  /// The error of a step that the run went on after: only where the catalogue says that its function returns errors.
  private func toleratedError(_ match: StageMatch) -> Int64? {
    guard failed != match.stage.id, !failedContainers.contains(match.stage.id) else { return nil }
    let facts = match.form.failure
    guard facts.isIgnored || (!facts.returns.isEmpty && match.form.markers.contains { $0.role == .own }) else { return nil }
    return match.rows.lazy.compactMap { outcome.results[$0] }.first(where: ErrnoName.isError)
  }

  private func toleratedNote(_ match: StageMatch, error: Int64) -> String {
    let name = ErrnoName.name(error) ?? String(error)
    return match.form.failure.isIgnored ? "returned \(name), which KVM ignores" : "returned \(name), and the init went on"
  }

  // MARK: not found

  private var failedIndex: Int? { failed.flatMap(matcher.plan.place) }

  private func rulingWithoutCall(_ match: StageMatch, earlier: [String: StageStatus]) -> Ruling {
    let index = matcher.plan.place(of: match.stage.id) ?? 0
    if match.stage.id == failed { return Ruling(status: .failed, note: "it has no call of its own: told from the calls around it") }
    if let failedIndex, index > failedIndex { return Ruling(status: .notReached) }
    if match.form.visibility == .none { return Ruling(status: .notVisible, note: match.form.note.isEmpty ? nil : match.form.note) }
    let parents = matcher.parentRows(of: match.form)
    guard let parent = match.parentRow ?? parents.first else { return rulingWithoutCaller(match, earlier: earlier) }
    if run.isAtDepthLimit(parent) {
      return Ruling(status: .notTraced, note: "below the depth limit: the recording ends at depth \(run.deepest)")
    }
    if let hidden = hiddenByRecorder(match) { return Ruling(status: .notTraced, note: "the recording leaves out what is below \(hidden)") }
    let call = run.tree.calls[parent]
    if call.flags.contains(.lossInside) || (lossTouches && !isPassed(index)) {
      return Ruling(status: .notTraced, note: "events were lost inside \(run.displayName(parent))")
    }
    if call.flags.contains(.open), !isPassed(index) {
      return Ruling(status: .notTraced, note: "the recording ends inside \(run.displayName(parent))")
    }
    if let ruling = rulingForHiddenName(match, parent: parent) { return ruling }
    if lossTouches { return Ruling(status: .notTraced, note: "events were lost while the run was on") }
    switch match.form.presence {
    case .conditional(let condition): return Ruling(status: .skipped, note: condition.isEmpty ? nil : "only if \(condition)")
    case .required:
      return Ruling(status: .missing, note: "no call of \(match.form.shownBy.joined(separator: ", ")) below \(run.displayName(parent))")
    }
  }

  /// A marker that the recorder was told to leave out.
  private func hiddenByRecorder(_ match: StageMatch) -> String? {
    guard let names = run.recording.source.recorder?.leftOut else { return nil }
    return match.form.markers.map(\.function).first(where: names.contains)
  }

  /// The function may be one of the unnamed calls of its caller.
  private func rulingForHiddenName(_ match: StageMatch, parent: Int) -> Ruling? {
    guard match.form.markers.contains(where: { $0.module == matcher.vendor.module }) else { return nil }
    let known = Set(matcher.matches.values.flatMap(\.rows))
    let unnamed = run.steps(below: parent).filter { run.name($0) == nil && !known.contains($0) }
    guard !unnamed.isEmpty else { return nil }
    return Ruling(status: .notTraced, note: "calls of \(run.displayName(parent)) without a name: \(unnamed.count); it may be one of them")
  }

  private func isPassed(_ index: Int) -> Bool {
    matcher.order[(index + 1)...].contains { matcher.matches[$0].map { !$0.rows.isEmpty } ?? false }
  }

  /// None of the stage's callers is in the run.
  private func rulingWithoutCaller(_ match: StageMatch, earlier: [String: StageStatus]) -> Ruling {
    if match.stage.id == "kvm_ko_module_init" { return Ruling(status: .skipped, note: "kvm.ko was loaded before this run") }
    let root = run.displayName(run.candidate.rootRow)
    if let ruling = rulingAtBoot(match, root: root) { return ruling }
    for host in matcher.plan.hosts(of: match.stage.id) {
      guard let status = earlier[host] else { continue }
      switch status {
      case .skipped: return Ruling(status: .skipped, note: "part of \(Catalogue.stage(host)?.title ?? host), which was not taken")
      case .notTraced where run.candidate.initRow == nil: continue
      case .notReached, .notTraced, .missing:
        return Ruling(status: status == .missing ? .notTraced : status, note: "its caller is \(status.rawValue)")
      default: break
      }
    }
    if run.candidate.initRow == nil {
      let isCut = run.tree.calls[run.candidate.rootRow].depth > 0
      return Ruling(
        status: .notTraced,
        note: isCut
          ? "the recording begins inside \(root): what ran before and around it is lost"
          : "outside the traced root \(root); record with the root do_init_module")
    }
    if run.isAtDepthLimit(run.candidate.initRow ?? run.candidate.rootRow) || run.deepest < 6 {
      return Ruling(status: .notTraced, note: "below the depth limit: the recording ends at depth \(run.deepest)")
    }
    if case .conditional(let condition) = match.form.presence { return Ruling(status: .skipped, note: "only if \(condition)") }
    return Ruling(status: .notTraced, note: "its caller \(match.form.parents.first ?? "") is not in the trace")
  }

  /// What stands outside an init that is built in: the initcall around it, and other initcalls.
  private func rulingAtBoot(_ match: StageMatch, root: String) -> Ruling? {
    guard run.isBuiltIn, run.candidate.initRow == run.candidate.rootRow else { return nil }
    if match.stage.id == "module_load" {
      return Ruling(status: .notTraced, note: "KVM is built in: do_one_initcall calls \(root) at boot, outside the traced root")
    }
    guard match.form.parents == ["do_one_initcall"] else { return nil }
    let function = match.form.markers.first?.function ?? "it"
    return Ruling(
      status: .notTraced, note: "an initcall of its own, outside the traced root \(root); add \(function) to ftrace_graph_filter")
  }

  // MARK: other CPUs

  /// Before 6.12.
  private static let notAtLoad = "not at module load on this kernel: at the first VM, and when a CPU comes online"

  private func remoteResult(_ match: StageMatch, earlier: [String: StageStatus]) -> StageResult {
    let index = matcher.plan.place(of: match.stage.id) ?? 0
    var result = StageResult(stage: match.stage, status: .notTraced, level: level(of: match))
    if !remote.shares.isEmpty {
      result.status = remote.shares.contains { $0.result.map(ErrnoName.isError) ?? false } ? .failed : .ok
      result.function = remote.function
      result.perCPU = remote.shares
      result.calls = remote.shares.count
      result.startNS = remote.shares.compactMap(\.startNS).min()
      result.note = remote.note
      result.tolerated = result.status == .failed && outcome.result == .succeeded
    } else if match.stage.id == failed {
      result.status = .failed
    } else if let failedIndex, index > failedIndex {
      result.status = .notReached
    } else if earlier["virtualization_enable"] == .skipped {
      result.status = .skipped
      result.note = "part of \(Catalogue.stage("virtualization_enable")?.title ?? "virtualization_enable"), which was not taken"
    } else if matcher.matches["virtualization_enable"] == nil {
      result.status = .skipped
      result.note = Self.notAtLoad
    } else {
      result.note = "runs on each CPU in its cpuhp thread, outside the traced task"
    }
    return result
  }
}
