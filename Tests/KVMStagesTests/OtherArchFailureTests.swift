import CallTrees
import KVMStages
import SmallTraces
import Testing

/// Failures of arm64 and riscv, on trees with the shape that the error paths of their sources give them.
@Suite struct OtherArchFailureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var machine: String
    var kernel: String
    var calls: String
    var stage: String
    var errno: String?

    var testDescription: String { "\(machine) \(kernel) \(name)" }
  }

  private static let armChecks = "kvm_sys_reg_table_init kvm_set_ipa_limit kvm_arm_init_sve kvm_arm_vmid_alloc_init"
  private static let armSubsystems = "on_each_cpu_cond_mask cpu_pm_register_notifier kvm_vgic_hyp_init kvm_timer_hyp_init"

  private static func arm(_ name: String, _ calls: String, at stage: String, errno: String? = nil) -> Case {
    Case(name: name, machine: "aarch64", kernel: "6.12.107", calls: "kvm_arm_init { \(calls) }", stage: stage, errno: errno)
  }

  private static func oldARM(_ name: String, _ calls: String, at stage: String, errno: String? = nil) -> Case {
    Case(
      name: name, machine: "aarch64", kernel: "6.1.192", calls: "arm_init { kvm_init { \(calls) } }", stage: stage, errno: errno)
  }

  private static func riscv(_ name: String, _ kernel: String, _ calls: String, at stage: String, errno: String? = nil) -> Case {
    Case(
      name: name, machine: "riscv64", kernel: kernel,
      calls: "do_init_module { do_one_initcall { riscv_kvm_init[kvm] { \(calls) } add_device_randomness } free_module }",
      stage: stage, errno: errno)
  }

  private static let riscvSteps =
    "kvm_riscv_nacl_init[kvm] kvm_riscv_gstage_mode_detect[kvm] kvm_riscv_gstage_vmid_detect[kvm] kvm_riscv_aia_init[kvm]"
  private static let riscvTeardown = "kvm_riscv_aia_exit[kvm] kvm_riscv_nacl_exit[kvm] kvm_unregister_perf_callbacks[kvm]"

  static let cases: [Case] = [
    arm("no EL2", "_printk", at: "arm_hyp_mode", errno: "ENODEV"),
    arm("system registers", "kvm_sys_reg_table_init _printk", at: "arm_sysreg_table", errno: "EINVAL"),
    arm("page size", "kvm_sys_reg_table_init kvm_set_ipa_limit", at: "arm_ipa_sve_vmid"),
    arm("VMIDs", "\(armChecks) _printk { vprintk_emit { _raw_spin_lock } }", at: "arm_ipa_sve_vmid"),
    arm(
      "EL2 code", "\(armChecks) kvm_mmu_init create_hyp_mappings create_hyp_mappings teardown_hyp_mode _printk kvm_arm_vmid_alloc_free",
      at: "arm_hyp_init"),
    arm(
      "vGIC without VHE",
      "\(armChecks) kvm_mmu_init create_hyp_mappings on_each_cpu_cond_mask cpu_pm_register_notifier kvm_vgic_hyp_init hyp_cpu_pm_exit "
        + "on_each_cpu_cond_mask teardown_hyp_mode kvm_arm_vmid_alloc_free", at: "arm_subsystems"),
    arm(
      "timer", "\(armChecks) \(armSubsystems) hyp_cpu_pm_exit on_each_cpu_cond_mask kvm_arm_vmid_alloc_free", at: "arm_subsystems"),
    arm(
      "irqfd",
      "\(armChecks) \(armSubsystems) kvm_register_perf_callbacks on_each_cpu_cond_mask _printk kvm_init { __kmem_cache_create_args "
        + "kvm_irqfd_init { alloc_workqueue_noprof } kmem_cache_destroy } kvm_unregister_perf_callbacks hyp_cpu_pm_exit "
        + "kvm_arm_vmid_alloc_free", at: "irqfd_init", errno: "ENOMEM"),
    oldARM("no EL2", "kvm_arch_init { _printk { vprintk_emit { _raw_spin_lock } } }", at: "arm_hyp_mode", errno: "ENODEV"),
    oldARM(
      "timer",
      "kvm_arch_init { \(armChecks) \(armSubsystems) on_each_cpu_cond_mask hyp_cpu_pm_exit kvm_arm_vmid_alloc_free }",
      at: "arm_subsystems"),
    riscv("no H", "6.12.107", "_printk", at: "riscv_ext_check", errno: "ENODEV"),
    riscv(
      "AIA", "7.2.12", "\(riscvSteps) kvm_riscv_nacl_exit[kvm]", at: "riscv_aia"),
    riscv(
      "irqfd", "7.2.12",
      "\(riscvSteps) kvm_register_perf_callbacks[kvm] kvm_init[kvm] { __kmem_cache_create_args kvm_irqfd_init[kvm] { "
        + "alloc_workqueue_noprof } kmem_cache_destroy } \(riscvTeardown)", at: "irqfd_init", errno: "ENOMEM"),
    riscv(
      "PM notifier", "7.3.4",
      "\(riscvSteps) kvm_register_perf_callbacks[kvm] cpu_pm_register_notifier _printk \(riscvTeardown)",
      at: "riscv_pm"),
  ]

  @Test(arguments: cases) func theFailingStepIsTold(_ example: Case) throws {
    let recording = SmallTrace.recording(example.calls, kernel: example.kernel, machine: example.machine)
    let analysis = Analyser.analyse(recording)
    #expect(analysis.runs.count == 1)
    let run = try #require(analysis.runs.first)
    #expect(run.verdict == .failed, "\(run.reason)")
    #expect(run.failure?.stage.id == example.stage, "\(run.reason)")
    #expect(run.failure?.errno == example.errno)
    #expect(run.module == "kvm")
    let later = run.stages.drop { $0.stage.id != example.stage }.dropFirst()
    #expect(later.allSatisfy { $0.status == .notReached || $0.status == .absent })
  }

  /// Names are gone: only what names the module tells that it was KVM's.
  @Test func theLoaderNamesTheModuleOnRISCV() throws {
    let calls = "!load kvm; do_init_module { do_one_initcall { 0xffffffff02001000 { _printk } add_device_randomness } free_module }"
    let onRISCV = try #require(Analyser.analyse(SmallTrace.recording(calls, kernel: "6.12.107", machine: "riscv64")).runs.first)
    #expect(onRISCV.vendor == .riscv)
    #expect(onRISCV.failure?.stage.id == "riscv_ext_check")
    // On x86 the module kvm is loaded before the vendor's.
    let onX86 = try #require(Analyser.analyse(SmallTrace.recording(calls, kernel: "6.12.107")).runs.first)
    #expect(onX86.verdict == .unknown)
  }

  @Test func anInitThatWentOnAfterItsLineIsNoFailedCheck() throws {
    let calls = "kvm_arm_init { _printk kvm_sys_reg_table_init }"
    let run = try #require(Analyser.analyse(SmallTrace.recording(calls, kernel: "6.12.107", machine: "aarch64")).runs.first)
    #expect(run.failure?.stage.id != "arm_hyp_mode")
  }

  @Test func armWithoutARunSaysHowToRecordTheBoot() throws {
    let run = try #require(Analyser.analyse(SmallTrace.recording("", kernel: "6.12.107", machine: "aarch64")).runs.first)
    #expect(run.verdict == .unknown)
    #expect(run.reason.contains("ftrace_graph_filter=kvm_arm_init"))
  }
}
