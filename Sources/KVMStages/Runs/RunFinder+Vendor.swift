import CallTrees

/// The vendor of a run whose functions have no names: from the shape of its calls, and from the events around it.
extension RunFinder {
  /// On other machines than x86 there is one.
  var vendorFromMachine: (Vendor, String)? {
    guard let machine = recording.source.machine else { return nil }
    if machine == "aarch64" { return (.arm64, "the machine: \(machine)") }
    return machine.hasPrefix("riscv") ? (.riscv, "the machine: \(machine)") : nil
  }

  /// Since 6.16 only Intel wraps its init in another function. Up to 6.2 a failing `has_svm` prints its own line, a failing
  /// `cpu_has_kvm_support` is a leaf.
  func vendorFromShape(of row: Int, in tree: CallTree) -> (Vendor, String)? {
    if let (caller, _) = Self.supportCheck(in: row, of: tree, names: names) {
      if caller != row { return (.intel, "the shape of the calls: two nested init functions (vt_init, vmx_init)") }
      if let kernel, kernel >= KernelVersion(6, 16) {
        return (.amd, "the shape of the calls: one init function, where Intel has two since 6.16")
      }
    }
    if let told = vendorFromSetup(below: row, in: tree) { return told }
    for inner in tree.subtree(of: row) where ["kvm_arch_init", "kvm_x86_vendor_init"].contains(names[tree.calls[inner].function]) {
      let steps = tree.children(of: inner).filter { !tree.calls[$0].flags.contains(.interrupt) && kind($0, in: tree) == .ordinary }
      // A failed check: unnamed calls only, and then the kernel's line.
      // A second check runs only when the first has passed, which is silent with both vendors.
      guard let first = steps.first, steps.count == 1, names[tree.calls[first].function] == nil, prints(inner, in: tree) else { continue }
      return prints(first, in: tree)
        ? (.amd, "the shape of the calls: the support check prints by itself (has_svm)")
        : (.intel, "the shape of the calls: the support check is silent (cpu_has_kvm_support)")
    }
    return nil
  }

  /// The vendor's hardware setup, by its first calls: Intel's defines seven registers, AMD's one, or it allows EFER bits or allocates the
  /// I/O permission map before (`hardware_setup`, `vmx_hardware_setup`, `svm_hardware_setup`, 4.19 to 7.3).
  private func vendorFromSetup(below row: Int, in tree: CallTree) -> (Vendor, String)? {
    for caller in tree.subtree(of: row)
    where ["kvm_x86_vendor_init", "kvm_arch_hardware_setup"].contains(names[tree.calls[caller].function]) {
      for setup in tree.children(of: caller) where names[tree.calls[setup].function] == nil {
        let steps = tree.children(of: setup).filter { kind($0, in: tree) != .interrupt }
        let first = steps.prefix(2).map { names[tree.calls[$0].function] }
        guard let name = first.first.flatMap({ $0 }) else { continue }
        let told = "the shape of the calls: the hardware setup begins with \(name)"
        if Self.registerDefinitions.contains(name), first.count == 2 { return (first.last == name ? .intel : .amd, told) }
        if Self.firstOfSVM.contains(name) { return (.amd, told) }
      }
    }
    return nil
  }

  private static let registerDefinitions: Set<String> = ["kvm_define_shared_msr", "kvm_define_user_return_msr", "kvm_add_user_return_msr"]
  private static let firstOfSVM: Set<String> = ["alloc_pages_current", "alloc_pages", "alloc_pages_noprof", "kvm_enable_efer_bits"]

  func kind(_ row: Int, in tree: CallTree) -> FunctionKind { recording.kind(tree.calls[row].function) }

  private func prints(_ row: Int, in tree: CallTree) -> Bool {
    tree.children(of: row).contains { ["printk", "_printk"].contains(names[tree.calls[$0].function]) }
  }

  /// The module loader names the module, the kernel log starts with its name, a probe on its init function fires.
  func vendorFromEvents(root: Int, task: Int) -> (Vendor, String)? {
    for event in surroundings.events(around: root, task: task) {
      switch event.payload {
      case .moduleLoad(let name) where event.row <= root:
        if let vendor = Self.vendor(ofModule: name, machine: recording.source.machine) { return (vendor, "the event module_load \(name)") }
      case .console(let line) where event.row > root:
        if let vendor = Self.vendor(ofLogLine: line) { return (vendor, "the kernel log") }
      case .probe(let name, _, _) where event.row >= root:
        for (function, vendor) in Self.vendorFunctions where name.hasSuffix(function) { return (vendor, "the probe \(name)") }
        for (function, vendor) in Self.anchors where name.hasSuffix(function) {
          if let vendor { return (vendor, "the probe \(name)") }
        }
      default: break
      }
    }
    return nil
  }

  /// - Parameter machine: as `uname -m` says it: on riscv the module `kvm` is the vendor's too.
  static func vendor(ofModule name: String, machine: String?) -> Vendor? {
    switch name {
    case "kvm_intel", "kvm-intel": .intel
    case "kvm_amd", "kvm-amd": .amd
    case "kvm" where machine?.hasPrefix("riscv") ?? false: .riscv
    default: nil
    }
  }

  /// With these, riscv's init refuses (5.16 to 7.3).
  private static let riscvLines = ["hypervisor extension not available", "require SBI v0.2 or higher", "require SBI RFENCE extension"]

  static func vendor(ofLogLine line: String) -> Vendor? {
    // It names the module that is there, and the one that is being loaded is the other.
    if line.contains("already loaded vendor module") { return line.contains("kvm_amd") ? .intel : line.contains("kvm_intel") ? .amd : nil }
    if line.contains("kvm_intel") || line.contains("VMX ") { return .intel }
    if line.contains("kvm_amd") || line.contains("SVM ") || line.contains("has_svm") { return .amd }
    if riscvLines.contains(where: line.contains) { return .riscv }
    return nil
  }
}
