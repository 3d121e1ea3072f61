import CallTrees

/// The checks with which an init begins.
///
/// They are straight code: an init that printed its line and returned, without any other call, did not get past them.
enum EarlyCheck {
  /// Stages whose first checks are code of their caller.
  ///
  /// The other vendor's module is loaded (kvm_arch_init up to 6.2, kvm_x86_vendor_init of 6.1.y); no EL2, or KVM switched off, on arm64; no
  /// H extension on RISC-V (kvm_arch_init up to 6.2, kvm_arm_init and riscv_kvm_init since).
  static let stages: Set<String> = ["cpu_feature_check", "arm_hyp_mode", "riscv_ext_check"]

  /// The stage with which the call at `row` begins and ended, if it is one of these.
  ///
  /// - Parameter log: kernel-log lines of the run. A recording of few functions leaves out those that print.
  static func stage(endedIn row: Int, log: [String], _ matcher: StageMatcher) -> Stage? {
    let run = matcher.run
    guard
      let first = matcher.order.lazy.compactMap({ matcher.matches[$0] }).first(where: { matcher.parentRows(of: $0.form).contains(row) }),
      stages.contains(first.stage.id), first.rows.isEmpty
    else { return nil }
    let pieces = first.stage.causes.flatMap(\.logPieces)
    let isTold = run.steps(below: row).isEmpty && log.contains { line in pieces.contains(where: line.contains) }
    let isSeen = !run.isAtDepthLimit(row) && onlyPrinted(row, in: run.tree, of: run.recording, names: run.names)
    return isTold || isSeen ? first.stage : nil
  }

  /// Whether the call at `row` printed to the kernel log and did nothing else.
  ///
  /// Printing takes locks, and a probe's handler may be in the trace.
  static func onlyPrinted(_ row: Int, in tree: CallTree, of recording: Recording, names: FunctionNames) -> Bool {
    let steps = tree.children(of: row).filter { !RunTree.isInterrupt($0, in: tree, of: recording) }
    return !steps.isEmpty
      && steps.allSatisfy { recording.kind(tree.calls[$0].function) == .noise && names[tree.calls[$0].function] != nil }
  }
}
