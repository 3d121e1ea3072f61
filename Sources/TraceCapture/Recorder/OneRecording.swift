import CallTrees
import Glibc
import KVMStages
import TraceFile

/// One load that is recorded into one file.
struct OneRecording {
  private let recorder: Recorder
  private let top: TracefsDirectory
  private let runDirectory: RunDirectory
  private let signals: SignalWatch
  private let journal: Journal

  private var options: RecorderOptions { recorder.options }
  private var machine: MachineFacts { recorder.machine }

  init(_ recorder: Recorder, top: TracefsDirectory, runDirectory: RunDirectory, signals: SignalWatch, journal: Journal) {
    self.recorder = recorder
    self.top = top
    self.runDirectory = runDirectory
    self.signals = signals
    self.journal = journal
  }

  /// - Parameters:
  ///   - repetition: its number, from 1.
  ///   - module: the module that modprobe loads, for a trigger that is one.
  func record(_ repetition: Int, module: String?) throws(CaptureError) -> RecordedTrace {
    let path = options.path(repetition)
    var command: GatedCommand?
    if let words = try recorder.plannedCommand() {
      // The user's own command is nobody's to kill.
      command = try GatedCommand(
        words, mask: signals.previousMask, lock: module == nil ? nil : runDirectory.lock, environment: recorder.commandEnvironment)
    }
    defer { command?.abandon() }
    // The command was forked before, and keeps the limit that it had.
    let openFiles = OpenFiles()
    defer { openFiles.restoreLimit() }
    let (session, plan, targets) = try armed(path, command, module)
    var result = RecordedTrace(path: path, facts: facts(plan, command: command, repetition))
    var outcome: Result<(RecordingSession.Ending, Captured), CaptureError>
    do throws(CaptureError) {
      recorder.trace(Recorder.runningStep)
      let ending = try run(session, command, &result.facts)
      recorder.trace("reading what is left in the ring buffer, and the symbols")
      try session.stop()
      result.facts.disturbed = session.disturbances
      // Before the modules are touched.
      outcome = .success((ending, Captured(top: top, files: recorder.files)))
    } catch {
      outcome = .failure(error)
    }
    recorder.trace("putting tracefs back")
    putBack(session)
    // A load that goes on would change the modules while they are put back.
    if let sentence = command?.finish() { recorder.notify("warning: " + sentence) }
    let captured: Captured
    (result.ending, captured) = try outcome.get()
    recorder.trace("writing \(path)")
    try write(session, captured, targets, command, &result)
    return result
  }

  /// Changes tracefs for the recording. Functions are hidden by their place in a list, which a module that comes or goes shifts: then
  /// it is done once more.
  private func armed(_ path: String, _ command: GatedCommand?, _ module: String?) throws(CaptureError) -> (
    RecordingSession, RecordingPlan, RecordingTargets
  ) {
    for _ in 1...3 {
      let modules = Set(ModuleTable(recorder.files).modules.keys)
      recorder.trace("reading the list of functions that can be traced")
      let list = options.trigger == .extract ? nil : try top.read("available_filter_functions")
      let (plan, targets) = try recorder.plan(list, command: module == nil ? nil : command?.pid)
      let session = RecordingSession(
        options.trigger == .extract ? .extraction : plan, top: top, runDirectory: runDirectory, signals: signals, journal: journal)
      do throws(CaptureError) {
        try session.arm(cpus: cpus, spoolFolder: recorder.folder(of: path), trace: recorder.trace)
      } catch {
        putBack(session)
        throw error
      }
      for refusal in session.refused { recorder.trace("left out: \(refusal.error.message)") }
      if targets.hiddenLines == nil || modules == Set(ModuleTable(recorder.files).modules.keys) { return (session, plan, targets) }
      putBack(session)
    }
    throw CaptureError(
      .unavailable, "modules come and go while the recording is prepared",
      remedy: "try again when that has ended, or record with --detail full")
  }

  /// Puts tracefs back, and says what cannot be.
  private func putBack(_ session: RecordingSession) {
    let differences = session.restore()
    for difference in differences {
      recorder.notify("warning: \(difference.file) could not be put back: it was '\(difference.before)', and is '\(difference.now)'")
    }
    if !differences.isEmpty { recorder.adviseRestoring() }
  }

  private var cpus: [Int] {
    let names = recorder.files.names(in: top.path + "/per_cpu") ?? []
    return names.compactMap { $0.hasPrefix("cpu") ? Int($0.dropFirst(3)) : nil }.sorted()
  }

  // MARK: while it runs

