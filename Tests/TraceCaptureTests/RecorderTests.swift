import KVMStages
import Testing

@testable import TraceCapture

/// What a recorder says of machines made of files.
@Suite struct RecorderTests {
  private func recorder(_ machine: TestMachine, _ change: (inout RecorderOptions) -> Void = { _ in }) -> Recorder {
    var options = RecorderOptions()
    change(&options)
    return Recorder(options, files: machine.files)
  }

  private func problem(_ machine: TestMachine, _ trigger: RecorderOptions.Trigger = .module(parameters: [])) -> String? {
    do {
      try recorder(machine) { $0.trigger = trigger }.checkMachine()
      return nil
    } catch {
      return "\(error.exitCode): \(error)"
    }
  }

  @Test func machinesThatCannotRecord() throws {
    let server = try TestMachine.amdServer()
    #expect(problem(server) == nil)
    try server.write("\(TestMachine.place)/available_tracers", "function nop\n")
    #expect(
      problem(server)
        == "69: this kernel (5.10.0-46-amd64) has no function_graph tracer; boot one that is built with CONFIG_FUNCTION_GRAPH_TRACER, "
        + "such as a distribution's generic kernel")
    try server.write("/proc/sys/kernel/ftrace_enabled", "0\n")
    #expect(problem(server) == "69: function tracing is switched off (kernel.ftrace_enabled is 0); sysctl kernel.ftrace_enabled=1")
    try server.remove("\(TestMachine.place)/current_tracer")
    #expect(problem(server) == "77: /sys/kernel/tracing cannot be written to; run as root, outside a container")
    try server.write("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n")
    #expect(
      problem(server) == "69: /sys/kernel/tracing cannot be written to: the kernel is locked down (confidentiality); "
        + "boot without lockdown=confidentiality")
    try server.write("/proc/mounts", "proc /proc proc rw 0 0\n")
    #expect(problem(server) == "69: tracefs is not mounted; mount -t tracefs tracefs /sys/kernel/tracing")
    let user = try TestMachine.linux("6.1.0", cpuinfo: TestMachine.cpu("AuthenticAMD", "AMD", flags: "svm"), user: 1000)
    #expect(problem(user) == "77: recording needs root; run it with sudo; --dry-run shows what it would do")
  }

  /// The events of a command are found by its process id: those of others are recorded anywhere.
  @Test func containersWithProcessIDsOfTheirOwn() throws {
    let server = try TestMachine.amdServer()
    try server.remove("/proc/self/ns/pid")
    #expect(problem(server) == nil)
    try server.link("/proc/self/ns/pid", to: "pid:[4026532281]")
    for trigger in [RecorderOptions.Trigger.module(parameters: []), .command(["true"])] {
      #expect(
        problem(server, trigger)
          == "69: this container has process ids of its own, by which the command's events cannot be told from others; "
          + "start the container with --pid=host, or run it on the host")
    }
    #expect(problem(server, .wait) == nil && problem(server, .extract) == nil)
  }

  @Test func whichModule() throws {
    #expect(try recorder(.amdServer()).vendorModule() == "kvm_amd")
    #expect(try recorder(.intelLaptop()).vendorModule() == "kvm_intel")
    #expect(try recorder(.arm64Server()).vendorModule() == "kvm")
    #expect(try recorder(.amdServer()) { $0.module = "kvm_intel" }.vendorModule() == "kvm_intel")
    let unknown = try TestMachine.linux("6.1.0", cpuinfo: TestMachine.cpu("Geode by NSC", "Geode", flags: ""))
    let error = #expect(throws: CaptureError.self) { try recorder(unknown).vendorModule() }
    #expect(error?.description.hasPrefix("no KVM module is known for this CPU (Geode by NSC); name one with --module") == true)
  }

  @Test func whichVendors() throws {
    #expect(try recorder(.amdServer()).vendors == [.amd])
    #expect(try recorder(.amdServer()) { $0.module = "kvm_intel" }.vendors == [.intel])
    #expect(
      try recorder(.amdServer()) { $0.trigger = .command(["sh", "-c", "modprobe -r kvm-intel; modprobe kvm-intel"]) }.vendors == [.intel])
    #expect(try recorder(.amdServer()) { $0.trigger = .command(["insmod", "/x/kvm_intel.ko", "kvm_amd"]) }.vendors == [.intel, .amd])
    #expect(try recorder(.amdServer()) { $0.trigger = .command(["./load"]) }.vendors == [.amd])
  }

  @Test func whichCommand() throws {
    #expect(
      try recorder(.amdServer()) { $0.trigger = .module(parameters: ["nested=0"]) }.plannedCommand() == [
        "/sbin/modprobe", "--", "kvm_amd", "nested=0",
      ])
    #expect(try recorder(.amdServer()) { $0.trigger = .command(["a", "b"]) }.plannedCommand() == ["a", "b"])
    #expect(try recorder(.amdServer()) { $0.trigger = .wait }.plannedCommand() == nil)
    #expect(try recorder(.amdServer()) { $0.trigger = .extract }.plannedCommand() == nil)
  }

  @Test func plans() throws {
    let server = try TestMachine.amdServer()
    try server.write("/proc/meminfo", "MemTotal: 99 kB\nMemAvailable:    1024000 kB\n")
    try server.write("\(TestMachine.place)/available_filter_functions", "do_init_module\nvfs_read\nmisc_register\n")
    try server.write("\(TestMachine.place)/events/sched/sched_switch/enable", "0\n")
    let plan = try recorder(server).plan()
    #expect(!plan.usesInstance && plan.roots == ["do_init_module"] && plan.leftOut == [] && plan.bufferKB == 32_768)
    #expect(plan.shellLines.contains("echo '1' > events/sched/sched_switch/enable"))
    #expect(!plan.shellLines.contains { $0.contains("printk/console") || $0.contains("buffer_percent") })
    #expect(plan.shellLines.contains { $0.hasSuffix(" kvm_amd:svm_init ret=$retval:s64' >> kprobe_events") })
    func probesOfTheModule(_ trigger: RecorderOptions.Trigger) throws -> [String] {
      try recorder(server) { ($0.request.detail, $0.trigger) = (.stages, trigger) }.plan().shellLines.filter { $0.contains("kvm_amd:") }
    }
    #expect(try probesOfTheModule(.module(parameters: [])) == [] && probesOfTheModule(.command(["modprobe", "kvm_amd"])) == [])
    #expect(try probesOfTheModule(.wait) == ["echo 'r:kvm_inittrace/r_svm_init kvm_amd:svm_init ret=$retval:s64' >> kprobe_events"])
    let error = #expect(throws: CaptureError.self) { try recorder(server) { $0.request.roots = ["no_such"] }.plan() }
    #expect(error?.kind == .unavailable)
    #expect(try recorder(server) { $0.trigger = .extract }.plan().shellLines == ["echo '0' > tracing_on"])
    #expect(try recorder(.intelLaptop()).tracefsPath == "/sys/kernel/tracing")
  }

  /// Without root the list of functions cannot be read: a plan is shown all the same.
  @Test func plansOfThoseWhoMayNotRecord() throws {
    let user = try TestMachine.linux("6.12.1", cpuinfo: TestMachine.cpu("GenuineIntel", "Intel", flags: "vmx"), user: 1000)
    let plan = try recorder(user) { $0.request.roots = ["my_function"] }.plan()
    #expect(plan.usesInstance && plan.roots == ["my_function"] && plan.leftOut == [Catalogue.textPatching])
    for event in RecordingPlan.events { #expect(plan.shellLines.contains("echo '1' > instances/kvm-inittrace/events/\(event)/enable")) }
    #expect(try recorder(user).plan().roots.first == "do_init_module")
  }
}
