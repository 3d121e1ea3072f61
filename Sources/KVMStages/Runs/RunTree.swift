import CallTrees

/// The calls of one run, with the names that their places give: the ground that stages are matched on.
struct RunTree {
  let recording: Recording
  let task: TaskTrace
  let tree: CallTree
  let candidate: RunCandidate
  let names: FunctionNames
  let rows: Range<Int>
  /// Names by place, for calls whose own name is gone, doubtful or wrong: `vmx_init` for the init function of kvm_intel.
  private(set) var roles: [Int: String] = [:]
  /// From the first row that has such a name to the last one.
  private var roleRows: Range<Int>
  /// Rows of each function that the catalogue knows as a caller, in order, as far as `RunScan` keeps them.
  private(set) var callers: [String: [Int]] = [:]
  /// Deepest depth in the whole recording: a call at it may have callees that a depth limit hides.
  let deepest: Int
  /// What the pass over the rows found.
  let scan: RunScan
  /// Whether only some functions were traced (`set_ftrace_filter`), as far as the calls tell: then a call that is not there says nothing.
  let isFiltered: Bool

  init(_ ground: AnalysisGround, candidate: RunCandidate) {
    recording = ground.recording
    names = ground.names
    deepest = ground.deepest
    self.candidate = candidate
    task = recording.tasks[candidate.task]
    tree = task.tree
    rows = tree.subtree(of: candidate.rootRow)
    let entries = Self.entryRoles(candidate, tree: tree, names: names, recording: recording)
    roles = entries
    roleRows = entries.keys.min().flatMap { first in entries.keys.max().map { first..<$0 + 1 } } ?? 0..<0
    scan = RunScan(tree, rows: rows, names: names, traits: ground.traits, roles: roles)
    callers = scan.callers
    isFiltered = Self.isFiltered(recording, tree, below: candidate.initRow ?? candidate.rootRow, names: names)
  }

  /// The name to match by: that of the place, else the trusted one.
  func name(_ row: Int) -> String? {
    if roleRows.contains(row), let role = roles[row] { return role }
    return names[tree.calls[row].function]
  }

  func hasRole(_ row: Int) -> Bool { roleRows.contains(row) && roles[row] != nil }

  /// What a reader sees.
  func displayName(_ row: Int) -> String { recording.function(tree.calls[row].function).displayName }

  /// Whether KVM is part of the kernel, and ran its init at boot: always so on arm64 (`CONFIG_KVM` is no module there); else process 1
  /// tells it, which runs the initcalls before it becomes init.
  var isBuiltIn: Bool {
    guard callers["do_init_module"]?.contains(candidate.rootRow) != true else { return false }
    return candidate.vendor == .arm64 || task.pid == 1
  }

  func isInterrupt(_ row: Int) -> Bool { Self.isInterrupt(row, in: tree, of: recording) }

  static func isInterrupt(_ row: Int, in tree: CallTree, of recording: Recording) -> Bool {
    tree.calls[row].flags.contains(.interrupt) || recording.kind(tree.calls[row].function) == .interrupt
  }

  /// Direct children of `row` that are no interrupt.
  func steps(below row: Int) -> [Int] { tree.children(of: row).filter { !isInterrupt($0) } }

  /// Whether `row` lies below a compatibility check, where `setup_vmcs_config` and others run again on each CPU.
  func isRepeat(_ row: Int) -> Bool { scan.isRepeat(row) }

  /// Whether a depth limit may hide what `row` calls.
  func isAtDepthLimit(_ row: Int) -> Bool { tree.isAtDepthLimit(row, deepest: deepest) }

  /// An init calls dozens of functions of the kernel that have nothing to do with KVM: locks, allocators, the log. A recording that has next
  /// to none of them had a filter. (What the recorder of this tool leaves out, it says.)
  private static func isFiltered(_ recording: Recording, _ tree: CallTree, below row: Int, names: FunctionNames) -> Bool {
    guard recording.source.recorder == nil, tree.subtree(of: row).count > fewFunctions else { return false }
    var (known, others) = (Set<UInt32>(), 0)
    for inner in tree.subtree(of: row).dropFirst() {
      let function = tree.calls[inner].function
      guard known.insert(function.index).inserted, let name = names[function], recording.kind(function) != .interrupt,
        !(names.module(function).map(NameChecks.kvmModules.contains) ?? false), !namesOfKVM.contains(where: name.contains)
      else { continue }
      others += 1
      if others >= fewFunctions { return false }
    }
    return true
  }

  private static let namesOfKVM = ["kvm", "vmx", "svm"]
  /// A refused load prints one line, which takes more functions than these.
  private static let fewFunctions = 3

  mutating func setRole(_ role: String, at row: Int) {
    roles[row] = role
    roleRows = roleRows.isEmpty ? row..<row + 1 : min(roleRows.lowerBound, row)..<max(roleRows.upperBound, row + 1)
    callers[role, default: []].append(row)
    callers[role]?.sort()
  }

  // MARK: set-up

  /// Names the init functions by their place: the child of `do_one_initcall`, and `vmx_init` below `vt_init`.
  private static func entryRoles(_ candidate: RunCandidate, tree: CallTree, names: FunctionNames, recording: Recording) -> [Int: String] {
    guard let initRow = candidate.initRow else { return [:] }
    switch candidate.vendor {
    case .amd: return [initRow: "svm_init"]
    case .intel:
      guard let inner = wrappedInit(below: initRow, tree: tree, names: names, recording: recording) else { return [initRow: "vmx_init"] }
      var roles = [initRow: "vt_init", inner: "vmx_init"]
      if let exit = wrappedExit(below: initRow, behind: inner, tree: tree, names: names) { roles[exit] = "vmx_exit" }
      return roles
    case .riscv: return [initRow: "riscv_kvm_init"]
    case .arm64, nil: return [:]
    }
  }

  /// The child of `vt_init` that is `vmx_exit`, when its name is gone: what undoes `vmx_init` when `kvm_init` has failed.
  private static func wrappedExit(below row: Int, behind inner: Int, tree: CallTree, names: FunctionNames) -> Int? {
    tree.children(of: row).first { child in
      child > inner && names[tree.calls[child].function] == nil
        && tree.children(of: child).contains { names[tree.calls[$0].function] == "kvm_x86_vendor_exit" }
    }
  }

  /// The child of Intel's init function that is `vmx_init`, where `vt_init` wraps it (since 6.16).
  private static func wrappedInit(below row: Int, tree: CallTree, names: FunctionNames, recording: Recording) -> Int? {
    let inVendorInit: Set<String> = ["kvm_x86_vendor_init", "__kvm_is_vmx_supported", "kvm_is_vmx_supported"]
    for child in tree.children(of: row) where !isInterrupt(child, in: tree, of: recording) {
      let own = names[tree.calls[child].function]
      if own == "vmx_init" { return child }
      if own.map(inVendorInit.contains) ?? false { return nil }
      if own == "kvm_init" { return nil }
      let holdsVendorInit = tree.children(of: child).contains { names[tree.calls[$0].function].map(inVendorInit.contains) ?? false }
      if holdsVendorInit { return child }
    }
    guard let (caller, _) = RunFinder.supportCheck(in: row, of: tree, names: names), caller != row else { return nil }
    return caller
  }
}
