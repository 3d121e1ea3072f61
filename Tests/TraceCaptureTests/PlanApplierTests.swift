import Testing

@testable import TraceCapture

/// A plan on a folder, and the way back.
@Suite struct PlanApplierTests {
  private static func write(
    _ name: String, _ texts: [String], rule: RestoreRule = .contents, isOptional: Bool = false, at place: TracefsFile.Place = .top
  ) -> PlanStep {
    PlanStep(.write(TracefsFile(place, name), texts.map { $0 + "\n" }, rule: rule), isOptional: isOptional)
  }

  /// What a recording in the top instance writes.
  private static func topPlan() -> RecordingPlan {
    var targets = RecordingTargets()
    (targets.roots, targets.leftOut, targets.pid) = (["do_init_module", "kvm_online_cpu"], ["arch_static_call_transform"], 42)
    targets.probes = [.init("vmx_init", in: "kvm_intel"), .init("misc_register", in: nil)]
    targets.hiddenLines = [1, 3]
    return RecordingPlan(RecordingRequest(), targets: targets, abilities: RecordingPlanTests.abilities("5.10"))
  }

  /// Applies, and gives the journal that was made before.
  private func apply(_ plan: RecordingPlan, _ tracefs: FakeTracefs) throws -> (
    journal: Journal, refused: [(step: PlanStep, error: CaptureError)]
  ) {
    var applier = PlanApplier(plan, top: try tracefs.directory())
    var journal = Journal(pid: 1, top: tracefs.path)
    journal.entries = try applier.entries()
    _ = try applier.apply()
    return (journal, applier.refused)
  }

