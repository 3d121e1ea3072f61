import CallTrees
import KVMStages
import SmallTraces
import Testing

/// Traces that hold a part of an init only: what is not there says nothing about it.
@Suite struct PartialTraceTests {
  private func run(_ calls: String, kernel: String? = "6.12.107", machine: String? = "x86_64") throws -> Run {
    var recording = SmallTrace.recording(calls, kernel: kernel, machine: machine)
    NameChecks.apply(to: &recording)
    return try #require(Analyser.analyse(recording).runs.first)
  }

  private func status(_ stage: String, of run: Run) -> StageStatus? { run.stages.first { $0.stage.id == stage }?.status }

  /// `set_ftrace_filter` with functions of KVM only: no step of the kernel's own can be seen.
  @Test func aFilterHidesStepsAndFailsNothing() throws {
    let calls = """
      kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] kvm_vfio_ops_init[kvm] { kvm_register_device_ops[kvm] } kvm_gmem_init[kvm]
      kvm_enable_virtualization[kvm] { kvm_arch_enable_virtualization[kvm] }
      """
    let filtered = try run("kvm_init[kvm] { \(calls) }")
    #expect(filtered.verdict == .incomplete)
    #expect(filtered.reason.contains("only some functions were traced"))
    #expect(!filtered.stages.contains { $0.status == .missing })
    #expect(status("misc_register", of: filtered) == .notTraced)
    // With what every init calls beside it, the step did not come.
    let whole = try run(
      "kvm_init[kvm] { __kmem_cache_create_args { mutex_lock kfree strscpy vsnprintf a { b { c { d { e { f { g { h { i { j } } } } } } } } } } \(calls) }"
    )
    #expect(whole.verdict == .failed)
  }

  /// The steps of `kvm_x86_vendor_init` are not the whole init since 6.3.
  @Test func aRootInTheMiddleTellsNoSuccess() throws {
    let patching = String(repeating: "__static_call_update ", count: 21)
    let probing = String(repeating: "kvm_probe_msr_to_save[kvm] ", count: 6)
    let part = try run(
      """
      kvm_x86_vendor_init[kvm] {
        mutex_lock __kmem_cache_create_args { a { b { c { d { e { f { g { h { i { j } } } } } } } } } } pcpu_alloc_noprof
        kvm_mmu_vendor_module_init[kvm] { kvm_mmu_reset_all_pte_masks[kvm] } perf_get_x86_pmu_capability
        svm_hardware_setup[kvm_amd] { kvm_set_cpu_caps[kvm] } \(patching) smp_call_function_single smp_call_function_single
        pvclock_gtod_register_notifier kvm_register_perf_callbacks[kvm] \(probing) mutex_unlock
      }
      """)
    #expect(part.verdict == .incomplete)
    #expect(part.reason.contains("after which the init goes on (Generic KVM init (kvm_init))"), "\(part.reason)")
  }

  /// What the loader does not show, the depth limit may hide.
  @Test func aDepthLimitHidesTheLastStep() throws {
    let run = try run("kvm_arm_init { is_hyp_mode_available _printk kvm_init }", machine: "aarch64")
    #expect(run.verdict == .incomplete)
  }

  /// The kernel's line names the module that is there.
  @Test func theModuleThatIsLoadedIsTheOther() throws {
    let run = try run(
      """
      do_init_module { do_one_initcall { 0xffffffffc0100000 { kvm_x86_vendor_init[kvm] { mutex_lock _printk
        !console kvm: already loaded vendor module 'kvm_amd'; mutex_unlock } } } free_module }
      """, kernel: "6.1.100")
    #expect(run.module == "kvm_intel")
    #expect(run.failure?.stage.id == "cpu_feature_check")
    #expect(run.failure?.errno == "EEXIST")
  }

  /// Since 6.16 `vt_init` undoes `vmx_init` by `vmx_exit`, which is a function of the module that is gone.
  @Test func anExitWithoutANameIsSeenBehindItsInit() throws {
    let run = try run(
      """
      do_init_module { do_one_initcall { 0xffffffffc0100000 {
        0xffffffffc0100100 { migrate_disable 0xffffffffc0100200 migrate_enable kvm_x86_vendor_init[kvm] { mutex_lock } }
        kvm_init[kvm] { __kmem_cache_create_args kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] kvm_vfio_ops_init[kvm] kvm_gmem_init[kvm]
          kvm_enable_virtualization[kvm] misc_register kvm_disable_virtualization[kvm] kvm_gmem_exit[kvm] kvm_vfio_ops_exit[kvm]
          kvm_async_pf_deinit[kvm] kvm_irqfd_exit[kvm] kmem_cache_destroy }
        0xffffffffc0200300 { kvm_x86_vendor_exit[kvm] }
      } } free_module }
      """, kernel: "7.3.4")
    #expect(run.failure?.stage.id == "misc_register")
  }

  /// What the init function fails of by itself is no cause where the log, or a step, says that it is not.
  @Test func theOuterStagesCauseIsNotGuessed() throws {
    func cause(_ line: String) throws -> String? {
      try run(
        "!load kvm_intel; do_init_module { do_one_initcall { 0xffffffffc0100000 { _printk \(line) } } free_module } !syscall finit_module -95;",
        kernel: "6.4"
      ).failure?.cause
    }
    #expect(try cause("!console kvm_intel: VMX not supported by CPU 1;")?.contains("no VMX or SVM") == true)
    #expect(try cause("!console kvm_intel: something new;") == nil)
  }

  /// Where only `kvm_init` was traced, its steps tell the architecture, or the file does.
  @Test func otherArchitecturesAreToldByTheirSteps() throws {
    let calls = """
      kvm_init { __kmem_cache_create_args { a { b { c { d { e { f { g { h { i { j } } } } } } } } } } kvm_irqfd_init kvm_vfio_ops_init
        kvm_gmem_init kvm_enable_virtualization { __cpuhp_setup_state } misc_register debugfs_create_dir }
      """
    #expect(try run(calls, machine: "aarch64").vendor == .arm64)
    let untold = try run(calls, machine: nil)
    #expect(!untold.stages.contains { $0.status == .missing })
  }
}
