/// Makes expectations of traces: what they show is what is expected from now on.
///
/// For each module there is a set for each range of kernels that behave the same. It holds for traces to come too. Traces that are not
/// like most (a load that must fail, one recorded below a narrower root, text that names no kernel) get sets of their own, with their
/// paths, and are left out of the general ones.
public struct ExpectationUpdate {
  /// Greatest durations are this many times the longest that was seen; nil: none are written.
  private let slack: Double?
  private let ends: PathEnds
  private let units: [Unit]

  public init(_ traces: [ObservedTrace], slack: Double? = nil) {
    self.slack = slack
    ends = PathEnds(traces.map(\.path))
    units = traces.flatMap(Self.units)
  }

  /// The same traces give the same sets, in the same order.
  public func sets() -> [ExpectationSet] {
    let modules = Set(units.map(\.module)).sorted { ($0 ?? "~") < ($1 ?? "~") }
    return modules.flatMap { module in sets(of: module, units.filter { $0.module == module }) }
  }

  // MARK: units

  /// What alike traces have in common.
  private struct Likeness: Hashable {
    var verdicts: [Verdict]
    var failureStage: String?
    var failureErrno: String?
    /// What this kind of recording cannot show.
    var notTraced: [String]
    var hasLoss: Bool

    var isPlain: Bool { verdicts == [.ok] && notTraced.isEmpty && !hasLoss }
  }

  /// The runs of one module in one trace.
  private struct Unit {
    var path: String
    var kernel: KernelVersion?
    var module: String?
    var likeness: Likeness
    var runs: [ObservedTrace.ObservedRun]
  }

  /// A trace that has a run of an unknown module is one unit: sets for it can only name its path.
  private static func units(of trace: ObservedTrace) -> [Unit] {
    let isUntold = trace.runs.contains { $0.module == nil }
    let modules: [String?] = isUntold ? [nil] : Set(trace.runs.compactMap(\.module)).sorted()
    return modules.map { module in
      let runs = isUntold ? trace.runs : trace.runs.filter { $0.module == module }
      let failed = runs.filter { $0.failureStage != nil }
      let isOneFailure = failed.count == runs.count && Set(failed.map { [$0.failureStage, $0.failureErrno] }).count == 1
      let likeness = Likeness(
        verdicts: Verdict.allCases.filter { verdict in runs.contains { $0.verdict == verdict } },
        failureStage: isOneFailure ? failed.first?.failureStage : nil, failureErrno: isOneFailure ? failed.first?.failureErrno : nil,
        notTraced: Set(runs.flatMap { $0.stages.filter { $0.status == .notTraced }.map(\.id) }).sorted(), hasLoss: trace.hasLoss)
      return Unit(path: trace.path, kernel: trace.kernel, module: module, likeness: likeness, runs: runs)
    }
  }

  // MARK: sets

  private func sets(of module: String?, _ units: [Unit]) -> [ExpectationSet] {
    let namesKernels = units.contains { $0.kernel != nil }
    let likenesses = Set(units.map(\.likeness))
    let general = module == nil ? nil : generalLikeness(units, likenesses)
    var typical = units.filter { $0.likeness == general && ($0.kernel != nil || !namesKernels) }
    var special = units.filter { unit in unit.likeness != general || (unit.kernel == nil && namesKernels) }
    let leftOut = special.filter { $0.likeness != general && ($0.kernel != nil || !namesKernels) }.map(\.path) + untold(of: module)
    // What leaves out a path leaves out those that end so, too.
    let lost = Set(leftOut.flatMap(ends.others(than:)))
    special += typical.filter { lost.contains($0.path) }
    typical.removeAll { lost.contains($0.path) }
    return generalSets(of: module, typical, besides: leftOut) + specialSets(of: module, special)
  }

  /// Traces that have a run of the module beside one of an unknown module: a set of their own holds for all of their runs.
  private func untold(of module: String?) -> [String] {
    guard module != nil else { return [] }
    return units.filter { $0.module == nil && $0.runs.contains { $0.module == module } }.map(\.path)
  }

  /// What most traces are like, whole and successful ones first.
  private func generalLikeness(_ units: [Unit], _ likenesses: Set<Likeness>) -> Likeness? {
    let counts = likenesses.map { likeness in
      (likeness, units.count { $0.likeness == likeness }, units.firstIndex { $0.likeness == likeness })
    }
    return counts.max { one, other in
      (one.0.isPlain ? 1 : 0, one.1, -(one.2 ?? 0)) < (other.0.isPlain ? 1 : 0, other.1, -(other.2 ?? 0))
    }?.0
  }

  private func generalSets(of module: String?, _ units: [Unit], besides leftOut: [String]) -> [ExpectationSet] {
    let series = Set(units.compactMap(\.kernel)).sorted()
    guard !series.isEmpty else { return units.isEmpty ? [] : [set(of: module, units, besides: leftOut)] }
    var groups: [(kernels: [KernelVersion], units: [Unit])] = []
    for kernel in series {
      let own = units.filter { $0.kernel == kernel }
      if let last = groups.last, stages(of: last.units) == stages(of: own) {
        groups[groups.count - 1].kernels.append(kernel)
        groups[groups.count - 1].units += own
      } else {
        groups.append(([kernel], own))
      }
    }
    return groups.map { group in
      let first = group.kernels[0]
      let last = group.kernels[group.kernels.count - 1]
      let condition = first == last ? "\(first)" : ">=\(first) <=\(last)"
      let fitting = leftOut.filter { path in
        self.units.contains { unit in unit.path == path && (unit.kernel.map { first...last ~= $0 } ?? true) }
      }
      var set = set(of: module, group.units, besides: fitting)
      set.kernels = KernelCondition(condition).map { [$0] } ?? []
      set.name = "\(module ?? "") on Linux " + (first == last ? "\(first)" : "\(first) to \(last)")
      return set
    }
  }

