import CallTrees
import KVMStages
import SmallTraces
import Testing

/// Failures told from the calls alone, on trees with the shape that the kernel sources give them.
@Suite struct FailureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var kernel: String
    var calls: String
    var stage: String
    var errno: String?

    var testDescription: String { "\(kernel) \(name)" }
  }

  /// What the loader does after an init function that returned an error.
  private static let takenDown = "klp_module_going free_module"

  private static func amdLegacy(_ calls: String) -> String {
    "do_init_module { do_one_initcall { 0xc0001000 { kvm_init[kvm] { kvm_arch_init[kvm] { 0xc0002000 0xc0002100 kmem_cache_create "
      + "kmem_cache_create_usercopy __alloc_percpu kvm_mmu_vendor_module_init[kvm] { kmem_cache_create } kvm_mmu_set_mask_ptes[kvm] "
      + "__cpuhp_setup_state kvm_lapic_init[kvm] pvclock_gtod_register_notifier } \(calls) } } add_device_randomness } \(takenDown) }"
  }

  private static func vendorInit(_ calls: String) -> String {
    "do_init_module { do_one_initcall { 0xc0001000 { migrate_disable 0xc0002000 migrate_enable kvm_x86_vendor_init[kvm] { \(calls) } } "
      + "add_device_randomness } \(takenDown) } !console kvm_amd: load failed;"
  }

  private static func kvmInit(_ calls: String) -> String {
    "!load kvm_amd; do_init_module { do_one_initcall { 0xc0001000 { migrate_disable 0xc0002000 migrate_enable kvm_x86_vendor_init[kvm] { "
      + "mutex_lock __kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] { kvm_mmu_reset_all_pte_masks[kvm] } "
      + "perf_get_x86_pmu_capability 0xc0003000 { kvm_set_cpu_caps[kvm] } "
      + String(repeating: "__static_call_update ", count: 21)
      + "smp_call_function_single smp_call_function_single pvclock_gtod_register_notifier kvm_register_perf_callbacks[kvm] "
      + "kvm_probe_msr_to_save[kvm] mutex_unlock } kvm_init[kvm] { \(calls) } kvm_x86_vendor_exit[kvm] } "
      + "add_device_randomness } \(takenDown) }"
  }

  static let cases: [Case] = [
    Case(
      name: "irqfd", kernel: "5.10.262", calls: amdLegacy("kvm_irqfd_init[kvm] { alloc_workqueue } kvm_arch_exit[kvm]"),
      stage: "irqfd_init",
      errno: "ENOMEM"),
    Case(
      name: "hardware setup", kernel: "5.10.262",
      calls: amdLegacy(
        "kvm_irqfd_init[kvm] __kmalloc_node kvm_arch_hardware_setup[kvm] { rdmsrl_safe } kfree kvm_irqfd_exit[kvm] kvm_arch_exit[kvm]"),
      stage: "arch_hardware_setup", errno: nil),
    Case(
      name: "compatibility", kernel: "5.10.262",
      calls: amdLegacy(
        "kvm_irqfd_init[kvm] __kmalloc_node kvm_arch_hardware_setup[kvm] { kvm_set_cpu_caps[kvm] } smp_call_function_single "
          + "kvm_arch_hardware_unsetup[kvm] kfree kvm_irqfd_exit[kvm] kvm_arch_exit[kvm]"), stage: "cpu_compat_check", errno: "EIO"),
    Case(
      name: "hotplug state", kernel: "5.10.262",
      calls: amdLegacy(
        "kvm_irqfd_init[kvm] __kmalloc_node kvm_arch_hardware_setup[kvm] smp_call_function_single __cpuhp_setup_state "
          + "kvm_arch_hardware_unsetup[kvm] kfree kvm_irqfd_exit[kvm] kvm_arch_exit[kvm]"), stage: "cpuhp_register", errno: "EBUSY"),
    Case(
      name: "misc_register", kernel: "5.10.262",
      calls: amdLegacy(
        "kvm_irqfd_init[kvm] __kmalloc_node kvm_arch_hardware_setup[kvm] smp_call_function_single __cpuhp_setup_state "
          + "register_reboot_notifier kmem_cache_create_usercopy __kmalloc_node kvm_async_pf_init[kvm] register_syscore_ops "
          + "debugfs_create_dir kvm_vfio_ops_init[kvm] misc_register _printk kvm_vfio_ops_exit[kvm] kvm_async_pf_deinit[kvm] kfree "
          + "kmem_cache_destroy unregister_reboot_notifier __cpuhp_remove_state kvm_arch_hardware_unsetup[kvm] kfree "
          + "kvm_irqfd_exit[kvm] kvm_arch_exit[kvm]"), stage: "misc_register", errno: nil),
    Case(
      name: "feature checks", kernel: "6.12.107", calls: vendorInit("mutex_lock _printk mutex_unlock"), stage: "cpu_feature_check",
      errno: nil),
    Case(
      name: "emulator cache", kernel: "6.12.107", calls: vendorInit("mutex_lock __kmem_cache_create_args _printk mutex_unlock"),
      stage: "emulator_cache", errno: "ENOMEM"),
    Case(
      name: "user-return MSRs", kernel: "6.12.107",
      calls: vendorInit("mutex_lock __kmem_cache_create_args pcpu_alloc_noprof _printk kmem_cache_destroy mutex_unlock"),
      stage: "user_return_msrs", errno: "ENOMEM"),
    Case(
      name: "MMU", kernel: "6.12.107",
      calls: vendorInit(
        "mutex_lock __kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] { kmem_cache_alloc } free_percpu kmem_cache_destroy mutex_unlock"
      ),
      stage: "mmu_vendor_init", errno: "ENOMEM"),
    Case(
      name: "compatibility", kernel: "6.12.107",
      calls: vendorInit(
        "mutex_lock __kmem_cache_create_args pcpu_alloc_noprof kvm_mmu_vendor_module_init[kvm] perf_get_x86_pmu_capability 0xc0003000 "
          + String(repeating: "__static_call_update ", count: 21)
          + "smp_call_function_single smp_call_function_single svm_hardware_unsetup[kvm_amd] kvm_mmu_vendor_module_exit[kvm] free_percpu "
          + "kmem_cache_destroy mutex_unlock"), stage: "cpu_compat_check", errno: "EIO"),
    Case(name: "vcpu cache", kernel: "6.12.107", calls: kvmInit("__kmem_cache_create_args"), stage: "vcpu_cache", errno: "ENOMEM"),
    Case(
      name: "vfio", kernel: "6.12.107",
      calls: kvmInit(
        "__kmem_cache_create_args __kmalloc_node_noprof kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] debugfs_create_dir kvm_vfio_ops_init[kvm] "
          + "kvm_async_pf_deinit[kvm] kvm_irqfd_exit[kvm] kfree kmem_cache_destroy"), stage: "vfio", errno: nil),
    Case(
      name: "enabling", kernel: "6.12.107",
      calls: kvmInit(
        "__kmem_cache_create_args __kmalloc_node_noprof kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] debugfs_create_dir kvm_vfio_ops_init[kvm] "
          + "kvm_gmem_init[kvm] kvm_enable_virtualization[kvm] { mutex_lock kvm_arch_enable_virtualization[kvm] { "
          + "cpu_emergency_register_virt_callback } __cpuhp_setup_state { cpuhp_issue_call } kvm_arch_disable_virtualization[kvm] mutex_unlock } "
          + "kvm_vfio_ops_exit[kvm] kvm_async_pf_deinit[kvm] kvm_irqfd_exit[kvm] kfree kmem_cache_destroy"),
      stage: "hardware_enable_cpu", errno: "EIO"),
    Case(
      name: "misc_register", kernel: "6.12.107",
      calls: kvmInit(
        "__kmem_cache_create_args __kmalloc_node_noprof kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] debugfs_create_dir kvm_vfio_ops_init[kvm] "
          + "kvm_gmem_init[kvm] kvm_enable_virtualization[kvm] { mutex_lock kvm_arch_enable_virtualization[kvm] { "
          + "cpu_emergency_register_virt_callback } __cpuhp_setup_state register_syscore_ops mutex_unlock } misc_register "
          + "kvm_disable_virtualization[kvm] kvm_vfio_ops_exit[kvm] kvm_async_pf_deinit[kvm] kvm_irqfd_exit[kvm] kfree kmem_cache_destroy"),
      stage: "misc_register", errno: nil),
    Case(
      name: "no SVM", kernel: "6.12.107",
      calls:
        "!load kvm_amd; do_init_module { do_one_initcall { 0xc0001000 { migrate_disable 0xc0002000 { _printk } migrate_enable } } \(takenDown) }",
      stage: "vendor_support_check", errno: "EOPNOTSUPP"),
    Case(
      name: "no VMX, wrapped init", kernel: "7.3.4",
      calls:
        "do_init_module { do_one_initcall { 0xc0001000 { 0xc0001100 { migrate_disable 0xc0002000 { _printk } migrate_enable } } } \(takenDown) }",
      stage: "vendor_support_check", errno: "EOPNOTSUPP"),
  ]

  @Test(arguments: cases) func theFailingStageIsNamed(_ example: Case) throws {
    var recording = SmallTrace.recording(example.calls, kernel: example.kernel)
    NameChecks.apply(to: &recording)
    let analysis = Analyser.analyse(recording)
    let run = try #require(analysis.runs.first)
    #expect(analysis.runs.count == 1)
    #expect(run.verdict == .failed, "\(run.reason)")
    #expect(run.failure?.stage.id == example.stage, "\(run.reason)")
    #expect(run.failure?.errno == example.errno)
    #expect(run.failure?.inferred == true)
    let later = run.stages.drop { $0.stage.id != example.stage }.dropFirst()
    // What no call shows may have run inside the failing one.
    #expect(later.allSatisfy { [.notReached, .absent, .notVisible].contains($0.status) })
    #expect(analysis.exitStatus == 1)
  }
}
