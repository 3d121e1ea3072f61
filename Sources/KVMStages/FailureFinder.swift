import CallTrees

/// Finds the step at which a failed run ended.
///
/// The kernel undoes completed steps in reverse order: the first undoing call tells how far the init got, and the last step before
/// it is the one that failed.
struct FailureFinder {
  /// A step that failed: its stage, and the calls from the root to it.
  struct Found {
    var stage: Stage
    /// Row of the failing function's call; for a step without a call of its own, that of its caller.
    var row: Int
    var evidence: Set<Evidence> = []
    var text: [String] = []
    /// Whether a return value names the step.
    var measured = false
  }

  private let matcher: StageMatcher
  private let results: [Int: Int64]
  private var run: RunTree { matcher.run }

  /// What each undoing function undoes.
  static let undoes: [String: String] = [
    "kvm_arch_exit": "arch_init", "kvm_irqfd_exit": "irqfd_init", "kvm_arch_hardware_unsetup": "arch_hardware_setup",
    "__cpuhp_remove_state": "cpuhp_register", "unregister_reboot_notifier": "reboot_notifier", "kvm_async_pf_deinit": "async_pf",
    "kvm_vfio_ops_exit": "vfio", "kvm_gmem_exit": "gmem", "kvm_disable_virtualization": "virtualization_enable",
    "unregister_syscore_ops": "syscore_ops", "unregister_syscore": "syscore_ops", "debugfs_remove": "debugfs",
    "kvm_mmu_vendor_module_exit": "mmu_vendor_init", "kvm_mmu_module_exit": "mmu_vendor_init",
    "vmx_hardware_unsetup": "vendor_hardware_setup", "svm_hardware_unsetup": "vendor_hardware_setup",
    "kvm_x86_vendor_exit": "x86_vendor_init", "cpu_emergency_unregister_virt_callback": "emergency_callback",
    "x86_virt_unregister_emergency_callback": "emergency_callback", "kvm_arch_disable_virtualization": "emergency_callback",
  ]
  /// Undoing functions that undo different steps in different callers.
  static let sharedUndo: Set<String> = [
    "kmem_cache_destroy", "free_percpu", "kvm_destroy_user_return_msrs", "free_kvm_area", "nested_vmx_hardware_unsetup",
    "svm_hardware_teardown",
  ]

  init(_ matcher: StageMatcher, results: [Int: Int64]) {
    self.matcher = matcher
    self.results = results
  }

  /// The failing step, as deep as the calls tell it.
  func find() -> Found? {
    guard let entry = Catalogue.stage(run.candidate.initRow == nil ? "kvm_init" : "vendor_entry") else { return nil }
    var found = Found(stage: entry, row: run.candidate.initRow ?? run.candidate.rootRow)
    var row = found.row
    while let next = failingStep(below: row) {
      found = Found(
        stage: next.stage, row: next.row, evidence: found.evidence.union(next.evidence), text: found.text + next.text,
        measured: next.measured)
      if next.row <= row { break }
      row = next.row
    }
    return onACPU(found)
  }

  /// Since 6.12 registering the hotplug state runs its callback on every CPU: once it was called, a CPU's answer is the failure.
  private func onACPU(_ found: Found) -> Found {
    guard found.stage.id == "cpuhp_register", matcher.matches["virtualization_enable"] != nil,
      let stage = Catalogue.stage("hardware_enable_cpu")
    else { return found }
    let calls = run.names.indices(of: ["cpuhp_issue_call"])
    guard run.tree.subtree(of: found.row).contains(where: { calls.contains(run.tree.calls[$0].function.index) }) else { return found }
    var onCPU = found
    onCPU.stage = stage
    onCPU.text.append("the callback had been called on a CPU (cpuhp_issue_call): that CPU refused")
    return onCPU
  }

  /// The step below the call at `parent` that failed, or nil when it cannot be told deeper than `parent`.
  private func failingStep(below parent: Int) -> Found? {
    if run.tree.calls[parent].flags.contains(.lossInside) { return nil }
    let steps = run.steps(below: parent)
    if let failed = steps.last(where: { results[$0].map(ErrnoName.isError) ?? false }), let stage = stage(of: failed, below: parent) {
      return Found(
        stage: stage, row: failed, evidence: [.returnValue], text: ["\(run.displayName(failed)) returned \(results[failed] ?? 0)"],
        measured: true)
    }
    let undo = steps.first { isUndo($0) }
    guard let last = lastStage(below: parent, before: undo) else { return innerWrapper(below: parent, steps: steps) }
    if let answer = results[last.row], let found = answered(answer, by: last) { return found }
    if results[last.row] == 0, !isYesOrNo(last.row) { return nil }
    guard let undo else { return lastStep(last, below: parent) }
    return judge(last, by: undo, below: parent)
  }

  /// Checks that answer 1 for "supported": 0 is their failure.
  private static let supportChecks: Set<String> = [
    "__kvm_is_vmx_supported", "__kvm_is_svm_supported", "kvm_is_vmx_supported", "kvm_is_svm_supported", "cpu_has_kvm_support", "has_svm",
  ]
  /// Checks that answer 1 for "switched off".
  private static let disabledChecks: Set<String> = ["vmx_disabled_by_bios", "is_disabled"]

