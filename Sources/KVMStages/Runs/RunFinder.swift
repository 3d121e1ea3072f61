import CallTrees

/// A place in a task's tree where the init of a KVM vendor module ran.
struct RunCandidate {
  var task: Int
  /// The outermost call of the run: `do_init_module`, or whatever root the recording has inside it.
  var rootRow: Int
  /// The vendor module's init function, or nil when the recording's root lies inside it.
  var initRow: Int?
  var vendor: Vendor?
  /// What the vendor was told from, for the reader; nil when it could not be told.
  var vendorSource: String?
}

/// Finds the runs of a recording by what the calls contain.
///
/// The module suffix of a name is no evidence: freed init text of one module can carry the name of another.
struct RunFinder {
  let recording: Recording
  let names: FunctionNames
  let kernel: KernelVersion?
  /// As the user tells it.
  private let toldVendor: Vendor?
  /// Functions that may tell the vendor.
  private let tellingIDs: FunctionSet
  let surroundings: TaskSurroundings

  /// Functions that occur in the init of a KVM vendor module only, and the vendor that each tells.
  static let anchors: [String: Vendor?] = Vendor.allCases.reduce(
    into: [
      "kvm_init": nil, "kvm_x86_vendor_init": nil, "__kvm_x86_vendor_init": nil, "kvm_arch_init": nil,
      "kvm_is_vmx_supported": .intel, "__kvm_is_vmx_supported": .intel,
      "kvm_is_svm_supported": .amd, "__kvm_is_svm_supported": .amd,
    ]
  ) { anchors, vendor in
    for name in vendor.initFunctions { anchors.updateValue(vendor, forKey: name) }
  }
  /// Functions further down that tell the vendor.
  static let vendorFunctions: [String: Vendor] = [
    "vmx_hardware_setup": .intel, "hardware_setup": .intel, "setup_vmcs_config": .intel, "vmx_check_processor_compat": .intel,
    "cpu_has_kvm_support": .intel, "vmx_disabled_by_bios": .intel, "vmx_has_emulated_msr": .intel, "alloc_vmcs_cpu": .intel,
    "kvm_set_posted_intr_wakeup_handler": .intel, "kvm_mmu_set_ept_masks": .intel, "vmx_setup_l1d_flush": .intel,
    "__vmx_setup_l1d_flush": .intel, "pi_init_cpu": .intel, "vmx_exit": .intel,
    "svm_hardware_setup": .amd, "svm_check_processor_compat": .amd, "has_svm": .amd, "is_disabled": .amd,
    "svm_has_emulated_msr": .amd, "sev_hardware_setup": .amd, "avic_hardware_setup": .amd, "svm_hardware_unsetup": .amd,
    "svm_hardware_teardown": .amd, "kvm_set_ipa_limit": .arm64, "kvm_sys_reg_table_init": .arm64, "kvm_timer_hyp_init": .arm64,
    "kvm_riscv_gstage_mode_detect": .riscv, "kvm_riscv_aia_init": .riscv, "kvm_riscv_gstage_vmid_detect": .riscv,
  ]
  private static let tellingNames = Set(vendorFunctions.keys).union(anchors.keys)
  /// Work on each CPU that repeats the support check: part of a run, never one by itself.
  private static let onOtherCPUs: Set<String> = [
    "kvm_online_cpu", "kvm_starting_cpu", "kvm_x86_check_cpu_compat", "check_processor_compat", "hardware_enable_nolock",
    "kvm_arch_hardware_enable", "kvm_arch_enable_virtualization_cpu",
  ]
  /// More runs than these are not looked at: each is matched with the whole catalogue, and a trace of so many was made to keep us busy.
  static let limit = 500
  private static let afterInit: Set<String> = ["initcall_blacklisted", "add_device_randomness"]

  /// - Parameter kernel: version that the trace, or the user, names: since 6.16 Intel's init function is wrapped in another.
  init(_ recording: Recording, names: FunctionNames, kernel: KernelVersion? = nil, toldVendor: Vendor? = nil) {
    self.recording = recording
    self.names = names
    self.kernel = kernel
    self.toldVendor = toldVendor
    tellingIDs = names.indices(of: Self.tellingNames)
    surroundings = TaskSurroundings(recording)
  }

