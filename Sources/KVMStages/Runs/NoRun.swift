import CallTrees

/// Says why a recording holds no init of a KVM vendor module.
enum NoRun {
  static func explain(_ recording: Recording) -> Run {
    let calls = recording.tasks.reduce(0) { $0 + $1.tree.calls.count }
    var run = Run(
      task: nil, pid: nil, comm: nil, module: nil, vendor: nil, rootRow: nil, root: nil, verdict: .unknown, reason: "",
      calls: calls)
    run.integrity.lostEvents = recording.lostEvents
    if !recording.losses.isEmpty || !recording.damage.isEmpty {
      run.verdict = .incomplete
      run.reason =
        recording.damage.isEmpty
        ? "no KVM module's init is in what was recorded, but events were lost: it may lie in the gap; record again with a larger buffer (-b)"
        : "no KVM module's init is in what could be read of this damaged file"
      return run
    }
    run.reason = LoadRefusal(recording).reason ?? absence(recording, calls: calls)
    return run
  }

  private static func absence(_ recording: Recording, calls: Int) -> String {
    if isARM(recording) { return bootReason(calls: calls) }
    return calls == 0 ? emptyReason(recording) : otherCallsReason(recording, calls: calls)
  }

  /// Stands for the runs behind the last one that is looked at.
  static func unexamined(_ candidate: RunCandidate, of recording: Recording) -> Run {
    let task = recording.tasks[candidate.task]
    return Run(
      task: nil, pid: task.pid, comm: task.comm, module: nil, vendor: nil, rootRow: nil, root: nil, verdict: .incomplete,
      reason: "only the first \(RunFinder.limit) loads of this trace were looked at; record fewer loads at a time")
  }

  private static func isARM(_ recording: Recording) -> Bool { recording.source.machine == "aarch64" }

  private static func isRISCV(_ recording: Recording) -> Bool { recording.source.machine?.hasPrefix("riscv") ?? false }

  private static func bootReason(calls: Int) -> String {
    "\(calls == 0 ? "no call was recorded" : "no init of KVM is among the \(calls) calls"): on arm64 KVM is built in, and its init runs at "
      + "boot; let the kernel record its start (ftrace=function_graph ftrace_graph_filter=kvm_arm_init,arm_init on its command line), and "
      + "read /sys/kernel/tracing/trace afterwards, or trace-cmd extract"
  }

  private static func emptyReason(_ recording: Recording) -> String {
    if let module = loadedVendor(recording)?.module {
      return "no call was recorded, and \(module) was loaded when the recording ended: it was loaded before, so that modprobe had nothing "
        + "to do; unload it first (modprobe -r \(module)), then record again"
    }
    return "no call was recorded: the traced root never ran. Either the module was already loaded (modprobe then does nothing: unload it "
      + "first), or its init failed before the root (since Linux 6.3 kvm_init comes last: record with the root do_init_module), or the load "
      + "ended before any init: a missing file or dependency, a module of another kernel (what modprobe says, and dmesg, tell)"
  }

  private static func otherCallsReason(_ recording: Recording, calls: Int) -> String {
    let names = FunctionNames(recording)
    let finder = RunFinder(recording, names: names)
    let inits = recording.tasks.flatMap { task -> [FunctionID] in
      let initcalls = task.tree.calls.indices.filter { names[task.tree.calls[$0].function] == "do_one_initcall" }
      return initcalls.compactMap { finder.initFunction(of: $0, in: task.tree) }.map { task.tree.calls[$0].function }
    }
    let count = "\(inits.count) module \(inits.count == 1 ? "init" : "inits")"
    let nameless = inits.filter { names[$0] == nil }.count
    if nameless > 0 {
      return "the trace holds \(count), \(nameless) without a name and without calls that tell whose: whether KVM's is among them "
        + "cannot be told; record with -e module, and without a depth limit"
        + (riscvMayFail(recording, names: names) ? "; if this is riscv's kvm, say --vendor riscv" : "")
    }
    if !inits.isEmpty { return "the trace holds \(count), but none of \(isRISCV(recording) ? "kvm" : "kvm_intel or kvm_amd")" }
    if let module = loadedVendor(recording)?.module {
      return
        "no init of a KVM module is among the \(calls) calls, and \(module) was loaded when the recording ended: it was loaded before; "
        + "unload it first (modprobe -r \(module)), then record again"
    }
    return "no init of a KVM module is among the \(calls) calls: neither do_init_module nor kvm_init ran in this trace"
  }

  /// Whether an init without a name did nothing but print, as riscv's does on a CPU without hypervisor extension.
  private static func riscvMayFail(_ recording: Recording, names: FunctionNames) -> Bool {
    guard recording.source.machine?.hasPrefix("riscv") ?? true else { return false }
    let finder = RunFinder(recording, names: names, toldVendor: .riscv)
    return finder.find().contains { $0.vendor == .riscv }
  }

  /// The vendor whose module the recorded symbols name, if it is one of those that the machine can have.
  static func loadedVendor(_ recording: Recording) -> Vendor? {
    guard let modules = recording.loadedModules else { return nil }
    let loaded = (isRISCV(recording) ? [Vendor.riscv] : [.intel, .amd]).filter { modules.contains($0.module) }
    return loaded.count == 1 ? loaded.first : nil
  }
}
