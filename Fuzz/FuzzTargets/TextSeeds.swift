/// Texts with a line of each kind that the kernel or trace-cmd prints, in few lines: the samples' own are mostly calls.
enum TextSeeds {
  static let all = [plain, everyColumn, report, rawReport, plainReport].map { Array($0.utf8) }

  private static let plain = """
    # tracer: function_graph
    #
    # CPU  DURATION                  FUNCTION CALLS
    # |     |   |                     |   |   |   |
     0)               |  do_init_module() {
     0)               |    kvm_init() {
     0)   1.000 us    |      kvm_irqfd_init();
     0)   2.000 us    |    }
     0)   3.000 us    |  }

    """

  /// tracefs with time, task, results and arguments, events between the calls, switches of tasks, and gaps.
  private static let everyColumn = """
    # tracer: function_graph
    #
    #     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
    #      |          |     |    |           |   |                     |   |   |   |
       21.000001 |   0)  modprobe-97   |               |  do_init_module() {
       21.000002 |   0)  modprobe-97   |               |    do_one_initcall() {
       21.000003 |   0)  modprobe-97   |               |      vmx_init [kvm_intel](ret=0x1) {
       21.000004 |   0)  modprobe-97   |   1.000 us    |        kvm_irqfd_init [kvm](); /* = 0x0 */
       21.000005 |   0)  modprobe-97   |   1.000 us    |        kvm_is_vmx_supported(); /* = false */
       21.000006 |   0)  modprobe-97   |               |        /* console: [   23.285866] kvm_intel: VMX not supported by CPU 0 */
       21.000007 |   0)  modprobe-97   |               |        /* cpuhp_enter: cpu: 0001 target: 238 step: 238 (0xffffffffc05fc014) */
       21.000008 |   0)  modprobe-97   |               |        /* cpuhp_exit:  cpu: 0001  state: 238 step: 238 ret: -19 */
       21.000009 |   0)  modprobe-97   |               |        /* module_load: kvm_intel OE */
       21.000010 |   0)  modprobe-97   |               |        /* kvm-inittrace: begins */
       21.000011 |   0)  modprobe-97   |               |        kvm_init [kvm]() {
     ------------------------------------------
     0)  modprobe-97   =>    <idle>-0
     ------------------------------------------
       21.000012 |   0)   <idle>-0     |               |  /* sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=modprobe next_pid=97 next_prio=120 */
       21.000013 |   0)   <idle>-0     |   0.100 us    |  } /* schedule_idle (Overruns: 2) */
     ------------------------------------------
     0)    <idle>-0    =>  modprobe-97
     ------------------------------------------
    CPU:0 [LOST 3 EVENTS]
       21.000014 |   0)  modprobe-97   | ! 110.000 us  |        } /* kvm_init [kvm] = -17 */
       21.000016 |   0)  modprobe-97   | # 1100.00 us  |      } /* vmx_init [kvm_intel] ret=-95 */
       21.000017 |   0)  modprobe-97   |               |      /* initcall_finish: func=0xffffffffc0428010 ret=-95 */
       21.000018 |   0)  modprobe-97   |               |      /* r_vmx_init: (do_one_initcall+0x5b/0x310 <- 0xffffffffc05fc014) ret=4294967201 */
       21.000019 |   0)  modprobe-97   | @ 110000.0 us |    } (ret=-95)
       21.000020 |   0)  modprobe-97   | $ 1100000 us  |  } /* <-load_module+0x12/0x34 ret=0xffffffffffffffa1 */
       21.000021 |   0)  modprobe-97   |               |  /* sys_finit_module -> 0xffffffffffffffa1 */
       21.000022 |   0)  modprobe-97   |               |  /* module_free: kvm_intel */

    """

  /// `trace-cmd report`, with what it prints of other events.
  private static let report = """
    cpus=2
            modprobe-97    [000]    21.000001: funcgraph_entry:                   |  do_init_module() {
            modprobe-97    [000]    21.000002: funcgraph_entry:                   |    do_one_initcall() {
            modprobe-97    [000]    21.000002: funcgraph_entry:                   |      vmx_init() { (2)
            modprobe-97    [000]    21.000003: funcgraph_entry:        1.000 us   |        kvm_irqfd_init(); (ret=0)
            modprobe-97    [000]    21.000004: console:              kvm_intel: VMX not supported by CPU 0
            modprobe-97    [000]    21.000005: print:                tracing_mark_write: begins
            modprobe-97    [000]    21.000006: cpuhp_enter:          cpu: 0001 target: 238 step: 238 (ffffffffc05fc014)
            modprobe-97    [000]    21.000007: cpuhp_exit:           cpu: 0001  state: 238 step: 238 ret: -19
            modprobe-97    [000]    21.000008: sched_switch:         modprobe:97 [120] S ==> swapper/0:0 [120]
    CPU:0 [12 EVENTS DROPPED]
              <idle>-0     [000]    21.000009: sched_switch:         swapper/0:0 [120] R ==> modprobe:97 [120]
            modprobe-97    [000]    21.000010: r_vmx_init:           (vmx_init+0x0/0x80 [kvm_intel] <- do_one_initcall+0x5b/0x310) ret=-95
            modprobe-97    [000]    21.000011: funcgraph_exit:       ! 110.000 us |      } /* vmx_init ret=-95 */
            modprobe-97    [000]    21.000012: funcgraph_exit:       ! 120.000 us |    }
            modprobe-97    [000]    21.000012: funcgraph_exit:       ! 130.000 us |  }
            modprobe-97    [000]    21.000013: sys_exit_finit_module: 0xffffffffffffffa1

    """

  /// `trace-cmd report -R`: fields as they are.
  private static let rawReport = """
    cpus=2
            modprobe-97    [001]    13.297434: funcgraph_entry:       func=do_init_module depth=0
            modprobe-97    [001]    13.297434: funcgraph_entry:       func=do_one_initcall depth=1
            modprobe-97    [001]    13.297435: funcgraph_entry:       func=vmx_init depth=2
            modprobe-97    [001]    13.297436: funcgraph_exit:        func=vmx_init depth=2 overrun=0 calltime=3eb5309d3 rettime=3eb540d50 retval=ffffffa1
            modprobe-97    [001]    13.297436: funcgraph_exit:        func=do_one_initcall depth=1 overrun=0 calltime=3eb5309d2 rettime=3eb540d55
            modprobe-97    [001]    13.297437: funcgraph_exit:        func=do_init_module depth=0 overrun=0 calltime=3eb5309d0 rettime=3eb540d60

    """

  /// `trace-cmd report -N`: without its plugins.
  private static let plainReport = """
    cpus=2
            modprobe-97    [001]    13.297434: funcgraph_entry:       --> do_init_module (0)
            modprobe-97    [001]    13.297434: funcgraph_entry:       --> do_one_initcall (1)
            modprobe-97    [001]    13.297435: funcgraph_entry:       --> vmx_init (2)
            modprobe-97    [001]    13.297436: funcgraph_exit:        <-- vmx_init (2) (start: 3eb5309d3  end: 3eb540d50) over: 0
            modprobe-97    [001]    13.297436: funcgraph_exit:        <-- do_one_initcall (1) (start: 3eb5309d2  end: 3eb540d55) over: 0
            modprobe-97    [001]    13.297437: funcgraph_exit:        <-- do_init_module (0) (start: 3eb5309d0  end: 3eb540d60) over: 0

    """
}
