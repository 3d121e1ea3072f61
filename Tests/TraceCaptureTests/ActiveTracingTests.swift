import Testing

@testable import TraceCapture

@Suite struct ActiveTracingTests {
  private let machine: TestMachine
  private static let place = TestMachine.place

  init() throws {
    machine = try TestMachine()
    try machine.addTracefs()
    for name in ["set_graph_function", "set_ftrace_filter"] {
      try machine.write("\(Self.place)/\(name)", "#### all functions enabled ####\n")
    }
    for name in ["set_graph_notrace", "set_ftrace_notrace"] {
      try machine.write("\(Self.place)/\(name)", "#### no functions disabled ####\n")
    }
    try machine.write("\(Self.place)/per_cpu/cpu0/stats", "entries: 0\noverrun: 0\n")
    try machine.write("\(Self.place)/per_cpu/cpu1/stats", "entries: 0\noverrun: 0\n")
  }

  private func set(_ name: String, _ text: String) throws { try machine.write("\(Self.place)/\(name)", text) }

  private func findings(usesInstance: Bool) throws -> [String] {
    let facts = try #require(TracefsFacts(machine.files, kernel: "6.12"))
    return ActiveTracing(facts, usesInstance: usesInstance) { machine.files.text("\(Self.place)/\($0)") }.findings
  }

  @Test(arguments: [false, true]) func anIdleSystem(usesInstance: Bool) throws {
    #expect(try findings(usesInstance: usesInstance) == [])
    // The recorder's own instance is nobody else's, nor is one with another tracer.
    try set("instances/kvm-inittrace/current_tracer", "function_graph\n")
    try set("instances/other/current_tracer", "function\n")
    try set("instances/other/set_event", "sched:sched_switch\n")
    #expect(try findings(usesInstance: usesInstance) == [])
    try ActiveTracing(try #require(TracefsFacts(machine.files, kernel: "6.12")), usesInstance: usesInstance) { _ in nil }.check()
  }

  @Test func tracers() throws {
    try set("current_tracer", "function\n")
    #expect(try findings(usesInstance: false) == ["the tracer function is set (current_tracer)"])
    #expect(try findings(usesInstance: true) == [])
    try set("current_tracer", "function_graph\n")
    #expect(try findings(usesInstance: false) == ["the tracer function_graph is set (current_tracer)"])
    #expect(try findings(usesInstance: true) == ["the tracer function_graph is set (current_tracer)"])
    try set("current_tracer", "nop\n")
    try set("instances/other/current_tracer", "function_graph\n")
    for usesInstance in [false, true] {
      #expect(try findings(usesInstance: usesInstance) == ["the tracer function_graph is set (instances/other/current_tracer)"])
    }
  }

  /// The functions of the graph are one for all instances; the filter of functions is each instance's own.
  @Test func functions() throws {
    try set("set_graph_function", "vfs_read\n")
    try set("set_graph_notrace", "vfs_write\nvfs_open\n")
    let graph = ["set_graph_function is set (vfs_read)", "set_graph_notrace is set (vfs_write, …)"]
    #expect(try findings(usesInstance: true) == graph && findings(usesInstance: false) == graph)
    try set("set_ftrace_filter", "#### all functions enabled ####\nvfs_read:traceoff:unlimited\n")
    try set("set_ftrace_notrace", "a\n")
    #expect(try findings(usesInstance: true) == graph)
    #expect(
      try findings(usesInstance: false)
        == graph + ["set_ftrace_filter is set (vfs_read:traceoff:unlimited)", "set_ftrace_notrace is set (a)"])
  }

  @Test func eventsAndWhatTheyLeft() throws {
    try set("set_event", "sched:sched_switch\n")
    #expect(try findings(usesInstance: false) == ["events are enabled (sched:sched_switch)"])
    try set("set_event", "sched:sched_switch\nirq:irq_handler_entry\nirq:irq_handler_exit\n")
    try set("per_cpu/cpu0/stats", "entries: 5\noverrun: 1\nentries: x\n")
    try set("per_cpu/cpu1/stats", "entries: 7\noverrun: 1\n")
    #expect(
      try findings(usesInstance: false) == [
        "events are enabled (sched:sched_switch and 2 more)",
        "the ring buffer holds 12 events of an earlier tracing, which would be lost",
      ])
    #expect(try findings(usesInstance: true) == [])
  }

  @Test func theErrorNamesAll() throws {
    try set("current_tracer", "function\n")
    try set("set_event", "sched:sched_switch\n")
    let tracing = ActiveTracing(try #require(TracefsFacts(machine.files, kernel: "5.10")), usesInstance: false) { _ in nil }
    let error = #expect(throws: CaptureError.self) { try tracing.check() }
    #expect(
      error?.description
        == "somebody else is tracing: the tracer function is set (current_tracer); events are enabled (sched:sched_switch); "
        + "end that (trace-cmd reset, perf, bpftrace), or record on top of it with --force")
    #expect(error?.exitCode == 69)
  }
}