  /// The runs, in the order of tasks and rows; of more than `limit`, one more.
  func find() -> [RunCandidate] {
    let anchorIDs = names.indices(of: Set(Self.anchors.keys))
    let initcallIDs = names.indices(of: ["do_one_initcall"])
    let elsewhereIDs = names.indices(of: Self.onOtherCPUs)
    var candidates: [RunCandidate] = []
    for task in recording.tasks.indices where candidates.count <= Self.limit {
      candidates += find(in: task, anchorIDs: anchorIDs, initcallIDs: initcallIDs, elsewhereIDs: elsewhereIDs)
    }
    return Array(candidates.prefix(Self.limit + 1))
  }

  private func find(in task: Int, anchorIDs: FunctionSet, initcallIDs: FunctionSet, elsewhereIDs: FunctionSet) -> [RunCandidate] {
    let tree = recording.tasks[task].tree
    var candidates: [RunCandidate] = []
    // Before this row, all is part of a run, or is none by itself.
    var next = 0
    for row in tree.rows(of: anchorIDs.union(initcallIDs).union(elsewhereIDs)) where row >= next && candidates.count <= Self.limit {
      let id = tree.calls[row].function.index
      if elsewhereIDs.contains(id) {
        next = tree.subtree(of: row).upperBound
      } else if let candidate = anchorIDs.contains(id)
        ? candidate(above: row, in: tree, task: task) : namelessCandidate(initcall: row, in: tree, task: task)
      {
        candidates.append(candidate)
        next = max(row + 1, tree.subtree(of: candidate.rootRow).upperBound)
      }
    }
    return withoutRests(candidates, in: tree)
  }

  /// Leaves out returns without their entries that belong to a run beside them: where the recording begins inside a load, its outer calls
  /// are known by their returns only, which come after what ran in them.
  private func withoutRests(_ candidates: [RunCandidate], in tree: CallTree) -> [RunCandidate] {
    var kept: [RunCandidate] = []
    var rest = candidates[...]
    while let first = rest.first {
      let pieces = rest.prefix { !isWhole($0, in: tree) }
      rest = rest.dropFirst(max(1, pieces.count))
      guard pieces.count > 1 else {
        kept.append(first)
        continue
      }
      let seen = pieces.filter { tree.subtree(of: $0.rootRow).count > 1 || !tree.calls[$0.rootRow].flags.contains(.entryMissing) }
      let told = pieces.first { $0.vendor != nil }
      for var piece in seen.isEmpty ? pieces.suffix(1) : seen[...] {
        if piece.vendor == nil, let told { (piece.vendor, piece.vendorSource) = (told.vendor, told.vendorSource) }
        kept.append(piece)
      }
    }
    return kept
  }

  /// Whether the load begins in the recording: with an entry at the outermost depth.
  private func isWhole(_ candidate: RunCandidate, in tree: CallTree) -> Bool {
    let root = tree.calls[candidate.rootRow]
    return root.depth == 0 && !root.flags.contains(.entryMissing)
  }

  /// Module inits that no run covers and in which no function of a module has a name: whether they were KVM's cannot be told.
  func nameless(besides candidates: [RunCandidate]) -> [(task: Int, row: Int)] {
    let initcallIDs = names.indices(of: ["do_one_initcall"])
    let covered = Set(candidates.compactMap { candidate in candidate.initRow.map { [candidate.task, $0] } })
    let namedIDs = names.indices { names.module($0) != nil && names[$0] != nil }
    return recording.tasks.indices.flatMap { task in
      let tree = recording.tasks[task].tree
      let initcalls = tree.rows(of: initcallIDs)
      let named = initcalls.isEmpty ? [] : tree.rows(of: namedIDs)
      return initcalls.compactMap { row -> (task: Int, row: Int)? in
        guard let initRow = initFunction(of: row, in: tree),
          !covered.contains([task, initRow]), names[tree.calls[initRow].function] == nil
        else { return nil }
        let rows = tree.subtree(of: initRow)
        let next = named.partitionPoint { $0 >= initRow }
        return rows.count < 50 || (next < named.count && rows.contains(named[next])) ? nil : (task, initRow)
      }
    }
  }

  // MARK: from an anchor

