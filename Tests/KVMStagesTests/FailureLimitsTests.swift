import CallTrees
import KVMStages
import SmallTraces
import Testing

/// Where the calls do not tell the step, or tell more than the step.
@Suite struct FailureLimitsTests {
  private static let takenDown = "add_device_randomness } klp_module_going free_module }"
  private static let updates = String(repeating: "__static_call_update ", count: 21)

  /// kvm_amd on 6.12, with `setup` for the hardware setup, `rest` after it, and `after` behind kvm_x86_vendor_init.
  private static func amd(setup: String, rest: String, after: String = "") -> String {
    "!load kvm_amd; do_init_module { do_one_initcall { 0xc0001000 { migrate_disable 0xc0002000 migrate_enable kvm_x86_vendor_init[kvm] { "
      + "mutex_lock __kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] { kvm_mmu_reset_all_pte_masks[kvm] } "
      + "perf_get_x86_pmu_capability \(setup) \(rest) } \(after) } \(takenDown)"
  }

  private static func enabling(_ calls: String) -> String {
    amd(
      setup: "0xc0003000 { kvm_set_cpu_caps[kvm] }",
      rest: updates + "smp_call_function_single smp_call_function_single pvclock_gtod_register_notifier kvm_register_perf_callbacks[kvm] "
        + "kvm_probe_msr_to_save[kvm] mutex_unlock",
      after: "kvm_init[kvm] { __kmem_cache_create_args __kmalloc_node_noprof kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] debugfs_create_dir "
        + "kvm_vfio_ops_init[kvm] kvm_gmem_init[kvm] kvm_enable_virtualization[kvm] { mutex_lock kvm_arch_enable_virtualization[kvm] { "
        + "cpu_emergency_register_virt_callback } __cpuhp_setup_state { \(calls) } kvm_arch_disable_virtualization[kvm] mutex_unlock } "
        + "kvm_vfio_ops_exit[kvm] kvm_async_pf_deinit[kvm] kvm_irqfd_exit[kvm] kfree kmem_cache_destroy } kvm_x86_vendor_exit[kvm]")
  }

  private static func failure(of calls: String, kernel: String = "6.12.107", cpus: Int? = 2) throws -> Failure {
    var recording = SmallTrace.recording(calls, kernel: kernel, cpus: cpus)
    NameChecks.apply(to: &recording)
    let run = try #require(Analyser.analyse(recording).runs.first)
    return try #require(run.failure, "\(run.reason)")
  }

  /// All steps in it are complete and nothing was undone inside: which code of it failed is not in the calls.
  @Test func theLastStepIsNotBlamedForItsCaller() throws {
    let failure = try Self.failure(
      of: Self.amd(
        setup: "0xc0003000 { alloc_pages_noprof kvm_set_cpu_caps[kvm] __kmalloc_cache_noprof alloc_pages_noprof }",
        rest: "kvm_mmu_vendor_module_exit[kvm] free_percpu kmem_cache_destroy mutex_unlock"))
    #expect(failure.stage.id == "vendor_hardware_setup")
    #expect(failure.evidenceText.contains { $0.contains("own code") })
  }