  private func isYesOrNo(_ row: Int) -> Bool {
    let name = run.name(row) ?? ""
    return Self.supportChecks.contains(name) || Self.disabledChecks.contains(name)
  }

  /// A check whose answer is in the trace.
  private func answered(_ answer: Int64, by last: (match: StageMatch, row: Int)) -> Found? {
    let name = run.name(last.row) ?? ""
    let refused = Self.supportChecks.contains(name) ? answer & 0xff == 0 : Self.disabledChecks.contains(name) && answer & 0xff != 0
    guard refused else { return nil }
    let text = ["\(name) answered \(answer & 0xff)"]
    return Found(stage: last.match.stage, row: last.row, evidence: [.returnValue], text: text, measured: true)
  }

  private func isUndo(_ row: Int) -> Bool {
    guard let name = run.name(row) else { return false }
    return Self.undoes[name] != nil || Self.sharedUndo.contains(name)
  }

  private func stage(of row: Int, below parent: Int) -> Stage? {
    matcher.order.compactMap { matcher.matches[$0] }.first { $0.rows.contains(row) }?.stage
  }

  /// The stage below `parent` whose calls end last before `undo`.
  private func lastStage(below parent: Int, before undo: Int?) -> (match: StageMatch, row: Int)? {
    matcher.order.compactMap { matcher.matches[$0] }
      .filter { $0.parentRow == parent && !$0.elsewhere }
      .compactMap { match in match.rows.last(where: { $0 < (undo ?? .max) }).map { (match, $0) } }
      .max { $0.1 < $1.1 }
  }

  /// `vmx_init` below `vt_init` is part of the same stage: go on inside it.
  private func innerWrapper(below parent: Int, steps: [Int]) -> Found? {
    guard run.name(parent) == "vt_init", let inner = steps.last(where: { run.name($0) == "vmx_init" }),
      let stage = Catalogue.stage("vendor_entry")
    else { return nil }
    return Found(stage: stage, row: inner)
  }

  // MARK: without an undoing call

  /// Nothing was undone: the last step is the one that failed, if it is one that can fail and nothing ran after it.
  private func lastStep(_ last: (match: StageMatch, row: Int), below parent: Int) -> Found? {
    let stage = last.match.stage
    if run.name(parent) == "vt_init", let inner = run.steps(below: parent).last(where: { run.name($0) == "vmx_init" }), inner > last.row {
      return innerWrapper(below: parent, steps: run.steps(below: parent))
    }
    let isContainer = Catalogue.callers.contains(run.name(last.row) ?? "")
    guard isContainer || !last.match.form.failure.returns.isEmpty else { return nil }
    let later = matcher.order.drop { $0 != stage.id }.dropFirst().compactMap { matcher.matches[$0] }
    let never = later.first { $0.rows.isEmpty && $0.form.presence.isRequired && matcher.parentRows(of: $0.form).contains(parent) }
    guard never != nil || isContainer || isTail(stage.id, below: parent) else { return nil }
    var text: [String] = []
    if let never, !isContainer { text.append("the step after it, \(never.stage.title), never came") }
    return Found(stage: stage, row: callRow(last, parent: parent), evidence: [.unwind], text: text)
  }

  private func isTail(_ id: String, below parent: Int) -> Bool {
    matcher.order.last { matcher.matches[$0]?.parentRow == parent } == id
  }

  /// A step without a call of its own is straight code of its caller.
  private func callRow(_ last: (match: StageMatch, row: Int), parent: Int) -> Int { last.match.untimed ? parent : last.row }

  // MARK: with an undoing call

  /// Checks the last step against what the first undoing call undoes.
  private func judge(_ last: (match: StageMatch, row: Int), by undo: Int, below parent: Int) -> Found? {
    let undoName = run.name(undo) ?? ""
    let text = "\(run.displayName(parent)) then called \(run.displayName(undo)), which undoes earlier steps"
    let found = Found(stage: last.match.stage, row: callRow(last, parent: parent), evidence: [.unwind], text: [text])
    guard let undone = Self.undoes[undoName], let undoneAt = matcher.order.firstIndex(of: undone),
      let lastAt = matcher.order.firstIndex(of: last.match.stage.id)
    else { return found }
    if lastAt > undoneAt { return found }
    // The last visible step is itself undone: an invisible one after it failed.
    let candidates = matcher.order[(undoneAt + 1)...].prefix { id in !(matcher.matches[id].map { !$0.rows.isEmpty } ?? false) }
      .compactMap { matcher.matches[$0] }
      .filter { !$0.form.failure.returns.isEmpty && matcher.parentRows(of: $0.form).contains(parent) }
    guard let only = candidates.first, lastAt == undoneAt else { return nil }
    return Found(stage: only.stage, row: parent, evidence: [.unwind], text: [text])
  }
}