  private func run(_ session: RecordingSession, _ command: GatedCommand?, _ facts: inout RecordingFacts) throws(CaptureError)
    -> RecordingSession.Ending
  {
    if options.trigger == .extract { return .done }
    // One that has come meanwhile is for the recording, which then has nothing to wait for.
    if let signal = signals.next() {
      facts.interrupted = SignalWatch.name(signal)
      return .signal(signal)
    }
    var watch = command == nil ? LoadWatch(recorder.vendors, top: top, files: recorder.files) : nil
    try session.start()
    facts.started = WallClock.now()
    try command?.start()
    if command == nil { recorder.notify("waiting for a KVM module to be loaded") }
    let ending = try session.run(
      timeout: options.timeout,
      isDone: { command?.poll() ?? watch?.isDone() ?? true },
      onSignal: { command?.send($0) })
    if ending == .timeout { command?.send(SIGTERM) }
    facts.elapsed = command?.end == nil ? nil : command?.elapsedNS
    switch command?.end {
    case .exited(let code): facts.exitCode = code
    case .killed(let signal): facts.signal = signal
    case nil: break
    }
    facts.interrupted = ending.interruption
    return ending
  }

  private func facts(_ plan: RecordingPlan, command: GatedCommand?, _ repetition: Int) -> RecordingFacts {
    var facts = RecordingFacts(toolVersion: options.toolVersion)
    facts.command = command?.arguments ?? []
    facts.vendor = recorder.vendors.count == 1 ? recorder.vendors.first?.rawValue : nil
    facts.module = recorder.vendors.count == 1 ? recorder.vendors.first?.module : nil
    let identity = HostIdentity(recorder.files)
    (facts.hostID, facts.bootID) = (identity.host, identity.boot)
    facts.kernelCommandLine = machine.kernel.commandLine
    facts.cpuModel = machine.cpu.modelName
    facts.microcode = machine.cpu.microcode
    if options.repetitions > 1 { (facts.repetition, facts.repetitions) = (repetition, options.repetitions) }
    guard options.trigger != .extract else { return facts }
    facts.detail = RecordingFacts.Detail(rawValue: options.request.detail.rawValue)
    facts.roots = plan.roots
    facts.leftOut = plan.leftOut
    facts.bufferKB = UInt64(plan.bufferKB)
    facts.clock = options.request.clock
    return facts
  }

  // MARK: the file

  private func write(
    _ session: RecordingSession, _ captured: Captured, _ targets: RecordingTargets, _ command: GatedCommand?, _ result: inout RecordedTrace
  ) throws(CaptureError) {
    guard let format = session.format else { return }
    var facts = result.facts
    captured.fill(&facts, modules: ["kvm"] + recorder.vendors.map(\.module), files: machine.moduleFiles)
    var kept: UInt64 = 0
    for (cpu, text) in session.statistics {
      let lost = BufferStatistics(text).lost
      if lost > 0 { facts.lostEvents[cpu] = lost }
    }
    for pages in session.pages { kept &+= UInt64(pages.size) }
    let probed = Dictionary(targets.probes.map { ($0.event, (function: $0.function, module: $0.module)) }) { first, _ in first }
    let writer = TraceWriter(
      format: format, pages: session.pages, statistics: session.statistics, command: command?.pid, kallsyms: captured.kallsyms,
      moduleFile: moduleFile(captured), probed: probed, commandLines: captured.commandLines(command), printkFormats: captured.printkFormats,
      clocks: session.clocks,
      uname: machine.kernel.uname.line, cpuCount: machine.cpu.online, facts: facts, isCompatible: options.isCompatible)
    (result.facts, result.events, result.bytes, result.hasLoaded) = try writer.write(to: result.path)
    if !tellsOfLoads(session, result.facts) { result.hasLoaded = nil }
    let lost = facts.lostEvents.values.reduce(0, &+)
    if lost > 0, let size = facts.bufferKB {
      result.neededKB = BufferStatistics.needed(kilobytes: Int(clamping: size), lost: lost, kept: kept, events: result.events)
    }
  }
}

extension OneRecording {
  /// Whether the load of a module that is not in the events has not happened.
  private func tellsOfLoads(_ session: RecordingSession, _ facts: RecordingFacts) -> Bool {
    let isRefused = session.refused.contains { refusal in
      if case .write(let file, _, _) = refusal.step.action { file.name == "events/module/module_load/enable" } else { false }
    }
    return !isRefused && facts.lostEvents.isEmpty && facts.disturbed.isEmpty
  }

  /// The file from which the module came: modprobe has just read it, or what is loaded has its build id.
  private func moduleFile(_ captured: Captured) -> (name: String, file: ModuleELF)? {
    guard recorder.vendors.count == 1, let module = recorder.vendors.first?.module, let file = recorder.moduleFile(module) else {
      return nil
    }
    if case .module = options.trigger { return (module, file) }
    return file.buildID != nil && file.buildID == captured.buildID(of: module) ? (module, file) : nil
  }
}

extension RecordingPlan {
  /// Takes what is in the top ring buffer: it is stopped meanwhile.
  static var extraction: RecordingPlan {
    RecordingPlan(steps: [PlanStep(.write(TracefsFile(.top, "tracing_on"), ["0\n"], rule: .contents))])
  }
}
