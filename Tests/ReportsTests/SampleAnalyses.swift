import CallTrees
import KVMStages

/// Analyses as the analyser would give them for the sample traces.
enum Sample {
  static let loaded = SampleTrace.recording(
    """
    do_init_module 900us { do_one_initcall 800us =0 { vmx_init 790us =0 {
      kvm_x86_vendor_init 300us =0 { kvm_mmu_vendor_module_init 40us; mutex_lock 1us; kfree 2us; _raw_spin_lock 1us }
      irq_enter_rcu 3us; __sysvec_apic_timer_interrupt 9us { rcu_core 2us }
      kvm_init 400us { kvm_irqfd_init 30us; "kvm: hello"; debugfs_create_file 5us; debugfs_create_file 6us; debugfs_create_file 7us;
        debugfs_create_file 8us; kvm_vfio_ops_init 2us }
    } } }
    """, others: [(19, "cpuhp/1", "kvm_online_cpu 12us { kvm_arch_enable 10us }")])

  static var loadedAnalysis: Analysis {
    Analysis(runs: [
      Run(
        task: 0, pid: 123, comm: "modprobe", module: "kvm_intel", vendor: .intel, rootRow: 0, root: "do_init_module", verdict: .ok,
        reason: "the init succeeded: the init function returned 0", startNS: 1_001_000, durationNS: 900_000, calls: 17, maxDepth: 5,
        interruptNS: 12_000, stages: loadedStages)
    ])
  }

  private static var loadedStages: [StageResult] {
    [
      StageResult(
        stage: .sample("vendor_entry", "4", "Vendor module entry point (XXX_init)"), status: .ok, function: "vmx_init",
        parent: "do_one_initcall",
        startNS: 1_003_000, durationNS: 790_000, interruptNS: 12_000, calls: 1, rows: [2]),
      StageResult(
        stage: .sample("x86_vendor_init", nil, "kvm_x86_vendor_init"), status: .ok, startNS: 1_004_000, durationNS: 300_000, calls: 1,
        rows: [3], level: 1),
      StageResult(
        stage: .sample("fpu_cache", "5.1.2", "kmem_cache x86_fpu"), status: .absent, note: "until 5.17", level: 2),
      StageResult(stage: .sample("tdx", nil, "TDX bring-up"), status: .skipped, note: "only with the parameter tdx", level: 2),
      StageResult(
        stage: .sample("kvm_init", "5", "kvm_init: generic KVM framework initialisation"), status: .ok, startNS: 1_400_000,
        durationNS: 400_000, calls: 1, rows: [11], level: 1),
      StageResult(
        stage: .sample("cpuhp_register", "5.5", "CPU hotplug callbacks", marker: "kvm_online_cpu"), status: .ok, startNS: 1_500_000,
        durationNS: nil, calls: 2,
        perCPU: [CPUShare(cpu: 0, startNS: 1, durationNS: 9000, result: 0), CPUShare(cpu: 1, startNS: 1, durationNS: 12_000, result: -5)],
        level: 2),
      StageResult(
        stage: .sample("irqfd_init", "5.2", "irqfd cleanup workqueue (kvm_irqfd_init)"), status: .ok, startNS: 1_401_000,
        durationNS: 30_000, calls: 1, rows: [12], level: 2),
      StageResult(
        stage: .sample("vfio", "5.12", "VFIO device ops (kvm_vfio_ops_init)"), status: .missing, note: "kvm_init went past its place",
        level: 2),
    ]
  }

  static let failed = SampleTrace.recording(
    """
    do_init_module 90us { do_one_initcall 80us =-95 { 0xffffffffc05fc014 70us =-95 {
      kvm_x86_vendor_init 60us =-95 { kvm_is_vmx_supported 3us =0; "kvm_intel: VMX not supported by CPU 0" ; kfree open }
    } } }
    """)

  static var failedAnalysis: Analysis {
    let stage = Stage.sample("cpu_feature_check", "5.1.1", "CPU feature support checks")
    let failure = Failure(
      stage: stage, function: "kvm_x86_vendor_init [kvm]",
      path: [
        PathStep(function: "do_init_module", row: 0), PathStep(function: "do_one_initcall", result: -95, row: 1),
        PathStep(function: "0xffffffffc05fc014", role: "vmx_init", result: -95, row: 2),
        PathStep(function: "kvm_x86_vendor_init [kvm]", result: -95, row: 3),
      ], errno: "EOPNOTSUPP", code: -95, evidence: [.returnValue, .kernelLog],
      evidenceText: ["the init function returned -95 (EOPNOTSUPP)"], inferred: false, log: ["kvm_intel: VMX not supported by CPU 0"],
      cause: "the CPU, or the hypervisor that this machine runs on, does not offer VMX",
      remedy: "enable nested virtualization, or VT-x in the firmware")
    var run = Run(
      task: 0, pid: 123, comm: "modprobe", module: "kvm_intel", vendor: .intel, rootRow: 0, root: "do_init_module", verdict: .failed,
      reason: "failed at 5.1.1 CPU feature support checks with EOPNOTSUPP", startNS: 1_001_000, durationNS: 90_000, calls: 6, maxDepth: 4)
    run.failure = failure
    run.integrity.openCalls = 1
    run.integrity.mendedCalls = 1
    run.integrity.unresolvedFunctions = 1
    run.stages = [
      StageResult(
        stage: .sample("vendor_entry", "4", "Vendor module entry point (XXX_init)"), status: .failed, startNS: 1_003_000,
        durationNS: 70_000, calls: 1, rows: [2]),
      StageResult(stage: stage, status: .failed, startNS: 1_005_000, durationNS: 3000, calls: 1, rows: [4], level: 1),
      StageResult(stage: .sample("irqfd_init", "5.2", "irqfd cleanup workqueue"), status: .notReached, level: 1),
      StageResult(stage: .sample("vfio", "5.12", "VFIO device ops"), status: .notReached, level: 1),
    ]
    return Analysis(runs: [run])
  }
}
