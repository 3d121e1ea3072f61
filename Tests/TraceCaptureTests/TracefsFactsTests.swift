import Testing

@testable import TraceCapture

@Suite struct TracefsFactsTests {
  @Test func facts() throws {
    let test = try TestMachine()
    let place = "/mnt/my traces"
    try test.write("/proc/mounts", "proc /proc proc rw 0 0\ntracefs /mnt/my\\040traces tracefs rw 0 0\n")
    try test.write(place + "/current_tracer", "function\n")
    try test.write(place + "/available_tracers", "function_graph function nop\n")
    try test.write(place + "/tracing_on", "1\n")
    try test.write(place + "/set_event", "sched:sched_switch\nirq:irq_handler_entry\n")
    try test.write(place + "/kprobe_events", "p:kprobes/mine vfs_read\n")
    try test.write(place + "/available_events", "printk:console\nmodule:module_load\n")
    try test.write(place + "/options/funcgraph-retval", "0\n")
    try test.write(place + "/instances/other/current_tracer", "nop\n")
    try test.write(place + "/instances/other/set_event", "ras:mc_event\n")
    let facts = try #require(TracefsFacts(test.files, kernel: "6.12"))
    #expect(facts.directory == place && facts.isReadable && facts.isWritable && facts.writeError == 0)
    #expect(facts.tracers == ["function_graph", "function", "nop"] && facts.hasFunctionGraph)
    #expect(facts.currentTracer == "function" && facts.isTracingOn)
    #expect(facts.enabledEvents == ["sched:sched_switch", "irq:irq_handler_entry"])
    #expect(facts.kprobeEvents == ["p:kprobes/mine vfs_read"] && facts.hasKprobeEvents)
    #expect(facts.events == ["printk:console", "module:module_load"])
    #expect(facts.hasReturnValues && !facts.hasArguments)
    #expect(facts.instances == [.init(name: "other", currentTracer: "nop", enabledEvents: ["ras:mc_event"])])
    #expect(facts.hasGraphInInstances)
    #expect(TracefsFacts(test.files, kernel: "5.10")?.hasGraphInInstances == false)
    #expect(TracefsFacts(test.files, kernel: nil)?.hasGraphInInstances == false)
  }

  @Test func places() throws {
    let test = try TestMachine()
    #expect(TracefsFacts(test.files, kernel: nil) == nil)
    try test.write("/sys/kernel/debug/tracing/current_tracer", "nop\n")
    #expect(TracefsFacts(test.files, kernel: nil)?.directory == "/sys/kernel/debug/tracing")
    try test.write("/proc/mounts", "t /elsewhere tracefs rw 0 0\nt /sys/kernel/tracing tracefs rw 0 0\n")
    let facts = try #require(TracefsFacts(test.files, kernel: nil))
    #expect(facts.directory == "/sys/kernel/tracing")
    #expect(!facts.isReadable && !facts.isWritable && facts.writeError == 2 && facts.tracers.isEmpty)
    try test.write("/proc/mounts", "t /a\\b\\999 tracefs rw 0 0\n")
    #expect(TracefsFacts(test.files, kernel: nil)?.directory == "/a\\b\\999")
  }
}
