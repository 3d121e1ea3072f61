import CallTrees
import Testing

@testable import TraceFile

/// The kernel's text, in the columns that its options give.
@Suite struct TextGraphTests {
  private static let calls = [
    "task ? ?", "  kvm_init 1234560", "    kvm_irqfd_init [kvm] 12345", "    0xffffffffc05fc014 ?", "      f.isra.0 1234567000",
  ]

  @Test func defaultColumns() throws {
    let trace = try recording(
      """
      # tracer: function_graph
      #
      # CPU  DURATION                  FUNCTION CALLS
      # |     |   |                     |   |   |   |
       1)               |  kvm_init() {
       1) + 12.345 us   |    kvm_irqfd_init [kvm]();
       1)               |    0xffffffffc05fc014() {
       1) $ 1234567 us  |      f.isra.0();
       1) # 1234.56 us  |  }

      """)
    #expect(trace.outline == Self.calls.map { $0 == "    0xffffffffc05fc014 ?" ? $0 + " open" : $0 })
    #expect(trace.source.kind == .ftraceText)
    #expect(!trace.hasTimes)
    #expect(trace.source.cpus == 1)
    #expect(trace.damage.isEmpty)
  }

  /// The same two calls in each combination of columns, with the header and without.
  @Test(arguments: 0..<32) func everyCombination(_ bits: Int) throws {
    let has = { (bit: Int) in bits & (1 << bit) != 0 }
    let header =
      "#" + (has(0) ? "     TIME       " : "") + (has(1) ? " CPU" : "") + (has(2) ? "  TASK/PID       " : "") + (has(3) ? "||||   " : "")
      + (has(4) ? "  DURATION   " : "") + "               FUNCTION CALLS\n"
    let prologue =
      (has(0) ? "   13.297434 |  " : "") + (has(1) ? " 1) " : "") + (has(2) ? "  modprob-97   | " : "") + (has(3) ? " d..1. | " : "")
    let text =
      prologue + (has(4) ? "              |  " : "") + "a() {\n" + prologue + (has(4) ? "! 123.456 us  |  " : "") + "  b();\n" + prologue
      + (has(4) ? "@ 123456.7 us |  " : "") + "}\n"
    let start = has(0) ? " @13297434000" : ""
    let expected = [
      has(2) ? "task modprob 97" : "task ? ?", "  a \(has(4) ? "123456700" : "?")" + start, "    b \(has(4) ? "123456" : "?")" + start,
    ]
    for whole in [header + text, "# tracer: function_graph\n#\n" + header + text, text] {
      let trace = try recording(whole)
      #expect(trace.outline == expected)
      #expect(trace.damage.isEmpty)
      #expect(trace.hasTimes == has(0))
      #expect(trace.resolution == (has(0) ? 1000 : 1))
    }
  }

  @Test func relativeTimeAndKernelOfLatencyFormat() throws {
    let trace = try recording(
      """
      # tracer: irqsoff
      #
      # irqsoff latency trace v1.1.5 on 6.12.107+deb13-amd64
      #   REL TIME      CPU  TASK/PID       ||||     DURATION                  FUNCTION CALLS
             12 us |   0)   <idle>-0    |  d..1. |   0.500 us    |  a();

      """)
    #expect(trace.source.kernel == "6.12.107+deb13-amd64")
    #expect(trace.outline == ["task swapper 0", "  a 500 @12000"])
  }

