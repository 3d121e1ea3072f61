import CallTrees
import KVMStages

/// What is said of a run before its stages, as plain sentences without layout: shared by text and Markdown.
struct RunFacts {
  let recording: Recording
  let run: Run
  let glyphs: Glyphs

  // MARK: verdict

  /// `kvm_intel`, or `kvm_intel or kvm_amd` where the trace does not tell.
  var subject: String { run.module ?? (run.rootRow == nil ? "KVM" : "kvm_intel or kvm_amd") }

  var verdictWord: String { run.verdict.rawValue.uppercased() }

  /// What follows the verdict: ` at 5.1.1 CPU feature support checks`, `, but 1 required stage is missing`, or nothing.
  var detail: String {
    if let failure = run.failure { return " at " + failure.stage.fullTitle }
    let missing = run.stages.count { $0.status == .missing }
    guard run.verdict == .ok, missing > 0 else { return "" }
    return ", but \(Quantity.count(missing, "required stage is", plural: "required stages are")) missing"
  }

  /// `EOPNOTSUPP`, or empty.
  var errorName: String { run.failure.flatMap { $0.errno ?? $0.code.map(String.init) } ?? "" }

  /// `in 1.234 ms`, or empty when the duration is not known.
  var duration: String { run.durationNS.map { "in " + glyphs.time($0) } ?? "" }

  /// Whether the reason tells more than the verdict line does.
  func tellsReason(verbose: Bool) -> Bool {
    guard !run.reason.isEmpty else { return false }
    if verbose || run.verdict.isUntold { return true }
    return run.failure == nil && run.stages.contains { $0.status == .missing || $0.status == .failed }
  }

  // MARK: facts

  /// Kernel, machine, task, trace: `kernel 6.12.107 (x86_64), 4 CPUs; task modprobe-123; root do_init_module; …`.
  func facts(verbose: Bool) -> String {
    var facts = [machine]
    if let task { facts.append("task \(task)") }
    if let root = run.root { facts.append("root \(root)") }
    facts.append("\(Quantity.count(recording.source.events, "event")) (\(kind))")
    if run.interruptNS > 0 { facts.append("\(glyphs.time(run.interruptNS)) in interrupts") }
    if run.sleepNS > 0 { facts.append("\(glyphs.time(run.sleepNS)) asleep") }
    if let recorder = recording.source.recorder { facts += RecorderText(recorder).facts }
    if verbose {
      facts.append("\(Quantity.count(run.calls, "call")) down to depth \(run.maxDepth)")
      if let flow = run.flow { facts.append("flow \(flow.id): \(flow.title)") }
      if let clock = recording.source.clock { facts.append("clock \(clock)") }
    }
    return facts.joined(separator: "; ")
  }

  /// What the recorder knew, for who wants to see more; empty for other recordings.
  var recorderLines: [(label: String, text: String)] { recording.source.recorder.map { RecorderText($0).lines } ?? [] }

  private var machine: String {
    let source = recording.source
    var text = source.kernel.map { "kernel \($0)" } ?? "kernel not told"
    if let machine = source.machine { text += " (\(machine))" }
    if let cpus = source.cpus {
      // The kernel's text does not tell how many the machine has: a CPU without an event is not in it.
      text += (source.kind == .ftraceText ? ", events of " : ", ") + Quantity.count(cpus, "CPU")
    }
    return text
  }

  private var task: String? {
    switch (run.comm, run.pid) {
    case (let comm?, let pid?): "\(comm)-\(pid)"
    case (nil, let pid?): "\(pid)"
    case (let comm?, nil): comm
    case (nil, nil): nil
    }
  }

  private var kind: String {
    switch recording.source.kind {
    case .traceCmdV6: "trace-cmd .dat v6"
    case .traceCmdV7: "trace-cmd .dat v7"
    case .ftraceText: "text of tracefs"
    case .traceCmdText: "text of trace-cmd report"
    }
  }

  // MARK: integrity

  /// What is lost, damaged or mended, one sentence each; empty when the trace is whole.
  var integrity: [String] {
    var lines: [String] = []
    if let reason = recording.source.recorder?.interrupted {
      lines.append("the recording was ended by \(reason) before the load was over")
    }
    let disturbed = recording.source.recorder?.disturbed ?? []
    if !disturbed.isEmpty {
      let changes = disturbed.joined(separator: "; ")
      lines.append("somebody else changed the tracing while it was recorded, and events may be missing: \(changes)")
    }
    if disturbed.isEmpty ? !recording.losses.isEmpty : recording.lostEvents > 0 { lines.append(losses) }
    let shown = recording.damage.prefix(3)
    lines += shown.map(\.finding)
    if recording.damage.count > shown.count {
      lines.append("damaged in \(Quantity.count(recording.damage.count - shown.count, "more place"))")
    }
    if let mended { lines.append(mended) }
    if let unresolved { lines.append(unresolved) }
    return lines
  }

  private var losses: String {
    let cpus = recording.lossSums.byCPU
    let parts = cpus.prefix(8).map { "CPU \($0.cpu): \($0.events == 0 ? "number unknown" : Quantity.count($0.events))" }
    let rest = cpus.count > parts.count ? ", and \(Quantity.count(cpus.count - parts.count, "more CPU"))" : ""
    let total = recording.lostEvents == 0 ? "events were lost" : Quantity.count(recording.lostEvents, "event") + " lost"
    let ofRun = run.integrity.lostEvents
    let inRun = ofRun == recording.lostEvents ? "" : ", \(ofRun == 0 ? "none" : Quantity.count(ofRun)) of them in this run"
    return "\(total) (\(parts.joined(separator: ", "))\(rest))\(inRun); record with a larger buffer (-b)"
  }

  private var mended: String? {
    let integrity = run.integrity
    guard integrity.mendedCalls > 0 || integrity.openCalls > 0 else { return nil }
    let open = integrity.openCalls > 0 ? ", \(Quantity.count(integrity.openCalls)) of them without a return" : ""
    return "\(Quantity.count(integrity.mendedCalls, "call")) mended\(open): their times are not known and not summed"
  }

  /// Left out where a note on the run says it at length.
  private var unresolved: String? {
    guard run.integrity.unresolvedFunctions > 0, !run.notes.contains(where: { $0.contains("--kallsyms") }) else { return nil }
    return "\(Quantity.count(run.integrity.unresolvedFunctions, "function")) without a trusted name: "
      + "--module-dir DIR or --kallsyms FILE can give them"
  }
}
