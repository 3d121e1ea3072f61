import CallTrees

/// Marks names that contradict the call tree, so that nobody reads them as facts.
///
/// The child of `do_one_initcall` is the module's init function, whatever its name says: the kernel itself can print it under the name
/// of a function of another module that took its freed memory, and trace-cmd names it by the nearest lower symbol.
public enum NameChecks {
  /// Init functions of the KVM modules (4.19 to 7.3).
  private static let initFunctions = Vendor.allInitFunctions.union(["kvm_x86_init", "kvm_init", "init_module"])
  /// Functions that only the named ones call: seen below another, a name of trace-cmd's text is that of a neighbour.
  private static let onlyCalledBy: [String: Set<String>] = [
    "svm_check_processor_compat": ["kvm_arch_check_processor_compat", "kvm_x86_check_processor_compatibility"],
    "vmx_check_processor_compat": ["kvm_arch_check_processor_compat", "kvm_x86_check_processor_compatibility"],
    "vmx_hardware_setup": ["kvm_x86_vendor_init", "__kvm_x86_vendor_init", "vt_hardware_setup"],
    "vmx_disabled_by_bios": ["kvm_arch_init", "kvm_x86_vendor_init"],
  ]
  /// KVM on x86.
  static let kvmModules: Set<String> = ["kvm", "kvm_intel", "kvm_amd"]
  /// Calls that only the init of a KVM vendor module makes.
  private static let vendorInitCallees: Set<String> = [
    "kvm_init", "kvm_x86_vendor_init", "__kvm_is_vmx_supported", "__kvm_is_svm_supported", "vmx_init",
  ]

  /// Modules whose functions KVM's own functions call: KVM's, and those that these depend on (`depends` of kvm, kvm_intel and kvm_amd,
  /// 4.19 to 7.3).
  private static let calledByKVM: Set<String> = kvmModules.union(["ccp", "irqbypass"])

  /// Replaces each contradicted function of `recording` by a doubtful twin, call by call.
  public static func apply(to recording: inout Recording) {
    let names = FunctionNames(recording)
    let initcalls = names.indices(of: ["do_one_initcall"])
    if recording.source.kind == .traceCmdText { doubtNeighbours(in: &recording, names: names) }
    guard !initcalls.isEmpty else { return }
    for (task, row) in contradicted(in: recording, initcalls: initcalls, names: names) { doubt(row, task: task, in: &recording) }
  }

  /// All rows are gathered before any is changed: a change copies all rows of a tree that is being read.
  private static func contradicted(
    in recording: Recording, initcalls: FunctionSet, names: FunctionNames
  ) -> [(task: Int, row: Int)] {
    let finder = RunFinder(recording, names: names)
    let foreign = foreignFunctions(of: recording)
    return recording.tasks.indices.flatMap { task in
      let tree = recording.tasks[task].tree
      var rows: [Int] = []
      for row in tree.rows(of: initcalls) {
        guard let initRow = finder.initFunction(of: row, in: tree) else { continue }
        if isContradicted(initRow, in: tree, recording: recording, names: names) { rows.append(initRow) }
        if let inner = nestedInItself(below: initRow, in: tree, names: names) { rows.append(inner) }
        if !foreign.isEmpty { rows += takenOver(below: initRow, in: tree, names: names, foreign: foreign) }
      }
      return rows.map { (task, $0) }
    }
  }

  /// Functions of modules that KVM does not call.
  private static func foreignFunctions(of recording: Recording) -> FunctionSet {
    var foreign = FunctionSet()
    for (index, function) in recording.functions.enumerated() {
      guard let module = function.module, !calledByKVM.contains(module) else { continue }
      foreign.insert(UInt32(truncatingIfNeeded: index))
    }
    return foreign
  }

  /// Calls of KVM's functions under the name of a function of another module, whose freed init text lay there before.
  private static func takenOver(below initRow: Int, in tree: CallTree, names: FunctionNames, foreign: FunctionSet) -> [Int] {
    let isKVMInit = isVendorInit(initRow, in: tree, names: names)
    return tree.subtree(of: initRow).dropFirst().filter { row in
      guard foreign.contains(tree.calls[row].function.index) else { return false }
      let parent = Int(tree.calls[row].parent)
      if parent == initRow { return isKVMInit }
      return parent >= 0 && names.module(tree.calls[parent].function).map(kvmModules.contains) ?? false
    }
  }

  private static func isVendorInit(_ row: Int, in tree: CallTree, names: FunctionNames) -> Bool {
    tree.children(of: row).contains { names[tree.calls[$0].function].map(vendorInitCallees.contains) ?? false }
  }

  /// trace-cmd names an address by the nearest lower symbol, and its text keeps no address to check that by.
  private static func doubtNeighbours(in recording: inout Recording, names: FunctionNames) {
    let suspects = names.indices(of: Set(onlyCalledBy.keys))
    guard !suspects.isEmpty else { return }
    for task in recording.tasks.indices {
      let rows = neighbours(in: recording.tasks[task].tree, suspects: suspects, names: names)
      for row in rows { doubt(row, task: task, in: &recording) }
    }
  }

  private static func neighbours(in tree: CallTree, suspects: FunctionSet, names: FunctionNames) -> [Int] {
    tree.rows(of: suspects).filter { row in
      let parent = Int(tree.calls[row].parent)
      let caller = parent >= 0 ? names[tree.calls[parent].function] : nil
      guard let caller, let name = names[tree.calls[row].function] else { return false }
      return !(onlyCalledBy[name]?.contains(caller) ?? true)
    }
  }

  private static func isContradicted(_ row: Int, in tree: CallTree, recording: Recording, names: FunctionNames) -> Bool {
    let id = tree.calls[row].function
    guard let name = names[id], !initFunctions.contains(name) else { return false }
    if let module = names.module(id), kvmModules.contains(module) { return true }
    return isVendorInit(row, in: tree, names: names)
  }

  /// `vmx_init` printed as `vmx_hardware_setup`: a function that holds `kvm_x86_vendor_init` and has another function's name.
  private static func nestedInItself(below initRow: Int, in tree: CallTree, names: FunctionNames) -> Int? {
    tree.children(of: initRow).first { row in
      guard let name = names[tree.calls[row].function], name != "vmx_init", name != "svm_init", name != "kvm_x86_vendor_init" else {
        return false
      }
      return tree.children(of: row).contains { names[tree.calls[$0].function] == "kvm_x86_vendor_init" }
    }
  }

  private static func doubt(_ row: Int, task: Int, in recording: inout Recording) {
    var twin = recording.function(recording.tasks[task].tree.calls[row].function)
    guard twin.doubt == nil else { return }
    twin.doubt = .contradictsTree
    let id: FunctionID
    if let known = recording.functions.firstIndex(of: twin) {
      id = FunctionID(index: UInt32(truncatingIfNeeded: known))
    } else {
      id = FunctionID(index: UInt32(truncatingIfNeeded: recording.functions.count))
      recording.functions.append(twin)
    }
    recording.tasks[task].tree.setFunction(id, at: row)
  }
}