  @Test func returnValues() throws {
    let trace = try recording(
      """
       0)               |  root() {
       0)   1.000 us    |    a(); /* = -22 */
       0)   1.000 us    |    b(); /* = 0xffffffffffffffa1 */
       0)   1.000 us    |    c [kvm](); /* ret=-95 */
       0)   1.000 us    |    d(); /* <-root+0x12/0x34 ret=0x10 */
       0)   1.000 us    |    e(); /* <-root+0x12/0x34 [kvm] */
       0)               |    f() { /* <-root+0x12/0x34 */
       0)   2.000 us    |    } /* f [kvm] ret=0xffffffea */
       0)               |    g() {
       0)   2.000 us    |    } /* g = -12 */
       0)   1.000 us    |    h(); /* ret=true */
       0)   3.000 us    |  } /* root ret=0 */

      """)
    #expect(
      trace.outline.dropFirst() == [
        "  root 3000 =0", "    a 1000 =-22", "    b 1000 =-95", "    c [kvm] 1000 =-95", "    d 1000 =16", "    e 1000",
        "    f ? open", "    f [kvm] 2000 =4294967274 entry-missing", "    g 2000 =-12", "    h 1000 =1",
      ])
  }

  @Test func arguments() throws {
    let trace = try recording(
      """
       0)               |  a(x=0x1, fn=0xffff (init() {), s="});") {
       0)   1.000 us    |    b(c='{', d='/* x */'); /* ret=-1 */
       0)   1.000 us    |    c [kvm](void);
       0)   3.000 us    |  }

      """)
    #expect(trace.outline.dropFirst() == ["  a 3000", "    b 1000 =-1", "    c [kvm] 1000"])
    #expect(trace.damage.isEmpty)
  }

  @Test func overrunsArrowsAndTails() throws {
    let trace = try recording(
      """
       0)               |  a() {
       0)   ==========> |
       0)   1.000 us    |    b();
       0)   <========== |
       0)   3.000 us    |  } /* a */
       (Overruns: 0)
       0)               |  c() {
       0)   3.000 us    |  } (Overruns: 3)

      """)
    #expect(trace.outline.dropFirst() == ["  a 3000", "    b 1000", "  c 3000"])
    #expect(trace.damage.isEmpty)
  }

  @Test func changesOfTasks() throws {
    let trace = try recording(
      """
       1)               |  a() {
       0)   1.000 us    |  x();
       ------------------------------------------
       1)  modprob-97   =>   b-c => -12
       ------------------------------------------

       1)   1.000 us    |  b();
       ------------------------------------------
       0)   <idle>-0    =>  modprob-97
       ------------------------------------------

       0)   5.000 us    |  } /* a */

      """)
    #expect(trace.outline == ["task modprob 97", "  a 5000 migrated", "task swapper 0", "  x 1000", "task b-c =>  12", "  b 1000"])
    #expect(trace.source.cpus == 2)
    #expect(trace.damage.isEmpty)
  }

  @Test func withoutCPUsTheChangesTell() throws {
    let trace = try recording(
      """
        1.000 us    |  a();
       ------------------------------------------
       1)  modprob-97   =>   bash-12
       ------------------------------------------

        1.000 us    |  b();

      """)
    #expect(trace.outline == ["task modprob 97", "  a 1000", "task bash 12", "  b 1000"])
    #expect(trace.damage.isEmpty)
  }

  @Test func losses() throws {
    let trace = try recording(
      " 1)               |  a() {\nCPU:1 [LOST 123 EVENTS]\n 1)   1.000 us    |    b();\nCPU:0 [LOST EVENTS]\n 1)   3.000 us    |  }\n")
    #expect(trace.losses.map(\.count) == [123, nil])
    #expect(trace.losses.map(\.cpu) == [1, 0])
    #expect(trace.tasks.first?.tree.calls.first?.flags.contains(.lossInside) == true)
    #expect(trace.damage.isEmpty)
  }

  @Test func events() throws {
    let trace = try recording(
      """
         13.000001 |   0)               |  a() {
         13.000002 |   0)               |    /* console: kvm_intel: VMX not supported by CPU 0 */
         13.000003 |   0)               |    /* console: [   12.345678] kvm: first
      second line */
         13.000004 |   0)               |    /* somebody wrote: this */
         13.000005 |   0)               |    /* module_load: kvm_intel E */
         13.000006 |   0)               |  /* sys_finit_module -> 0xffffffffffffffa1 */
         13.000007 |   0)               |  /* initcall_finish: func=vmx_init+0x0/0x80 [kvm_intel] ret=-95 */
         13.000008 |   0)               |  /* r_vmx_init: (do_one_initcall+0x5b/0x310 <- 0xffffffffc05fc014) ret=4294967201 */
         13.000009 |   0)               |  /* cpuhp_multi_enter: cpu: 0001 target: 235 step: 197 (kvm_online_cpu [kvm]) */
         13.000010 |   0)               |  /* sched_switch: prev_comm=a b prev_pid=97 prev_state=S ==> next_comm=x next_pid=0 */
         13.000011 |   0)               |  /* kfree: call_site=f+0x1/0x2 ptr=1 */

      """)
    #expect(trace.damage.isEmpty)
    #expect(
      trace.events.map(\.payload) == [
        .console("kvm_intel: VMX not supported by CPU 0"), .console("kvm: first\nsecond line"),
        .print("somebody wrote: this"), .moduleLoad(name: "kvm_intel"), .syscallExit(name: "finit_module", result: -95),
        .initcallFinish(function: nil, result: -95), .probe(name: "r_vmx_init", function: 0xffff_ffff_c05f_c014, result: 0xffff_ffa1),
        .hotplugEnter(cpu: 1, step: 197, function: nil), .other("kfree"),
      ])
    #expect(trace.events.first?.time == 13_000_002_000)
    #expect(trace.events.first?.within == 0)
  }

  @Test func textsPutTogether() throws {
    let header = "# tracer: function_graph\n#\n# CPU  DURATION                  FUNCTION CALLS\n"
    let trace = try recording(
      header + " 0)   1.000 us    |  a();\n" + "#     TIME        CPU  DURATION                  FUNCTION CALLS\n"
        + "   13.000001 |   0)   2.000 us    |  b();\n")
    #expect(trace.outline == ["task ? ?", "  a 1000", "  b 2000"])
    #expect(trace.damage.isEmpty)
  }
}