  /// Climbs from a KVM function to the init function and the loader.
  private func candidate(above anchor: Int, in tree: CallTree, task: Int) -> RunCandidate {
    var root = anchor
    var initRow: Int?
    var row = anchor
    while true {
      let parent = Int(tree.calls[row].parent)
      if parent < 0 { break }
      let name = names[tree.calls[parent].function]
      if name == "do_one_initcall" {
        initRow = row
        root = parent
      } else if name == "do_init_module" {
        // Without do_one_initcall, where it was not traced.
        if initRow == nil, isVendorInit(row, in: tree) { initRow = row }
        root = parent
        break
      } else if initRow != nil {
        break
      }
      row = parent
    }
    if initRow == nil { (root, initRow) = rootWithoutLoader(anchor, in: tree) }
    let within = initRow ?? root
    var candidate = RunCandidate(task: task, rootRow: root, initRow: initRow)
    (candidate.vendor, candidate.vendorSource) = vendor(in: within, root: root, of: tree, task: task)
    return candidate
  }

  /// The recording's root lies inside the init: it is the outermost call, and the init function only by its own name.
  private func rootWithoutLoader(_ anchor: Int, in tree: CallTree) -> (root: Int, initRow: Int?) {
    var root = anchor
    var initRow = isVendorInit(anchor, in: tree) ? anchor : nil
    while tree.calls[root].parent >= 0 {
      root = Int(tree.calls[root].parent)
      if isVendorInit(root, in: tree) { initRow = root }
    }
    return (initRow ?? root, initRow)
  }

  private func isVendorInit(_ row: Int, in tree: CallTree) -> Bool {
    names[tree.calls[row].function].map(Vendor.allInitFunctions.contains) ?? false
  }

  /// The vendor, from functions of the tree, else from the events around it.
  private func vendor(in row: Int, root: Int, of tree: CallTree, task: Int) -> (Vendor?, String?) {
    for inner in tree.subtree(of: row) where tellingIDs.contains(tree.calls[inner].function.index) {
      guard let name = names[tree.calls[inner].function] else { continue }
      if let vendor = Self.vendorFunctions[name] ?? Self.anchors[name].flatMap({ $0 }) { return (vendor, "the function \(name)") }
    }
    if let told = vendorFromMachine { return told }
    if let told = vendorFromEvents(root: root, task: task) { return told }
    if let told = vendorFromShape(of: row, in: tree) { return told }
    return (nil, nil)
  }

  // MARK: from shape and events, when every name is gone

  /// A load that failed before any function of `kvm` ran: all its functions belong to the module that is gone.
  private func namelessCandidate(initcall: Int, in tree: CallTree, task: Int) -> RunCandidate? {
    guard let initRow = initFunction(of: initcall, in: tree), names[tree.calls[initRow].function] == nil else { return nil }
    let parent = Int(tree.calls[initcall].parent)
    let root = parent >= 0 && names[tree.calls[parent].function] == "do_init_module" ? parent : initcall
    var candidate = RunCandidate(task: task, rootRow: root, initRow: initRow)
    if let told = vendorFromEvents(root: root, task: task) {
      (candidate.vendor, candidate.vendorSource) = told
      return candidate
    }
    if toldVendor == .riscv, EarlyCheck.onlyPrinted(initRow, in: tree, of: recording, names: names) {
      (candidate.vendor, candidate.vendorSource) = (.riscv, "the command line")
      return candidate
    }
    guard Self.supportCheck(in: initRow, of: tree, names: names) != nil else { return nil }
    if let told = vendorFromShape(of: initRow, in: tree) { (candidate.vendor, candidate.vendorSource) = told }
    return candidate
  }

  /// The direct child of `do_one_initcall` that is the init function.
  func initFunction(of initcall: Int, in tree: CallTree) -> Int? {
    tree.children(of: initcall).first { row in
      let call = tree.calls[row]
      guard recording.kind(call.function) == .ordinary, !call.flags.contains(.interrupt) else { return false }
      return names[call.function].map { !Self.afterInit.contains($0) && !$0.hasPrefix("trace_") } ?? true
    }
  }

  /// The unnamed function between `migrate_disable` and `migrate_enable`: the shape of `kvm_is_vmx_supported` and
  /// `kvm_is_svm_supported` since 6.6, when the module's names are gone. Looks in `row` and, below `vt_init`, one level deeper.
  static func supportCheck(in row: Int, of tree: CallTree, names: FunctionNames) -> (caller: Int, check: Int)? {
    for caller in [row] + tree.children(of: row).filter({ names[tree.calls[$0].function] == nil }) {
      var disabled = false
      var check: Int?
      for child in tree.children(of: caller) {
        switch names[tree.calls[child].function] {
        case "migrate_disable": disabled = true
        case "migrate_enable": if let check { return (caller, check) }
        case nil where disabled: check = child
        default: break
        }
      }
    }
    return nil
  }
}
