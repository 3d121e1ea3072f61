import CallTrees
import Glibc
import Testing
import TraceFile

@testable import TraceCapture

/// A whole recording in a folder: the pages that a kernel would give lie in it from the beginning.
@Suite struct RecordingSessionTests {
  private let machine: TestMachine
  private let tracefs: FakeTracefs
  private let signals: SignalWatch
  private let runDirectory: RunDirectory

  private static let function: UInt64 = 0xffff_ffff_8100_0000

  init() throws {
    (machine, tracefs, signals) = (try TestMachine(), try FakeTracefs(), try SignalWatch())
    runDirectory = try RunDirectory(path: machine.folder.path + "/run")
    try tracefs.write("events/header_page", RingPages.headerPage)
    try tracefs.write("events/header_event", RingPages.headerEvent)
    for event in RingPages.Event.allCases { try tracefs.write("events/\(event.system)/\(event.name)/format", event.text) }
    try tracefs.write("events/other/mine/format", "name: mine\nID: 99\nformat:\n\nprint fmt: \"\"\n")
    let records = [
      RingPages.record(.enter, pid: 42, Self.function, UInt32(0)),
      RingPages.record(.leave, pid: 42, Self.function, UInt32(0), UInt32(0), UInt64(1000), UInt64(2000)),
    ]
    for cpu in 0..<2 {
      try tracefs.write("per_cpu/cpu\(cpu)/trace_pipe_raw", RingPages.page(time: 1000, cpu == 0 ? records : []))
      try tracefs.write("per_cpu/cpu\(cpu)/stats", "entries: 0\noverrun: \(cpu)\n")
    }
  }

  private func session(_ steps: [PlanStep]? = nil, outer: [Journal.Entry] = []) throws -> RecordingSession {
    var targets = RecordingTargets()
    targets.roots = ["do_init_module"]
    let plan = RecordingPlan(RecordingRequest(), targets: targets, abilities: RecordingPlanTests.abilities("5.10"))
    var journal = Journal(pid: getpid(), top: tracefs.path)
    journal.entries = outer
    return RecordingSession(
      steps.map { RecordingPlan(steps: $0) } ?? plan, top: try tracefs.directory(), runDirectory: runDirectory, signals: signals,
      journal: journal)
  }

  private func arm(_ session: RecordingSession) throws {
    try session.arm(cpus: [0, 1, 7], spoolFolder: machine.folder.path) { _ in }
  }