  @Test(arguments: [
    ("cpuhp_issue_call cpuhp_rollback_install", 2, "hardware_enable_cpu", "CPU 0"),
    ("cpuhp_issue_call cpuhp_issue_call cpuhp_rollback_install { cpuhp_issue_call }", 2, "hardware_enable_cpu", "CPU 1"),
    ("cpuhp_issue_call", 2, "hardware_enable_cpu", "CPU 0"),
    // Every CPU was asked and none rolled back: the registration failed by itself.
    ("cpuhp_issue_call cpuhp_issue_call", 2, "cpuhp_register", nil),
    ("mutex_lock", 2, "cpuhp_register", nil),
  ])
  func theCPUThatRefusedIsTold(_ calls: String, cpus: Int, stage: String, text: String?) throws {
    let failure = try Self.failure(of: Self.enabling(calls), cpus: cpus)
    #expect(failure.stage.id == stage)
    if let text { #expect(failure.evidenceText.contains { $0.contains(text) }) }
  }

  @Test func theCompatibilityCheckStopsAtTheCPUThatRefuses() throws {
    let failure = try Self.failure(
      of: Self.amd(
        setup: "0xc0003000 { kvm_set_cpu_caps[kvm] }",
        rest: Self.updates
          + "smp_call_function_single 0xc0004000 kvm_mmu_vendor_module_exit[kvm] free_percpu kmem_cache_destroy mutex_unlock"))
    #expect(failure.stage.id == "cpu_compat_check")
    #expect(failure.evidenceText.contains { $0.contains("1 of 2 CPUs were asked") })
  }

  /// The hotplug state of the clock and the reboot notifier are refused, then /dev/kvm.
  private static let ignoredErrors =
    "do_init_module { do_one_initcall { svm_init[kvm_amd] =-16 { kvm_init[kvm] =-16 { kvm_arch_init[kvm] =0 { has_svm[kvm_amd] =1 "
    + "is_disabled[kvm_amd] =0 kmem_cache_create kmem_cache_create_usercopy __alloc_percpu kvm_mmu_vendor_module_init[kvm] =0 "
    + "kvm_mmu_set_mask_ptes[kvm] __cpuhp_setup_state =-28 kvm_lapic_init[kvm] pvclock_gtod_register_notifier } kvm_irqfd_init[kvm] =0 "
    + "__kmalloc_node kvm_arch_hardware_setup[kvm] =0 { svm_hardware_setup[kvm_amd] =0 } smp_call_function_single "
    + "smp_call_function_single __cpuhp_setup_state =0 register_reboot_notifier =-17 kmem_cache_create_usercopy __kmalloc_node "
    + "kvm_async_pf_init[kvm] =0 register_syscore_ops debugfs_create_dir kvm_vfio_ops_init[kvm] =0 misc_register =-16 _printk "
    + "kvm_vfio_ops_exit[kvm] kvm_async_pf_deinit[kvm] kfree kmem_cache_destroy unregister_reboot_notifier __cpuhp_remove_state "
    + "kvm_arch_hardware_unsetup[kvm] kfree kvm_irqfd_exit[kvm] kvm_arch_exit[kvm] } } \(Self.takenDown)"

  /// A step that failed, was tolerated, and was followed by others is not the one that ended the init.
  @Test func aToleratedErrorIsNotTheFailure() throws {
    let failure = try Self.failure(of: Self.ignoredErrors, kernel: "5.10.262")
    #expect(failure.stage.id == "misc_register")
    #expect(failure.errno == "EBUSY")
    #expect(!failure.inferred)
  }

  @Test func anErrorThatKVMIgnoresIsTolerated() throws {
    let run = try #require(Analyser.analyse(SmallTrace.recording(Self.ignoredErrors, kernel: "5.10.262")).runs.first)
    let tolerated = run.stages.filter(\.tolerated)
    #expect(tolerated.map(\.stage.id) == ["timer_init", "reboot_notifier"])
    #expect(tolerated.map(\.note) == ["returned ENOSPC, which KVM ignores", "returned EEXIST, which KVM ignores"])
  }

  /// kvm_intel registers its wakeup handler also when there was no memory for the VMXON regions.
  @Test(arguments: ["free_kvm_area[kvm_intel] nested_vmx_hardware_unsetup[kvm_intel]", "free_kvm_area[kvm_intel]"])
  func aStepThatTheErrorPathTakesTooIsNotTheLast(_ undo: String) throws {
    let failure = try Self.failure(
      of: "do_init_module { do_one_initcall { vmx_init[kvm_intel] =-12 { __kvm_is_vmx_supported[kvm_intel] =1 kvm_x86_vendor_init[kvm] "
        + "=-12 { mutex_lock __kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] =0 { "
        + "kvm_mmu_reset_all_pte_masks[kvm] } vmx_hardware_setup[kvm_intel] =-12 { kvm_add_user_return_msr[kvm] "
        + "setup_vmcs_config[kvm_intel] =0 kvm_enable_efer_bits[kvm] kvm_mmu_set_ept_masks[kvm] kvm_configure_mmu[kvm] "
        + "nested_vmx_setup_ctls_msrs[kvm_intel] nested_vmx_hardware_setup[kvm_intel] =0 kvm_set_cpu_caps[kvm] alloc_vmcs_cpu[kvm_intel] "
        + "\(undo) kvm_set_posted_intr_wakeup_handler } kvm_mmu_vendor_module_exit[kvm] free_percpu kmem_cache_destroy mutex_unlock } } "
        + Self.takenDown)
    #expect(failure.stage.id == "vmxon_region_alloc")
    #expect(failure.errno == "ENOMEM")
  }

  /// The CPU of the other vendor has causes of its own.
  @Test func onlyCausesOfTheVendorAreTold() throws {
    let cause = try #require(Self.failure(of: Self.enabling("cpuhp_issue_call cpuhp_rollback_install"), cpus: 2).cause)
    #expect(cause.contains("Another hypervisor"))
    #expect(!cause.contains("VMXON"))
  }

  /// Every function below the step that returned the same error is on the path.
  @Test func theErrorIsFollowedToTheFunctionThatMadeIt() throws {
    let failure = try Self.failure(
      of: "do_init_module { do_one_initcall { svm_init[kvm_amd] =-5 { migrate_disable __kvm_is_svm_supported[kvm_amd] =1 migrate_enable "
        + "kvm_x86_vendor_init[kvm] =-5 { mutex_lock __kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] =0 "
        + "perf_get_x86_pmu_capability svm_hardware_setup[kvm_amd] =0 \(Self.updates) smp_call_function_single { generic_exec_single { "
        + "kvm_x86_check_cpu_compat[kvm] { kvm_x86_check_processor_compatibility[kvm] =-5 { svm_check_processor_compat[kvm_amd] =-5 } } } } "
        + "svm_hardware_unsetup[kvm_amd] kvm_mmu_vendor_module_exit[kvm] free_percpu kmem_cache_destroy mutex_unlock } } \(Self.takenDown)")
    #expect(failure.stage.id == "cpu_compat_check")
    #expect(failure.function == "svm_check_processor_compat [kvm_amd]")
    #expect(failure.code == -5)
  }
}

/// Loads that the kernel refused before any init.
@Suite struct LoadRefusalTests {
  @Test(arguments: [
    ("!syscall finit_module -8;", "ENOEXEC", "vermagic"), ("!syscall finit_module -8; !syscall init_module -2;", "ENOENT", "depmod"),
    ("!syscall finit_module -129;", "EKEYREJECTED", "mokutil"),
  ])
  func theRefusalIsTold(_ calls: String, errno: String, advice: String) throws {
    let run = try #require(Analyser.analyse(SmallTrace.recording(calls, kernel: "6.12.107")).runs.first)
    #expect(run.verdict == .unknown)
    #expect(run.reason.contains(errno) && run.reason.contains(advice), "\(run.reason)")
  }
}

/// What names and vendors are told from when a load's own names are gone.
@Suite struct GoneNamesTests {
  private static func run(_ calls: String, kernel: String?) throws -> (recording: Recording, run: Run) {
    var recording = SmallTrace.recording(calls, kernel: kernel)
    NameChecks.apply(to: &recording)
    return (recording, try #require(Analyser.analyse(recording).runs.first))
  }

  private static func setup(_ calls: String) -> String {
    "do_init_module { do_one_initcall { 0xc0001000 { migrate_disable 0xc0002000 migrate_enable kvm_x86_vendor_init[kvm] { mutex_lock "
      + "__kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] perf_get_x86_pmu_capability 0xc0003000 { \(calls) } "
      + "kvm_mmu_vendor_module_exit[kvm] free_percpu kmem_cache_destroy mutex_unlock } } add_device_randomness } free_module }"
  }

  /// Freed init text of another module lay where kvm_amd's support check runs now: the kernel's own text has the old name.
  @Test func aNameOfAModuleThatKVMDoesNotCallIsDoubtful() throws {
    let (recording, run) = try Self.run(
      "!load kvm_amd; do_init_module { do_one_initcall { 0xc0001000 { migrate_disable fault_init[fault] migrate_enable "
        + "kvm_x86_vendor_init[kvm] { mutex_lock __kmem_cache_create_args _printk mutex_unlock } } add_device_randomness } "
        + "blocking_notifier_call_chain { module_changes[fault] } free_module }", kernel: "6.12.107")
    #expect(recording.functions.contains { $0.name == "fault_init" && $0.doubt == .contradictsTree })
    // Somebody else's callback, called by the kernel, keeps its name.
    #expect(recording.functions.contains { $0.name == "module_changes" && $0.doubt == nil })
    #expect(run.stages.first { $0.stage.id == "vendor_support_check" }?.status == .ok)
    #expect(run.failure?.stage.id == "emulator_cache")
  }

  @Test(arguments: [
    (String(repeating: "kvm_add_user_return_msr[kvm] ", count: 7) + "0xc0004000", Vendor.intel, "vmcs_config"),
    ("kvm_enable_efer_bits[kvm] alloc_pages_noprof", .amd, "svm_iopm_alloc"),
    ("kvm_add_user_return_msr[kvm] _printk 0xc0004000", .amd, "vendor_hardware_setup"),
  ])
  func theVendorIsToldByTheFirstCallsOfTheHardwareSetup(_ calls: String, vendor: Vendor, stage: String) throws {
    let (_, run) = try Self.run(Self.setup(calls), kernel: "6.12.107")
    #expect(run.vendor == vendor)
    #expect(run.failure?.stage.id == stage)
  }

  /// The firmware's lock is found by the second check: the first has passed, silently, with either vendor.
  @Test(arguments: [("0xc0002000 0xc0002100", nil), ("0xc0002000", Vendor.intel), ("0xc0002000 { printk }", .amd)])
  func aCheckThatPassedTellsNoVendor(_ checks: String, vendor: Vendor?) throws {
    let (_, run) = try Self.run(
      "do_init_module { do_one_initcall { 0xc0001000 { kvm_init[kvm] { kvm_arch_init[kvm] { \(checks) printk } } } "
        + "add_device_randomness } free_module }", kernel: "5.10.262")
    #expect(run.vendor == vendor)
    #expect(run.failure?.stage.id == "cpu_feature_check")
  }

  /// Nothing tells the vendor: nothing of one vendor only is named.
  @Test func aRunOfEitherVendorNamesNothingOfOne() throws {
    let (_, run) = try Self.run(
      "do_init_module { do_one_initcall { 0xc0001000 { migrate_disable 0xc0002000 { _printk } migrate_enable } add_device_randomness } "
        + "free_module }", kernel: "6.12.107")
    #expect(run.vendor == nil)
    #expect(run.failure?.stage.id == "vendor_support_check")
    #expect(run.failure?.evidenceText.contains { $0.contains("vmx") || $0.contains("svm") || $0.contains("VMCS") } == false)
  }

  /// A recording of few functions leaves out those that print: the log tells the check.
  @Test func theLogTellsACheckThatCallsNothing() throws {
    let (_, run) = try Self.run(
      "do_init_module { do_one_initcall { vmx_init[kvm_intel] =-17 { kvm_x86_vendor_init[kvm] =-17 { !console kvm: already loaded vendor "
        + "module 'kvm_amd'; } } add_device_randomness } free_module }", kernel: "6.1.192")
    #expect(run.failure?.stage.id == "cpu_feature_check")
    #expect(run.failure?.errno == "EEXIST")
  }
}