/// A text that names no task, of a task that moves.
@Suite struct TextMigrationTests {
  @Test func oneTaskOnTwoCPUs() throws {
    let trace = try recording(
      """
       0)               |  a() {
       0)               |    b() {
       0)   1.000 us    |      c();
       1)   1.000 us    |      d();
       1)   3.000 us    |    } /* b */
       0)               |    e() {
       1)   2.000 us    |    } /* e */
       1)   9.000 us    |  } /* a */

      """)
    #expect(
      trace.outline == ["task ? ?", "  a 9000 migrated", "    b 3000 migrated", "      c 1000", "      d 1000", "    e 2000 migrated"])
  }

  @Test func fromANamedCPU() throws {
    let trace = try recording(
      """
       0)               |  a() {
       0)               |    b() {
       1)   3.000 us    |    } /* b */
       1)   9.000 us    |  } /* a */
       ------------------------------------------
       0)  modprob-97   =>   bash-12
       ------------------------------------------

       0)   1.000 us    |  x();

      """)
    #expect(trace.outline == ["task modprob 97", "  a 9000 migrated", "    b 3000 migrated", "task bash 12", "  x 1000"])
  }

  /// No kernel has it, and a text may.
  @Test func theGreatestPID() throws {
    let trace = try recording(
      """
       ------------------------------------------
       0)    foo-1    =>  bar-2147483647
       ------------------------------------------

       0)               |  a() {
       1)   1.000 us    |  } /* a */

      """)
    #expect(trace.outline == ["task bar 2147483647", "  a 1000 migrated"])
  }

  @Test func twoTasksStayApart() throws {
    let trace = try recording(
      """
       0)               |  a() {
       1)   3.000 us    |    } /* x */
       1)   3.000 us    |  } /* a */
       0)   9.000 us    |  }

      """)
    #expect(trace.tasks.count == 2)
  }
}