  /// One set for all that are alike and show the same, and whose paths can be told from all others by their ends.
  private func specialSets(of module: String?, _ units: [Unit]) -> [ExpectationSet] {
    var groups: [(likeness: Likeness, stages: [StageExpectation], units: [Unit])] = []
    func isUnique(_ unit: Unit) -> Bool { ends.others(than: unit.path).isEmpty }
    for unit in units {
      let shown = stages(of: [unit])
      let index = groups.firstIndex { group in
        group.likeness == unit.likeness && group.stages == shown
          && (group.units[0].path == unit.path || (isUnique(unit) && isUnique(group.units[0])))
      }
      if let index {
        groups[index].units.append(unit)
      } else {
        groups.append((unit.likeness, shown, [unit]))
      }
    }
    return groups.map { group in
      var set = set(of: module, group.units, besides: [])
      let own = group.units.map(\.path)
      set.traces = PathPatterns(paths(own) + Set(own.flatMap(ends.others(than:))).sorted().map { "!" + PathPatterns.literal($0) })
      set.name = [module ?? "unknown module", describe(group.likeness)].joined(separator: ", ")
      return set
    }
  }

  private func describe(_ likeness: Likeness) -> String {
    let verdict = likeness.verdicts.map(\.rawValue).joined(separator: " or ")
    if let stage = likeness.failureStage { return "\(verdict) at \(stage)" }
    return likeness.notTraced.isEmpty ? verdict : "\(verdict), \(likeness.notTraced.count) stages not traced"
  }

  private func set(of module: String?, _ units: [Unit], besides leftOut: [String]) -> ExpectationSet {
    var set = ExpectationSet(name: module)
    set.modules = module.map { [$0] } ?? []
    set.traces = PathPatterns(paths(leftOut).map { "!" + $0 })
    set.verdicts = units.first?.likeness.verdicts ?? []
    if let stage = units.first?.likeness.failureStage {
      set.failure = FailureExpectation(stage: stage, errno: units.first?.likeness.failureErrno)
    }
    if units.allSatisfy({ !$0.likeness.hasLoss }) { set.maxLostEvents = 0 }
    set.stages = stages(of: units)
    // Of runs that end differently no statuses are written, and yet those that succeed may not go past a required stage.
    if set.stages.isEmpty { set.toleratedStages = missingStages(of: units) }
    guard let slack else { return set }
    let runs = units.flatMap(\.runs)
    set.maxDuration = limit(runs.map(\.durationNS), slack)
    for index in set.stages.indices {
      let id = set.stages[index].stage
      let judged = runs.flatMap(\.stages).filter { $0.id == id && ($0.durationNS != nil || $0.status.needsTime) }
      set.stages[index].maxDuration = limit(judged.map(\.durationNS), slack)
    }
    return set
  }

  /// The statuses of each stage over all runs, in the order of the first run; none where a run is not ok: what it did not reach holds for
  /// that run only.
  private func stages(of units: [Unit]) -> [StageExpectation] {
    guard units.allSatisfy({ $0.likeness.verdicts == [.ok] }) else { return [] }
    var order: [String] = []
    var seen: [String: Set<StageStatus>] = [:]
    for stage in units.flatMap({ $0.runs.flatMap(\.stages) }) {
      if seen[stage.id] == nil { order.append(stage.id) }
      seen[stage.id, default: []].insert(stage.status)
    }
    return order.map { id in
      StageExpectation(stage: id, statuses: StageStatus.allCases.filter { seen[id]?.contains($0) ?? false })
    }
  }

  /// Required stages that a run which succeeded is without.
  private func missingStages(of units: [Unit]) -> Set<String> {
    let whole = units.flatMap(\.runs).filter { $0.verdict == .ok }
    return Set(whole.flatMap(\.stages).filter { $0.status == .missing }.map(\.id))
  }

  /// Never below what differs from run to run; nil where nothing was measured, or not everything: of the rest, a limit cannot be told.
  private func limit(_ durations: [UInt64?], _ slack: Double) -> TimeLimit? {
    let floor: UInt64 = 100_000
    let measured = durations.compactMap { $0 }
    guard let longest = measured.max(), measured.count == durations.count, case let scaled = Double(longest) * slack, scaled < 9e18 else {
      return nil
    }
    // Two digits that count: a limit is no measurement.
    var step: UInt64 = 1
    while UInt64(scaled) / step >= 100 { step *= 10 }
    return TimeLimit(nanoseconds: max(floor, (UInt64(scaled) / step + 1) * step))
  }

  // MARK: paths

  private func paths(_ paths: [String]) -> [String] { Set(paths).map(ends.pattern(of:)).sorted() }
}
