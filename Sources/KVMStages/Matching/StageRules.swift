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
  var run: RunTree { matcher.run }

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
  struct Ruling {
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
    if isUntold(match) { result.note = "it returned; whether with an error is not told" }
    if duration == nil, !match.untimed { result.note = "a return was not recorded: the time is unknown" }
    if match.stage.id == "cpu_compat_check" { result.perCPU = sharePerCPU(match.rows) }
    return result
  }

  /// Whether the step may have failed: it can, nothing that comes after it was seen, and how the init ended is not known.
  private func isUntold(_ match: StageMatch) -> Bool {
    guard outcome.result == .undetermined, !match.untimed, !match.form.failure.returns.isEmpty, !match.form.failure.isIgnored,
      let index = matcher.plan.place(of: match.stage.id)
    else { return false }
    return !isPassed(index) && match.rows.allSatisfy { outcome.results[$0] == nil }
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