  @Test func aRecording() throws {
    let before = tracefs.snapshot
    let session = try session()
    try arm(session)
    #expect(tracefs.text("current_tracer") == "function_graph\n" && tracefs.text("tracing_on") == "0\n")
    #expect(
      runDirectory.journal()?.entries.contains(.file("current_tracer", rule: .contents, original: "nop\n")) == true)
    #expect(session.format?.events.map(\.name).contains("mine") == false)
    // Events that this folder has no files for.
    #expect(session.refused.count > 5 && session.refused.allSatisfy { $0.step.isOptional })
    try session.start()
    #expect(tracefs.text("tracing_on") == "1\n")
    var looks = 0
    let ending = try session.run(
      timeout: nil,
      isDone: {
        looks += 1
        return looks > 3
      }, onSignal: { _ in Issue.record("no signal was sent") })
    #expect(ending == .done)
    try session.stop()
    #expect(tracefs.text("tracing_on") == "0\n")
    #expect(session.statistics == [0: "entries: 0\noverrun: 0\n", 1: "entries: 0\noverrun: 1\n"])
    #expect(session.pages.map(\.cpu) == [0, 1] && session.pages.map(\.size) == [4096, 4096])
    #expect(try PageScan(session.pages, format: try #require(session.format)).counts == [11: 1, 10: 1])
    _ = session.restore()
    try tracefs.settle()
    #expect(tracefs.snapshot == before)
    #expect(session.restore() == [] && runDirectory.journal() == nil)
  }

  @Test func whatCannotBePutBackStaysInTheJournal() throws {
    let session = try session([PlanStep(.write(TracefsFile(.top, "max_graph_depth"), ["0\n"], rule: .contents))])
    try arm(session)
    try tracefs.refuse("max_graph_depth")
    #expect(session.restore().map(\.file) == ["max_graph_depth"])
    #expect(runDirectory.journal() != nil)
  }

  /// Whatever goes before it is put back: the journal stays, and the next recording does not write another over it.
  @Test func tracefsGoes() throws {
    let session = try session([PlanStep(.write(TracefsFile(.top, "max_graph_depth"), ["3\n"], rule: .contents))])
    try arm(session)
    let journal = runDirectory.journal()
    try tracefs.remove("current_tracer")
    #expect(session.restore() == [.init(file: tracefs.path, before: "tracefs", now: "not mounted")])
    #expect(runDirectory.journal() == journal && tracefs.text("max_graph_depth") == "3\n")
    try tracefs.write("current_tracer", "nop\n")
    let error = #expect(throws: CaptureError.self) { try arm(self.session([])) }
    #expect(error?.message == "what an earlier recording changed in tracefs is not undone, and a new one would hide it")
    #expect(error?.exitCode == 69 && runDirectory.journal() == journal)
    #expect(session.restore() == [] && tracefs.text("max_graph_depth") == "0\n" && runDirectory.journal() == nil)
  }

  @Test func aSessionThatWasNotArmedPutsNothingBack() throws {
    try tracefs.write("max_graph_depth", "9\n")
    let before = tracefs.snapshot
    #expect(try session().restore() == [] && tracefs.snapshot == before)
  }

  @Test func whatOthersChangeIsTold() throws {
    let session = try session([
      PlanStep(.write(TracefsFile(.top, "max_graph_depth"), ["3\n"], rule: .contents)),
      PlanStep(.write(TracefsFile(.top, "tracing_on"), ["0\n"], rule: .contents)),
      PlanStep(.write(TracefsFile(.top, "set_ftrace_filter"), ["a\n", "x [kvm]\n"], rule: .functions)),
      PlanStep(.write(TracefsFile(.top, "set_graph_function"), ["do_init_module\n"], rule: .functions)),
      PlanStep(.write(TracefsFile(.top, "options/overwrite"), ["1\n"], rule: .contents)),
    ])
    try arm(session)
    try session.start()
    // A module that has gone takes its functions with it.
    try tracefs.write("set_ftrace_filter", "a\n0xffffffffc0000000\n")
    try session.stop()
    #expect(session.disturbances == [])
    try session.start()
    for (name, text) in [("max_graph_depth", "1\n"), ("tracing_on", "0\n"), ("set_graph_function", "kfree\nvfs_read\n")] {
      try tracefs.write(name, text)
    }
    try tracefs.remove("options/overwrite")
    try session.stop()
    #expect(
      session.disturbances == [
        "max_graph_depth was '3', and is '1'", "tracing_on was '1', and is '0'",
        "set_graph_function was 'do_init_module', and is 'kfree…'", "options/overwrite cannot be read any more",
      ])
    try tracefs.remove("current_tracer")
    try session.stop()
    #expect(session.disturbances == ["tracefs is no longer mounted: what else was changed cannot be told"])
  }

  /// The modules are put back later, and their part of the journal stays until then.
  @Test func theOuterJournalStays() throws {
    let module = Journal.Entry.module(name: "kvm_intel", wasLoaded: true)
    let session = try session([PlanStep(.write(TracefsFile(.top, "max_graph_depth"), ["3\n"], rule: .contents))], outer: [module])
    try arm(session)
    #expect(runDirectory.journal()?.entries.count == 2)
    #expect(session.restore() == [])
    #expect(runDirectory.journal()?.entries == [module])
  }

  @Test func aStepThatIsRefused() throws {
    let before = tracefs.snapshot
    let session = try session([
      PlanStep(.write(TracefsFile(.top, "max_graph_depth"), ["3\n"], rule: .contents)),
      PlanStep(.write(TracefsFile(.instance, "bogus"), ["3\n"], rule: .contents)),
    ])
    #expect(throws: CaptureError.self) { try arm(session) }
    #expect(tracefs.text("max_graph_depth") == "3\n" && runDirectory.journal() != nil)
    #expect(session.restore() == [])
    #expect(tracefs.snapshot == before && runDirectory.journal() == nil)
  }

  @Test func aFolderThatTakesNoEvents() throws {
    let session = try session([])
    let error = #expect(throws: CaptureError.self) { try session.arm(cpus: [0], spoolFolder: machine.folder.path + "/no") { _ in } }
    #expect(
      error?.description
        == "cannot write in '\(machine.folder.path)/no': No such file or directory; free space, or name a file elsewhere with -o")
    #expect(error?.exitCode == 73)
  }

  @Test func oddPageSizesAreRefused() throws {
    try tracefs.write("buffer_subbuf_size_kb", "3\n")
    let session = try session([])
    let error = #expect(throws: CaptureError.self) { try arm(session) }
    #expect(error?.message.contains("pages of 3072 bytes") == true)
    try tracefs.write("buffer_subbuf_size_kb", "8\n")
    try arm(session)
    #expect(session.format?.pageSize == 8192)
  }

  /// An extraction takes the events of everybody.
  @Test func allFormatsWhereNothingIsKnown() throws {
    let session = try session([])
    try arm(session)
    #expect(session.format?.events.count == RingPages.Event.allCases.count + 1)
    #expect(session.format?.events.contains { $0.system == "other" && $0.name == "mine" && $0.id == 99 } == true)
  }

  @Test(arguments: SignalWatch.ending) func aSignalEndsIt(_ signal: Int32) throws {
    let session = try session([])
    var (told, looks): ([Int32], Int) = ([], 0)
    let ending = try session.run(
      timeout: nil,
      isDone: {
        looks += 1
        if looks == 3 { pthread_kill(pthread_self(), signal) }
        return looks > 6
      }, onSignal: { told.append($0) })
    #expect(ending == .signal(signal) && told == [signal])
  }

  @Test func onlyTheFirstSignalIsPassedOn() throws {
    let session = try session([])
    var (told, looks): ([Int32], Int) = ([], 0)
    let ending = try session.run(
      timeout: nil,
      isDone: {
        looks += 1
        if looks == 2 { pthread_kill(pthread_self(), SIGTERM) }
        if looks == 4 { pthread_kill(pthread_self(), SIGINT) }
        return looks > 8
      }, onSignal: { told.append($0) })
    #expect(ending == .signal(SIGTERM) && told == [SIGTERM])
  }

  @Test func timeIsUp() throws {
    let session = try session([])
    let started = ContinuousClock.now
    #expect(try session.run(timeout: 200_000_000, isDone: { false }, onSignal: { _ in }) == .timeout)
    #expect(started.duration(to: .now) >= .milliseconds(200))
  }
}
