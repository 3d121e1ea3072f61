/// What the catalogue knows of a stage between two kernels: where it came from and since when, whichever of them is the older.
///
/// Stable kernels got some changes early (6.1.20 that of 6.3). The history is told along the mainline releases, and the early ones are
/// named where one of the two kernels has it so.
struct StageHistory {
  let stage: Stage
  let vendor: Vendor
  let low: KernelVersion
  let high: KernelVersion

  init(_ stage: Stage, vendor: Vendor, between one: KernelVersion, and other: KernelVersion) {
    self.stage = stage
    self.vendor = vendor
    (low, high) = one <= other ? (one, other) : (other, one)
  }

  /// A change of something that `value` gives for each kernel.
  struct Step<Value: Equatable> {
    var version: KernelVersion
    var old: Value
    var new: Value
  }

  /// The versions after `low`, up to `high`, at which `value` changes.
  func steps<Value: Equatable>(_ value: (KernelVersion) -> Value) -> [Step<Value>] {
    var steps: [Step<Value>] = []
    var last = value(low)
    for version in mainline {
      let next = value(version)
      if next != last { steps.append(Step(version: version, old: last, new: next)) }
      last = next
    }
    let end = value(high)
    if end != last {
      let backport = stage.forms(for: vendor).map(\.versions.since).filter { $0.sublevel > 0 && $0 > low && $0 <= high }.max()
      steps.append(Step(version: backport ?? high, old: last, new: end))
    }
    return steps
  }

  /// Mainline releases at which the catalogue's rows of this stage or the flows begin or end.
  private var mainline: [KernelVersion] {
    let ranges = stage.forms(for: vendor).map(\.versions) + Catalogue.flows.flatMap { $0.ranges + $0.moves.flatMap(\.versions) }
    let edges = Set(ranges.flatMap { [$0.since] + ($0.until.map { [$0] } ?? []) })
    return edges.filter { $0.sublevel == 0 && $0 > low && $0 <= high }.sorted()
  }

  // MARK: sentences

  /// `new in 6.12`, `since 6.3 part of x86_vendor_init`, `part of the load since 6.12`; nil when both kernels have the stage, or neither.
  var presence: String? {
    let hasOld = isPartOfLoad(on: low)
    let hasNew = isPartOfLoad(on: high)
    guard hasOld != hasNew else { return nil }
    let version = steps(isPartOfLoad).last { $0.new == hasNew }?.version ?? high
    if stage.form(on: low, for: vendor) != nil, stage.form(on: high, for: vendor) != nil {
      return hasNew ? "part of the load since \(version)" : "not part of the load since \(version)"
    }
    return hasNew ? "new in \(version)" + (backport(of: version) ?? "") : stage.absence(on: high, for: vendor)
  }

  private func isPartOfLoad(on version: KernelVersion) -> Bool {
    guard stage.form(on: version, for: vendor) != nil else { return false }
    return Catalogue.flow(on: version, for: vendor)?.ids(on: version, for: vendor).contains(stage.id) ?? true
  }

  /// ` (6.1.x: since 6.1.20)` for what stable kernels got early.
  private func backport(of version: KernelVersion) -> String? {
    let early = stage.forms(for: vendor).map(\.versions.since).filter { $0.sublevel > 0 && $0 < version && $0 > low }
    guard !early.isEmpty else { return nil }
    return " (" + early.map { "\($0.major).\($0.minor).x: since \($0)" }.joined(separator: ", ") + ")"
  }

  /// `since 6.2 only if the CPU lacks a constant TSC`, `since 6.18 always`; nil when the condition is the same.
  var condition: String? {
    let steps = steps { stage.form(on: $0, for: vendor)?.presence }
    guard let step = steps.last(where: { $0.old != nil }), let presence = step.new else { return nil }
    switch presence {
    case .required: return "since \(step.version) always"
    case .conditional(let condition): return "since \(step.version) only if \(condition)"
    }
  }

  /// `since 6.3 called by kvm_x86_vendor_init, before that by kvm_arch_init`; nil when the callers are the same.
  var callers: String? {
    let steps = steps { stage.form(on: $0, for: vendor)?.parents ?? [] }.filter { Self.differ($0.old, $0.new) }
    guard !steps.isEmpty else { return nil }
    return steps.reversed().map { "since \($0.version) called by \($0.new[0]), before that by \($0.old[0])" }.joined(separator: "; ")
  }

  /// Whether the sources of the two kernels have different callers.
  var callersDiffer: Bool {
    guard let old = stage.form(on: low, for: vendor)?.parents, let new = stage.form(on: high, for: vendor)?.parents else { return false }
    return Self.differ(old, new)
  }

  /// Whether both have callers, and none in common.
  private static func differ(_ old: [String], _ new: [String]) -> Bool {
    !old.isEmpty && !new.isEmpty && !old.contains { caller in new.contains { Catalogue.sameStep(caller, $0) } }
  }

  /// `since 6.4 after register_syscore_ops, before that before it`: when the order of two stages changed in the flows.
  func order(against other: Stage) -> String? {
    let steps = steps { version -> Bool? in
      guard let ids = Catalogue.flow(on: version, for: vendor)?.ids(on: version, for: vendor),
        let own = ids.firstIndex(of: stage.id), let place = ids.firstIndex(of: other.id)
      else { return nil }
      return own > place
    }
    guard let step = steps.last(where: { $0.old != nil && $0.new != nil }), let isAfter = step.new else { return nil }
    return "since \(step.version) \(isAfter ? "after" : "before") \(other.title)"
  }
}
