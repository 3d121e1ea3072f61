import CallTrees
import Glibc
import KVMStages
import TraceFile

extension Recorder {
  /// Records, once or several times.
  ///
  /// - Parameter recorded: is given each recording when its file is there.
  /// - Throws: `CaptureError`; tracefs and the modules are as they were before, or a journal says how to bring them there.
  public func run(recorded: (RecordedTrace) -> Void) throws(CaptureError) {
    try checkMachine()
    try checkOutput()
    guard let facts = machine.tracefs else { return }
    let runDirectory = try RunDirectory()
    try runDirectory.acquireLock()
    let leftovers = try Leftovers.restore(runDirectory)
    try Leftovers.checkUndone(runDirectory, leftovers)
    for line in leftovers { notify(line) }
    // Undoing them may have loaded or unloaded modules, and so may the recording that had the lock until now.
    if leftovers.isEmpty { machine.modules = ModuleTable(files) } else { machine = MachineFacts(files) }
    let top = try TracefsDirectory(top: facts.directory)
    try checkClock(top)
    let usesInstance = facts.hasGraphInInstances && options.trigger != .extract
    // Before the modules are touched.
    if !usesInstance, options.trigger != .extract {
      try PlanApplier.check(try top.read("buffer_size_kb"), of: "buffer_size_kb", .size, in: top)
    }
    if options.trigger != .extract, !options.request.force {
      // Leftovers may have gone meanwhile: the facts are read again.
      guard let now = TracefsFacts(files, kernel: machine.kernel.version) else { return }
      try ActiveTracing(now, usesInstance: usesInstance) { try? top.read($0) }.check()
    }
    var keeper: ModuleKeeper?
    if case .module = options.trigger {
      let module = try vendorModule()
      try ModuleKeeper.check(module, machine)
      keeper = ModuleKeeper(module, machine: machine, files: files, lock: runDirectory.lock, timeout: options.timeout)
    }
    try record(top, runDirectory, keeper, recorded: recorded)
  }

  private func record(
    _ top: TracefsDirectory, _ runDirectory: RunDirectory, _ keeper: ModuleKeeper?, recorded: (RecordedTrace) -> Void
  ) throws(CaptureError) {
    let signals = try SignalWatch()
    var keeper = keeper
    var journal = Journal(pid: getpid(), top: top.path)
    if let keeper {
      journal.entries = keeper.entries(machine)
      try runDirectory.store(journal)
    }
    var failure: CaptureError?
    var last: RecordedTrace?
    do throws(CaptureError) {
      for sentence in keeper?.lostFilters(top) ?? [] { notify("warning: " + sentence) }
      trace("loading what the module needs")
      try keeper?.prepare(machine)
      for repetition in 1...max(1, options.repetitions) {
        if let last { recorded(last) }
        last = nil
        if repetition > 1 { try keeper?.prepareAgain() }
        let one = OneRecording(self, top: top, runDirectory: runDirectory, signals: signals, journal: journal)
        last = try one.record(repetition, module: keeper?.module)
        if case .signal = last?.ending { break }
        if let keeper, keeper.isOthers(hasLoaded: last?.hasLoaded) { break }
      }
    } catch {
      failure = error
    }
    // A signal that ended the preparation has been heard, and one that came after the load has nothing left to end: neither is to end what
    // puts the modules back. One that comes from now on does.
    _ = signals.next()
    if let keeper {
      // Of a load that did not come about, or not to its end, nothing is to be kept.
      if options.keepsModules, failure == nil, last?.ending == .done {
        runDirectory.forget(where: \.isModule)
      } else {
        putBack(keeper, runDirectory, last)
      }
    }
    if let last { recorded(last) }
    if let failure { throw failure }
  }

  private func putBack(_ keeper: ModuleKeeper, _ runDirectory: RunDirectory, _ last: RecordedTrace?) {
    trace("putting the modules back")
    do throws(CaptureError) {
      if runDirectory.lock?.isLeft == true {
        // What it loads comes after what would be undone here.
        throw CaptureError(.inconclusive, "modprobe cannot be ended", remedy: CaptureError.waitForKernel)
      }
      if keeper.isOthers(hasLoaded: last?.hasLoaded) {
        notify("warning: somebody else has loaded \(keeper.module) before modprobe did: there is no load to record, and it stays")
      } else {
        try keeper.restore()
      }
      runDirectory.forget(where: \.isModule)
    } catch {
      notify("warning: the modules are not as they were before: \(error)")
      adviseRestoring()
    }
  }

  /// Says what brings back, later, what could not be put back now.
  func adviseRestoring() { notify("warning: when nothing stands in the way any more: kvm-inittrace doctor --restore") }
}