  @Test func everythingIsAsBefore() throws {
    let tracefs = try FakeTracefs()
    // Somebody's own settings are kept too.
    for (name, text) in [
      ("set_graph_function", "vfs_read\nvfs_write\n"), ("current_tracer", "function\n"), ("tracing_on", "0\n"), ("set_event_pid", "7\n8\n"),
      ("max_graph_depth", "3\n"), ("events/sched/sched_switch/filter", "prev_pid == 7\n"), ("events/printk/console/enable", "1\n"),
      ("tracing_cpumask", "2\n"), ("set_event_notrace_pid", "9\n"), ("set_ftrace_notrace_pid", "1\n9\n"),
      ("events/printk/console/filter", "msg ~ \"kvm*\"\n"),
    ] { try tracefs.write(name, text) }
    let before = tracefs.snapshot
    let (journal, _) = try apply(Self.topPlan(), tracefs)
    for (name, text) in [
      ("tracing_on", "0\n"), ("trace_clock", "global\n"), ("buffer_size_kb", "32768\n"), ("set_event_pid", ""), ("max_graph_depth", "0\n"),
      ("set_graph_function", "do_init_module\nkvm_online_cpu\n"), ("set_graph_notrace", "arch_static_call_transform\n"),
      ("set_ftrace_notrace", "1\n3\n"), ("current_tracer", "function_graph\n"), ("events/sched/sched_switch/enable", "1\n"),
      ("events/sched/sched_switch/filter", "prev_pid == 42 || next_pid == 42\n"),
      ("tracing_cpumask", "f\n"), ("set_event_notrace_pid", ""), ("set_ftrace_notrace_pid", ""), ("events/printk/console/filter", "0\n"),
      (
        "kprobe_events",
        "r:kvm_inittrace/r_vmx_init kvm_intel:vmx_init ret=$retval:s64\nr:kvm_inittrace/r_misc_register misc_register ret=$retval:s64\n"
      ),
    ] { #expect(tracefs.text(name) == text, "\(name)") }
    let restorer = try Restorer(journal)
    _ = restorer.restore()
    try tracefs.settle()
    try tracefs.write("kprobe_events", "")
    #expect(tracefs.snapshot == before)
    // Once more does no harm: what is as before is not written to. The folder keeps the line that takes a probe away.
    #expect(restorer.restore().map(\.file) == ["kprobe_events"])
    try tracefs.write("kprobe_events", "")
    #expect(tracefs.snapshot == before)
  }

  /// Whatever was done when the recorder ended, its journal brings everything back.
  @Test func afterAPartOfTheSteps() throws {
    let plan = Self.topPlan()
    let tracefs = try FakeTracefs()
    let before = tracefs.snapshot
    var journal = Journal(pid: 1, top: tracefs.path)
    journal.entries = try PlanApplier(plan, top: try tracefs.directory()).entries()
    for count in 0...plan.steps.count {
      var part = PlanApplier(RecordingPlan(steps: Array(plan.steps.prefix(count))), top: try tracefs.directory())
      _ = try part.apply()
      _ = try Restorer(journal).restore()
      try tracefs.settle()
      try tracefs.write("kprobe_events", "")
      #expect(tracefs.snapshot == before, "after \(count) steps")
    }
  }

  @Test func probesAreTakenAway() throws {
    let tracefs = try FakeTracefs()
    var journal = Journal(pid: 1, top: tracefs.path)
    journal.entries = [.probe(event: "r_vmx_init")]
    // The folder keeps the line, which the kernel obeys.
    #expect(try Restorer(journal).restore() == [.init(file: "kprobe_events", before: "", now: "-:kvm_inittrace/r_vmx_init")])
    #expect(tracefs.text("kprobe_events") == "-:kvm_inittrace/r_vmx_init\n")
    try tracefs.write("kprobe_events", "p:kprobes/mine vfs_read\np:kvm_inittrace2/x vfs_read\n")
    journal.entries = []
    #expect(try Restorer(journal).restore() == [])
    // One that no journal names any more. The folder keeps what is written at the beginning of the file.
    try tracefs.write("events/kvm_inittrace/enable", "1\n")
    try tracefs.write("kprobe_events", "r16:kvm_inittrace/r_vmx_init kvm_intel:vmx_init ret=$retval\np:kprobes/mine vfs_read\n")
    #expect(try Restorer(journal).restore().map(\.now) == ["-:kvm_inittrace/r_vmx_init"])
    #expect(tracefs.text("events/kvm_inittrace/enable") == "0\n")
    #expect(tracefs.text("kprobe_events")?.hasSuffix("\np:kprobes/mine vfs_read\n") == true)
  }

  @Test func whatReadsAsWantedIsLeftAlone() throws {
    let tracefs = try FakeTracefs()
    try tracefs.refuse("max_graph_depth")
    let now = try #require(tracefs.text("max_graph_depth")).trimmed
    #expect(try apply(RecordingPlan(steps: [Self.write("max_graph_depth", [now], isOptional: true)]), tracefs).refused.isEmpty)
    #expect(try apply(RecordingPlan(steps: [Self.write("max_graph_depth", ["1"], isOptional: true)]), tracefs).refused.count == 1)
  }

  @Test func refusals() throws {
    let tracefs = try FakeTracefs()
    try tracefs.refuse("buffer_percent")
    let before = tracefs.snapshot
    let steps = [
      Self.write("events/bogus/enable", ["1"], isOptional: true), Self.write("tracing_on", ["0"]),
      Self.write("buffer_percent", ["50"], isOptional: true), Self.write("max_graph_depth", ["9"]),
    ]
    let (journal, refused) = try apply(RecordingPlan(steps: steps), tracefs)
    #expect(refused.map(\.step) == [steps[0], steps[2]])
    #expect(refused.first?.error.message == "cannot open '\(tracefs.path)/events/bogus/enable': No such file or directory")
    #expect(refused.last?.error.message.contains("/buffer_percent': ") == true)
    #expect(tracefs.text("tracing_on") == "0\n" && tracefs.text("max_graph_depth") == "9\n")
    #expect(try Restorer(journal).restore() == [])
    #expect(tracefs.snapshot == before)
    // A file that must be there and is not: nothing is changed at all.
    #expect(throws: CaptureError.self) {
      try apply(RecordingPlan(steps: [Self.write("tracing_on", ["0"]), Self.write("bogus", ["1"])]), tracefs)
    }
    #expect(tracefs.snapshot == before)
    // A refusal of what must be there ends the recording; what was done so far is undone.
    var applier = PlanApplier(
      RecordingPlan(steps: [steps[1], steps[3], Self.write("buffer_percent", ["50"])]), top: try tracefs.directory())
    var other = Journal(pid: 1, top: tracefs.path)
    other.entries = try applier.entries()
    #expect(throws: CaptureError.self) { try applier.apply() }
    #expect(tracefs.text("tracing_on") == "0\n" && tracefs.text("max_graph_depth") == "9\n")
    #expect(try Restorer(other).restore() == [])
    #expect(tracefs.snapshot == before)
  }

