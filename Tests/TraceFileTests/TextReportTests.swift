import CallTrees
import Testing

@testable import TraceFile

/// The text of `trace-cmd report`.
@Suite struct TextReportTests {
  @Test func callsOfOneTask() throws {
    let trace = try recording(
      """
      cpus=2
              modprobe-97    [001]    13.297434: funcgraph_entry:                   |  do_init_module() {
              modprobe-97    [001]    13.297436: funcgraph_entry:      ! 159.549 us |    irq_enter_rcu();
              modprobe-97    [000]    13.297440: funcgraph_exit:       + 14.888 us  |  }

      """)
    #expect(trace.source.kind == .traceCmdText)
    #expect(trace.source.cpus == 2)
    #expect(trace.source.kernel == nil)
    #expect(trace.resolution == 1000)
    #expect(
      trace.outline == [
        "task modprobe 97", "  do_init_module 14888 @13297434000 migrated", "    irq_enter_rcu 159549 @13297436000",
      ])
    #expect(trace.damage.isEmpty)
  }

  @Test func nanosecondsAndLatencyFlags() throws {
    let nanoseconds = "        modprobe-97    [001]    13.297434123: funcgraph_entry:        1.500 us   |  f();\n"
    #expect(try recording(nanoseconds).outline == ["task modprobe 97", "  f 1500 @13297434123"])
    #expect(try recording(nanoseconds).resolution == 1)
    let old = "modprobe-97      1d..1.    13.297434: funcgraph_entry:        1.500 us   |  f();\n"
    #expect(try recording(old).outline == ["task modprobe 97", "  f 1500 @13297434000"])
    let new = "        modprobe-97    [001] d..1.    13.297434: funcgraph_entry:        1.500 us   |  f();\n"
    #expect(try recording(new).outline == ["task modprobe 97", "  f 1500 @13297434000"])
  }

  /// A clock that does not count nanoseconds: the times are whole numbers.
  @Test func counts() throws {
    let trace = try recording(
      """
      cpus=2
              modprobe-97    [000] 13297434: funcgraph_entry:                   |  kvm_init() {
              modprobe-97    [000] 13299434: module_load:          kvm_intel
              modprobe-97    [000] 13300434: funcgraph_exit:         1.000 us   |  }

      """)
    #expect(!trace.hasTimes)
    #expect(trace.tasks.first?.tree.calls.map(\.knownStart) == [nil])
    #expect(trace.tasks.first?.tree.calls.map(\.measuredDuration) == [1000])
    #expect(trace.events.map(\.time) == [nil])
  }

  @Test func rawFields() throws {
    let raw = try recording(
      """
              modprobe-97    [001]    13.297434: funcgraph_entry:       func=vmx_init depth=0
              modprobe-97    [001]    13.297436: funcgraph_exit:        func=vmx_init depth=0 overrun=0 calltime=3eb5309d3 rettime=3eb540d50

      """)
    #expect(raw.outline == ["task modprobe 97", "  vmx_init 66429 @13297434000"])
    let unplugged = try recording(
      """
              modprobe-97    [001]    13.297434: funcgraph_entry:       --> vmx_init (0)
              modprobe-97    [001]    13.297436: funcgraph_exit:        <-- vmx_init (0) (start: 3eb5309d3  end: 3eb540d50) over: 0

      """)
    #expect(unplugged.outline == raw.outline)
  }

  @Test func optionsOfThePlugin() throws {
    let trace = try recording(
      """
              modprobe-97    [001]    13.000001: funcgraph_entry:                   |  a() { (0)
              modprobe-97    [001]    13.000002: funcgraph_entry:      + 12.000 us  |    b(x=0x1, s="{;("); (1) /* <-a */ (ret=0x0)
              modprobe-97    [001]    13.000003: funcgraph_entry:                   |    c() /* <-a */ { (1)
              modprobe-97    [001]    13.000004: funcgraph_exit:       + 13.000 us  |    } /* c */ (1) (ret=-22)
              modprobe-97    [001]    13.000005: funcgraph_exit:       + 14.000 us  |  } (ret=0xffffffa1)

      """)
    #expect(
      trace.outline == [
        "task modprobe 97", "  a 14000 @13000001000 =4294967201", "    b 12000 @13000002000 =0", "    c 13000 @13000003000 =-22",
      ])
  }

  @Test func namesThatAreNoNames() throws {
    let trace = try recording(
      """
              modprobe-97    [001]    13.000001: funcgraph_entry:                   |  ffffffffc039dab8() {
              modprobe-97    [001]    13.000002: funcgraph_entry:        1.000 us   |    ftrace_trampoline();
              modprobe-97    [001]    13.000003: funcgraph_entry:                   |    ) {
              modprobe-97    [001]    13.000003: funcgraph_exit:         1.000 us   |    }
              modprobe-97    [001]    13.000004: funcgraph_exit:       + 13.000 us  |  }

      """)
    #expect(
      trace.outline == [
        "task modprobe 97", "  0xffffffffc039dab8 13000 @13000001000", "    ? (ftrace_trampoline?) 1000 @13000002000",
        "    ? 1000 @13000003000",
      ])
    #expect(trace.functions.allSatisfy { $0.trustedName == nil })
  }

  @Test func events() throws {
    let trace = try recording(
      """
      version = 7
      CPU 1 is empty
      cpus=2
              modprobe-97    [000]    13.000001: console:              [   12.345678] kvm_intel: VMX not supported by CPU 1
              modprobe-97    [000]    13.000002: module_load:          kvm_intel E
              modprobe-97    [000]    13.000003: sys_exit_finit_module: 0xffffffffffffffa1
              modprobe-97    [000]    13.000004: initcall_finish:      func=0xffffffffc046cab8 ret=-95
              modprobe-97    [000]    13.000005: sched_switch:         modprobe:97 [120] S ==> swapper/0:0 [120]
             cpuhp/0-19      [000]    13.000006: cpuhp_enter:          cpu: 0001 target: 235 step: 197 (0xffffffffc046cab8)
             cpuhp/0-19      [000]    13.000007: cpuhp_exit:            cpu: 0001  state: 197 step: 197 ret: -5
              modprobe-97    [000]    13.000008: r_vmx_init:           (ffffffffc046cab8 <- ffffffff81001234) ret=4294967201
              modprobe-97    [000]    13.000009: print:                tracing_mark_write: here: now
              modprobe-97    [000]    13.000010: kmalloc:              (init+0x1) call_site=1
              modprobe-97    [000]    13.000011: kfree:                ptr=1

      """)
    #expect(trace.damage.isEmpty)
    #expect(
      trace.events.map(\.payload) == [
        .console("kvm_intel: VMX not supported by CPU 1"), .moduleLoad(name: "kvm_intel"),
        .syscallExit(name: "finit_module", result: -95), .initcallFinish(function: 0xffff_ffff_c046_cab8, result: -95),
        .hotplugEnter(cpu: 1, step: 197, function: 0xffff_ffff_c046_cab8), .hotplugExit(cpu: 1, step: 197, result: -5),
        .probe(name: "r_vmx_init", function: 0xffff_ffff_c046_cab8, result: 0xffff_ffa1), .print("here: now"),
        .probe(name: "kmalloc", function: nil, result: nil), .other("kfree"),
      ])
  }

  @Test func losses() throws {
    let trace = try recording(
      """
      cpus=2
              modprobe-97    [001]    13.000001: funcgraph_entry:                   |  a() {
      CPU:1 [123 EVENTS DROPPED]
              modprobe-97    [001]    13.000003: funcgraph_entry:        1.000 us   |    b();
      CPU:0 [EVENTS DROPPED]

      """)
    #expect(trace.losses.map(\.count) == [123, nil])
    #expect(trace.losses.map(\.cpu) == [1, 0])
    #expect(trace.losses.first?.after == 13_000_001_000)
    #expect(trace.losses.first?.before == 13_000_003_000)
    #expect(trace.damage.isEmpty)
  }

  @Test func commandsWithDashesBlanksAndBrackets() throws {
    let trace = try recording("     my-1 [000] cmd-97    [001]    13.000001: funcgraph_entry:        1.000 us   |  b();\n")
    #expect(trace.outline == ["task my-1 [000] cmd 97", "  b 1000 @13000001000"])
    let prefixed = try recording("   guest:         modprobe-97    [001]    13.000001: funcgraph_entry:        1.000 us   |  b();\n")
    #expect(prefixed.outline == ["task modprobe 97", "  b 1000 @13000001000"])
  }
}
