/// Compares the stages of two sides.
struct StageDiffer {
  let before: DiffSide
  let after: DiffSide
  let judge: TimeJudge
  /// Why the times of the sides cannot be compared, or nil.
  let timesMissing: String?
  private let order: StageOrder

  init(_ before: DiffSide, _ after: DiffSide, judge: TimeJudge, timesMissing: String?) {
    (self.before, self.after, self.judge, self.timesMissing) = (before, after, judge, timesMissing)
    order = StageOrder(before, after)
  }

  /// Every stage of either side, in the order of execution after; what is only before stands behind what it followed there.
  func changes() -> [StageChange] {
    order.ids.compactMap { id in
      guard let stage = Catalogue.stage(id) else { return nil }
      return change(of: stage, before.stage(id), after.stage(id))
    }
  }

  private func change(of stage: Stage, _ old: SideStage?, _ new: SideStage?) -> StageChange {
    var change = StageChange(stage: stage, kind: .same, before: old, after: new, timing: nil, reasons: [])
    if timesMissing == nil, let old, let new { change.timing = judge.timing(before: old.duration, after: new.duration) }
    change.kind = kind(of: stage, old, new)
    if change.kind == .same, let reasons = moves(of: stage, old, new) { (change.kind, change.reasons) = (.moved, reasons) }
    if change.kind == .same {
      switch change.timing {
      case .slower: change.kind = .slower
      case .faster: change.kind = .faster
      case .same, nil: break
      }
    }
    if change.kind != .moved { change.reasons = reasons(for: change) }
    return change
  }

  // MARK: presence and status

  private func kind(of stage: Stage, _ old: SideStage?, _ new: SideStage?) -> StageChange.Kind {
    if (old == nil && before.vendor == nil) || (new == nil && after.vendor == nil) { return .undecided }
    let isOld = old?.exists ?? false
    let isNew = new?.exists ?? false
    if isOld != isNew { return isNew ? .appeared : .gone }
    guard isOld, let old, let new else { return .same }
    let oldStatuses = Set(old.statuses)
    let newStatuses = Set(new.statuses)
    if oldStatuses == newStatuses { return old.isTolerated == new.isTolerated || oldStatuses.count > 1 ? .same : .status }
    guard ToldValues.differ(old.statuses, new.statuses, isTold: { $0 != .notTraced }) else { return .undecided }
    let (oldTold, newTold) = (oldStatuses.subtracting([.notTraced]), newStatuses.subtracting([.notTraced]))
    guard let oldStatus = oldTold.first, let newStatus = newTold.first, oldTold.count == 1, newTold.count == 1 else { return .status }
    return Self.kind(oldStatus, newStatus)
  }

  /// What two different statuses mean. A step that cannot be seen runs like one that can.
  private static func kind(_ old: StageStatus, _ new: StageStatus) -> StageChange.Kind {
    func isTaken(_ status: StageStatus) -> Bool { status == .ok || status == .failed }
    switch (old, new) {
    case (.ok, .notVisible), (.notVisible, .ok): return .same
    case (.skipped, .notVisible), (.notVisible, .skipped): return .undecided
    case (.skipped, _) where isTaken(new): return .appeared
    case (_, .skipped) where isTaken(old): return .gone
    default: return .status
    }
  }

  // MARK: moves

  /// Why the stage is said to have moved, or nil when it has not.
  private func moves(of stage: Stage, _ old: SideStage?, _ new: SideStage?) -> [String]? {
    guard let old, let new else { return nil }
    let history = history(of: stage)
    if history?.callersDiffer ?? false || hasOtherCaller(stage, old, new) {
      return [history?.callers ?? "called by \(new.caller ?? "?"), before by \(old.caller ?? "?")"]
    }
    guard let neighbour = order.moved[stage.id].flatMap(Catalogue.stage) else { return nil }
    return [history?.order(against: neighbour) ?? "now \(order.isAfter(stage.id, neighbour.id) ? "after" : "before") \(neighbour.title)"]
  }

  /// Whether the trace shows another caller, where the catalogue does not have both as callers of one step.
  private func hasOtherCaller(_ stage: Stage, _ old: SideStage, _ new: SideStage) -> Bool {
    guard let was = old.place?.parent, let now = new.place?.parent, !Catalogue.sameStep(was, now) else { return false }
    func knows(_ side: DiffSide, _ caller: String) -> Bool {
      guard let version = side.version, let vendor = side.vendor, let form = stage.form(on: version, for: vendor) else { return false }
      return form.parents.contains { $0.hasPrefix("<") || Catalogue.sameStep($0, caller) }
    }
    return !(knows(before, now) && knows(after, was)) && !(knows(before, was) && knows(after, now))
  }

  // MARK: reasons

  private func history(of stage: Stage) -> StageHistory? {
    guard let vendor = after.vendor ?? before.vendor, before.vendor == after.vendor, let old = before.version, let new = after.version
    else {
      return nil
    }
    return StageHistory(stage, vendor: vendor, between: old, and: new)
  }

  private func reasons(for change: StageChange) -> [String] {
    switch change.kind {
    case .appeared, .gone:
      if change.before == nil || change.after == nil { return ["only on " + change.stage.vendors.map(\.title).joined(separator: ", ")] }
      let history = history(of: change.stage)
      var reasons = [history?.presence ?? history?.condition].compactMap { $0 }
      let other = change.kind == .appeared ? change.before : change.after
      if reasons.isEmpty, let note = other?.note { reasons.append(note) }
      if change.before?.exists ?? false, change.after?.exists ?? false, let callers = history?.callers { reasons.append(callers) }
      if change.kind == .appeared, change.after?.status == .skipped, let note = change.after?.note { reasons.append("not taken: \(note)") }
      if change.kind == .gone, change.before?.status == .skipped { reasons.append("was not taken") }
      return reasons
    case .status: return [change.after?.note, change.before?.note].compactMap { $0 }.prefix(1).map { $0 }
    case .undecided:
      if change.before == nil || change.after == nil {
        return ["whether it is Intel's or AMD's init cannot be told from \(change.before == nil ? "before" : "after")"]
      }
      let silent = change.before?.isTold == false ? ("before", change.before) : ("after", change.after)
      return ["cannot be told from \(silent.0)" + (silent.1?.silence.map { ": \($0)" } ?? "")]
    case .moved, .slower, .faster, .same: return []
    }
  }
}
