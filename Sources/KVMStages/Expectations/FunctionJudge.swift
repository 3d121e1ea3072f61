import CallTrees

/// Looks for functions that must, or must not, be called: in the run's task, and in others while the run is on.
struct FunctionJudge {
  let judge: SetJudge
  let calls: RunCalls
  private var run: Run { judge.run }
  private var recording: Recording { judge.recording }

  func results() -> [ExpectationResult] {
    judge.set.requiredFunctions.map { result($0, .requiredFunction) } + judge.set.forbiddenFunctions.map { result($0, .forbiddenFunction) }
  }

  private func result(_ wanted: FunctionPattern, _ kind: ExpectationResult.Kind) -> ExpectationResult {
    let isRequired = kind == .requiredFunction
    func result(_ outcome: ExpectationResult.Outcome, _ found: String, _ reason: String?, at call: FoundCall? = nil) -> ExpectationResult {
      judge.result(
        kind, outcome, subject: wanted.description, expected: isRequired ? "a call" : "no call", found: found, reason: reason,
        line: wanted.line, place: call.map(place) ?? judge.place)
    }
    if let call = find(wanted, names: plainNames(of: wanted.name)) {
      guard call.isDuringRun else {
        return result(
          .inconclusive, "a call of \(call.name)", "called in another task; the trace does not tell whether while the run was on", at: call)
      }
      return result(isRequired ? .pass : .fail, "a call of \(call.name)", nil, at: call)
    }
    if let call = find(wanted, names: sharedNames(of: wanted.name)) {
      return result(
        .inconclusive, "a call of \(call.name)", "in this kernel it stands for \(wanted.name) and for other functions", at: call)
    }
    if let why = whyUntold(wanted) { return result(.inconclusive, "no call", why) }
    return result(isRequired ? .fail : .pass, "no call", nil)
  }

  // MARK: names

  /// The name, and those that other kernels have for the same function and no other.
  private func plainNames(of name: String) -> Set<String> {
    let others = Catalogue.otherNames(of: name).filter { other in Catalogue.renames.count { $0.contains(other) } == 1 }
    return others.union([name])
  }

  /// Names that stand for several functions, this one among them.
  private func sharedNames(of name: String) -> Set<String> {
    Catalogue.otherNames(of: name).subtracting(plainNames(of: name))
  }

  // MARK: calls

  private struct FoundCall {
    var name: String
    var startNS: UInt64?
    var row: Int?
    /// false where only the time could tell, and the trace has none for it.
    var isDuringRun = true
  }

  private func find(_ wanted: FunctionPattern, names wantedNames: Set<String>) -> FoundCall? {
    var indices: [UInt32] = []
    calls.names.forEachIndex(of: wantedNames) { index in
      let module = recording.functions[index].module
      if wanted.module == nil || wanted.module == module { indices.append(UInt32(truncatingIfNeeded: index)) }
    }
    if let task = run.task, let row = indices.compactMap({ calls.own[$0] }).min() {
      let call = recording.tasks[task].tree.calls[row]
      return FoundCall(name: recording.function(call.function).displayName, startNS: recording.hasTimes ? call.knownStart : nil, row: row)
    }
    guard let place = indices.compactMap({ calls.elsewhere[$0] }).min() else { return nil }
    let call = recording.tasks[place.task].tree.calls[place.row]
    return FoundCall(
      name: recording.function(call.function).displayName, startNS: recording.hasTimes ? call.knownStart : nil, row: nil,
      isDuringRun: calls.span != nil)
  }

  private func place(_ call: FoundCall) -> ExpectationPlace {
    var place = judge.place
    place.function = call.name
    place.row = call.row
    if let start = call.startNS, let runStart = run.startNS, start >= runStart { place.offsetNS = start - runStart }
    if let row = call.row { place.stage = calls.stage(around: row) }
    return place
  }

  // MARK: what the trace cannot tell

  /// Why a function that is not in the trace may have been called all the same, or nil.
  private func whyUntold(_ wanted: FunctionPattern) -> String? {
    guard let task = run.task, let root = run.rootRow else { return run.reason }
    if !recording.damage.isEmpty { return "the file is damaged: the call may have been in what is lost" }
    if run.integrity.lostEvents > 0 || recording.lossSums.hasUnknown || (!recording.hasTimes && !recording.losses.isEmpty) {
      return "events were lost while the run was on: record with a larger buffer (-b)"
    }
    let tree = recording.tasks[task].tree
    if tree.calls[root].flags.contains(.open) { return "the recording ends before \(run.root ?? "the root") returned" }
    if let limit = calls.depthLimit { return "the recording ends at depth \(limit): record without a depth limit" }
    if calls.names[tree.calls[root].function] != "do_init_module", !isOwnRoot(tree, root) {
      return "the recording holds only what is below \(run.root ?? "its root"): record with the root do_init_module"
    }
    if let why = hiddenByRecorder(wanted) { return why }
    let unnamed = calls.unnamed
    guard unnamed > 0 else { return nil }
    return
      "\(unnamed == 1 ? "1 function has" : "\(unnamed) functions have") no name, and may be it: name a copy of /proc/kallsyms (--kallsyms)"
  }

  /// The module's own init function, and what is above it, hold all that the init does.
  private func isOwnRoot(_ tree: CallTree, _ root: Int) -> Bool {
    ["do_one_initcall", "load_module", "init_module_from_file"].contains(calls.names[tree.calls[root].function] ?? "")
  }

  private func hiddenByRecorder(_ wanted: FunctionPattern) -> String? {
    guard let recorder = recording.source.recorder, !Catalogue.ownFunctions.contains(wanted.name) else { return nil }
    let isOfKVM = wanted.module.map(NameChecks.kvmModules.contains) ?? false
    switch recorder.detail {
    case .stages, .custom: return "it was recorded with --detail \(recorder.detail?.rawValue ?? ""), which leaves functions out"
    case .kvm where !isOfKVM:
      return "it was recorded with --detail kvm, which leaves functions out: write \(wanted.name) [kvm] if it is KVM's"
    default: break
    }
    let leftOut = recorder.leftOut.filter { !Catalogue.probeHandlers.contains($0) }
    guard !leftOut.isEmpty, !isOfKVM else { return nil }
    return "what is below \(leftOut.prefix(2).joined(separator: ", ")) was left out of the recording: write \(wanted.name) [kvm] if it "
      + "is KVM's, or record with --leave-out none"
  }
}