  /// Nothing is changed that could not be changed back.
  @Test func whatCouldNotBePutBack() throws {
    let tracefs = try FakeTracefs()
    for (name, text, remedy) in [
      ("buffer_size_kb", "X\n", "give the ring buffers of all CPUs one size first: echo 1408 > \(tracefs.path)/buffer_size_kb"),
      ("trace_clock", "local global\n", "write one of its values to \(tracefs.path)/trace_clock"),
    ] {
      try tracefs.write(name, text)
      let before = tracefs.snapshot
      let error = #expect(throws: CaptureError.self) { try apply(Self.topPlan(), tracefs) }
      #expect(error?.description == "\(name) reads '\(text.trimmed)', which cannot be put back after a recording; \(remedy)")
      #expect(error?.exitCode == 69 && tracefs.snapshot == before)
      try tracefs.write("buffer_size_kb", "1410\n")
    }
  }

  /// An event on which a trigger stands reads `0*`, and takes `0`.
  @Test func eventsWithTriggers() throws {
    let tracefs = try FakeTracefs()
    try tracefs.write("events/printk/console/enable", "0*\n")
    let (journal, _) = try apply(Self.topPlan(), tracefs)
    #expect(tracefs.text("events/printk/console/enable") == "1\n")
    #expect(!(try Restorer(journal).restore().contains { $0.file.hasSuffix("/enable") }))
    #expect(tracefs.text("events/printk/console/enable") == "0\n")
    try tracefs.settle()
    try tracefs.write("events/printk/console/enable", "1*\n")
    _ = try apply(Self.topPlan(), tracefs)
    #expect(tracefs.text("events/printk/console/enable") == "1*\n")
  }

  @Test func probesThatAreRefused() throws {
    let tracefs = try FakeTracefs()
    try tracefs.refuse("kprobe_events")
    // The kernel took the first one, and stopped at the second.
    try tracefs.write("events/kvm_inittrace/r_a/format", "")
    let probes = ["a", "b", "c"].map { RecordingTargets.Probe($0, in: nil) }
    let plan = RecordingPlan(steps: [PlanStep(.addProbes(probes), isOptional: true)])
    let (journal, refused) = try apply(plan, tracefs)
    #expect(refused.map(\.step) == probes.dropFirst().map { PlanStep(.addProbes([$0]), isOptional: true) })
    #expect(journal.entries == ["r_a", "r_b", "r_c"].map { .probe(event: $0) })
    // The group's switch is not there yet: it is off.
    let group = [Self.write("events/kvm_inittrace/enable", ["1"], isOptional: true)]
    #expect(
      try PlanApplier(RecordingPlan(steps: group), top: try tracefs.directory()).entries()
        == [.file("events/kvm_inittrace/enable", rule: .contents, original: "0\n")])
  }

  @Test func anInstance() throws {
    let tracefs = try FakeTracefs()
    let before = tracefs.snapshot
    let plan = RecordingPlan(steps: [PlanStep(.makeInstance), Self.write("max_graph_depth", ["4"])])
    var applier = PlanApplier(plan, top: try tracefs.directory())
    var journal = Journal(pid: 1, top: tracefs.path)
    journal.entries = try applier.entries()
    #expect(journal.entries == [.instance, .file("max_graph_depth", rule: .contents, original: "0\n")])
    #expect(try applier.apply().path == tracefs.path + "/instances/kvm-inittrace")
    #expect(try Restorer(journal).restore() == [])
    #expect(tracefs.snapshot == before)
    // One that an interrupted recording has left is taken over; files of the instance are in no journal, and the kernel removes them with it.
    for (name, text) in FakeTracefs.idle { try tracefs.write("instances/kvm-inittrace/" + name, text) }
    let own = RecordingPlan(steps: [
      PlanStep(.makeInstance), Self.write("current_tracer", ["function_graph"], at: .instance),
      Self.write("tracing_on", ["1"], at: .instance),
    ])
    let (second, _) = try apply(own, tracefs)
    #expect(second.entries == [.instance])
    #expect(tracefs.text("instances/kvm-inittrace/current_tracer") == "function_graph\n" && tracefs.text("current_tracer") == "nop\n")
    #expect(try Restorer(second).restore() == [.init(file: "instances/kvm-inittrace", before: "", now: "still there")])
    #expect(
      tracefs.text("instances/kvm-inittrace/current_tracer") == "nop\n" && tracefs.text("instances/kvm-inittrace/tracing_on") == "0\n")
  }
}
