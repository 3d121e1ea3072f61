import KVMStages
import Testing

@testable import TraceCapture

@Suite struct RecordingPlanTests {
  /// Files that 5.10 has not.
  private static let newer: Set<String> = ["options/funcgraph-retval", "options/funcgraph-args"]

  static func abilities(_ version: KernelVersion, without missing: Set<String> = []) -> RecordingAbilities {
    let files = Set(RecordingAbilities.candidates).subtracting(missing).subtracting(version < "6.5" ? newer : [])
    var abilities = RecordingAbilities(
      version: version, graphInInstances: version >= "6.12", files: files, cpus: 4, availableKB: 8 << 20)
    abilities.possibleCPUs = 4
    return abilities
  }

  /// What the finder gives, cut short.
  private static func targets(_ detail: RecordingDetail, pid: Int32? = nil) -> RecordingTargets {
    var targets = RecordingTargets()
    targets.roots = ["do_init_module", "kvm_online_cpu"]
    targets.leftOut = ["arch_static_call_transform"]
    targets.probes = [.init("vmx_init", in: "kvm_intel"), .init("misc_register", in: nil)]
    targets.hiddenLines = detail == .full ? nil : [1, 3]
    targets.pid = pid
    return targets
  }

  private static func lines(
    _ version: KernelVersion, _ detail: RecordingDetail = .full, pid: Int32? = nil, without missing: Set<String> = []
  ) -> [String] {
    var request = RecordingRequest()
    request.detail = detail
    return RecordingPlan(request, targets: targets(detail, pid: pid), abilities: abilities(version, without: missing)).shellLines
  }

  private static func events(_ folder: String) -> [String] {
    RecordingPlan.events.flatMap { ["echo '0' > \(folder)events/\($0)/filter", "echo '1' > \(folder)events/\($0)/enable"] }
  }

  private static let probes = [
    "echo 'r:kvm_inittrace/r_vmx_init kvm_intel:vmx_init ret=$retval:s64' >> kprobe_events",
    "echo 'r:kvm_inittrace/r_misc_register misc_register ret=$retval:s64' >> kprobe_events",
  ]

  @Test func inTheTopInstance() {
    let expected =
      [
        "echo '0' > tracing_on", "echo 'global' > trace_clock", "echo '1' > options/overwrite", "echo '1' > options/record-cmd",
        "echo '50' > buffer_percent", "echo '32768' > buffer_size_kb", "echo 'f' > tracing_cpumask", "echo > set_event_pid",
        "echo > set_event_notrace_pid", "echo > set_ftrace_pid", "echo > set_ftrace_notrace_pid", "echo '0' > tracing_thresh",
        "echo 'do_init_module' > set_graph_function", "echo 'kvm_online_cpu' >> set_graph_function",
        "echo '0' > max_graph_depth", "echo 'arch_static_call_transform' > set_graph_notrace", "echo > set_ftrace_filter",
        "echo > set_ftrace_notrace",
      ] + Self.probes + [
        "echo 'function_graph' > current_tracer", "echo '1' > options/funcgraph-irqs", "echo '1' > options/sleep-time",
      ] + Self.events("") + ["echo '1' > events/kvm_inittrace/enable"]
    #expect(Self.lines("5.10") == expected)
  }

  /// The ring buffer, the tracer and the events are the instance's; what the graph covers is one for all instances.
  @Test func inAnInstance() {
    let own = "instances/kvm-inittrace/"
    let expected =
      [
        "mkdir instances/kvm-inittrace", "echo '0' > \(own)tracing_on", "echo 'global' > \(own)trace_clock",
        "echo '1' > \(own)options/overwrite", "echo '1' > options/record-cmd", "echo '50' > \(own)buffer_percent",
        "echo '32768' > \(own)buffer_size_kb", "echo 'f' > \(own)tracing_cpumask", "echo > \(own)set_event_pid",
        "echo > \(own)set_event_notrace_pid", "echo > \(own)set_ftrace_pid", "echo > \(own)set_ftrace_notrace_pid",
        "echo '0' > tracing_thresh",
        "echo 'do_init_module' > set_graph_function", "echo 'kvm_online_cpu' >> set_graph_function", "echo '0' > max_graph_depth",
        "echo 'arch_static_call_transform' > set_graph_notrace", "echo > \(own)set_ftrace_filter", "echo > \(own)set_ftrace_notrace",
      ] + Self.probes + [
        "echo 'function_graph' > \(own)current_tracer", "echo '1' > \(own)options/funcgraph-retval",
        "echo '1' > \(own)options/funcgraph-args", "echo '1' > \(own)options/funcgraph-irqs", "echo '1' > \(own)options/sleep-time",
      ] + Self.events(own) + ["echo '1' > \(own)events/kvm_inittrace/enable"]
    #expect(Self.lines("7.3") == expected)
  }

  @Test(arguments: [(RecordingDetail.kvm, 8192), (.stages, 2048)]) func lessDetail(_ detail: RecordingDetail, _ size: Int) {
    let full = Self.lines("5.10")
    let lines = Self.lines("5.10", detail)
    #expect(
      lines.filter { !full.contains($0) } == [
        "echo '\(size)' > buffer_size_kb", "echo '1' > set_ftrace_notrace", "echo '3' >> set_ftrace_notrace",
      ])
    #expect(full.filter { !lines.contains($0) } == ["echo '32768' > buffer_size_kb", "echo > set_ftrace_notrace"])
  }

  /// A filter before its event: no switch of another task gets in.
  @Test func switchesOfTheCommandAlone() throws {
    let lines = Self.lines("5.10", pid: 42)
    let place = try #require(lines.firstIndex(of: "echo 'prev_pid == 42 || next_pid == 42' > events/sched/sched_switch/filter"))
    #expect(lines[place + 1] == "echo '1' > events/sched/sched_switch/enable")
    #expect(!lines.contains("echo '0' > events/sched/sched_switch/filter"))
  }

  /// As the kernel writes them, so that a mask that is whole is left alone.
  @Test(arguments: [(1, "1"), (4, "f"), (5, "1f"), (31, "7fffffff"), (32, "ffffffff"), (40, "ff,ffffffff"), (64, "ffffffff,ffffffff")])
  func masksOfAllCPUs(_ count: Int, _ mask: String) {
    var abilities = Self.abilities("6.1")
    abilities.possibleCPUs = count
    #expect(abilities.cpuMask == mask)
    abilities.possibleCPUs = nil
    #expect(abilities.cpuMask == nil)
    let plan = RecordingPlan(RecordingRequest(), targets: Self.targets(.full), abilities: abilities)
    #expect(!plan.shellLines.contains { $0.contains("tracing_cpumask") })
  }

  @Test func whatIsNotThereIsNotWritten() {
    let whole = Self.lines("5.10")
    for name in RecordingAbilities.candidates where !Self.newer.contains(name) {
      let lines = Self.lines("5.10", pid: 42, without: [name])
      #expect(!lines.contains { $0.hasSuffix(" \(name)") || $0.contains(" \(name)/") }, "\(name)")
      #expect(lines.count < whole.count || name == "options/graph-time", "\(name)")
    }
    #expect(!Self.lines("5.10", without: ["kprobe_events"]).contains { $0.contains("kvm_inittrace") })
    let bare = Self.lines("4.19", without: Set(RecordingAbilities.candidates))
    #expect(
      bare == [
        "echo '0' > tracing_on", "echo 'global' > trace_clock", "echo '32768' > buffer_size_kb",
        "echo 'do_init_module' > set_graph_function", "echo 'kvm_online_cpu' >> set_graph_function", "echo '0' > max_graph_depth",
        "echo > set_ftrace_filter", "echo 'function_graph' > current_tracer",
      ])
  }

  @Test func whatTheUserAsksFor() {
    var request = RecordingRequest()
    (request.clock, request.depth, request.bufferKB) = ("mono", 7, 512)
    var targets = Self.targets(.full)
    (targets.filter, targets.probes) = (["vfs_read", "*:mod:kvm"], [])
    let plan = RecordingPlan(request, targets: targets, abilities: Self.abilities("5.10"))
    #expect(plan.bufferKB == 512 && !plan.usesInstance && plan.place == .top)
    #expect(plan.roots == targets.roots && plan.leftOut == targets.leftOut)
    for line in [
      "echo 'mono' > trace_clock", "echo '7' > max_graph_depth", "echo '512' > buffer_size_kb", "echo 'vfs_read' > set_ftrace_filter",
      "echo '*:mod:kvm' >> set_ftrace_filter",
    ] { #expect(plan.shellLines.contains(line), "\(line)") }
    #expect(!plan.shellLines.contains { $0.contains("kprobe_events") || $0.contains("events/kvm_inittrace") })
    #expect(RecordingPlan(request, targets: targets, abilities: Self.abilities("6.12")).place == .instance)
  }

  @Test func manyLinesAreCutShort() {
    var targets = Self.targets(.stages)
    targets.hiddenLines = Array(2...60_001)
    let lines = RecordingPlan(RecordingRequest(), targets: targets, abilities: Self.abilities("5.10")).shellLines
    #expect(lines.contains("# 60000 lines of available_filter_functions, by number, up to 60001 > set_ftrace_notrace"))
    #expect(lines.count < 50)
  }

  private typealias Memory = (detail: RecordingDetail, cpus: Int, availableKB: Int, expected: Int)
  /// Of an eighth of the memory for all CPUs together, but never less than half a megabyte.
  private static let memories: [Memory] = [
    (.full, 4, 8_388_608, 32_768), (.kvm, 4, 8_388_608, 8192), (.stages, 4, 8_388_608, 2048), (.full, 64, 8_388_608, 16_384),
    (.full, 512, 8_388_608, 2048), (.kvm, 512, 8_388_608, 2048), (.full, 4, 65_536, 2048), (.full, 256, 65_536, 512),
    (.full, 0, 8_388_608, 32_768), (.full, 4, 0, 512),
  ]

  @Test(arguments: memories.indices) func buffersFitIntoMemory(_ index: Int) {
    let (detail, cpus, availableKB, expected) = Self.memories[index]
    var abilities = Self.abilities("6.1")
    (abilities.cpus, abilities.availableKB) = (cpus, availableKB)
    #expect(abilities.bufferKB(for: detail) == expected)
    var request = RecordingRequest()
    request.detail = detail
    #expect(RecordingPlan(request, targets: RecordingTargets(), abilities: abilities).bufferKB == expected)
    request.bufferKB = 100
    #expect(RecordingPlan(request, targets: RecordingTargets(), abilities: abilities).bufferKB == 100)
  }
}
