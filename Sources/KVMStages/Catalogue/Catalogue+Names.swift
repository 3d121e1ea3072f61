// Functions under several names, and functions that only run when something failed.

extension Catalogue {
  /// Functions that are the same step under other names in other kernels; a name may be in several groups.
  ///
  /// Up to 6.11 `kmem_cache_create` and `kmem_cache_create_usercopy` are two functions; since 6.12 both are inline wrappers of
  /// `__kmem_cache_create_args`. Read in the kernel sources and the symbol tables of Debian kernels from 5.10.262 to 7.3.4.
  static let renames: [[String]] = kvmRenames + coreRenames

  /// True for equal names, and for names of one group of `renames`.
  static func sameStep(_ one: String, _ other: String) -> Bool {
    one == other || aliases[one]?.contains(other) ?? false
  }

  /// `name` and its other names.
  static func names(ofStep name: String) -> Set<String> { aliases[name] ?? [name] }

  /// The other names of `name` in `renames`.
  static func otherNames(of name: String) -> Set<String> { (aliases[name] ?? []).subtracting([name]) }

  /// The names of each function that has several.
  private static let aliases: [String: Set<String>] = renames.reduce(into: [:]) { aliases, group in
    for name in group { aliases[name, default: []].formUnion(group) }
  }

  private static let kvmRenames: [[String]] = [
    ["hardware_setup", "vmx_hardware_setup"],
    ["hardware_unsetup", "vmx_hardware_unsetup"],
    ["svm_hardware_teardown", "svm_hardware_unsetup"],
    ["kvm_is_vmx_supported", "__kvm_is_vmx_supported"],
    ["kvm_is_svm_supported", "__kvm_is_svm_supported"],
    ["kvm_mmu_module_init", "kvm_mmu_vendor_module_init"],
    ["kvm_mmu_module_exit", "kvm_mmu_vendor_module_exit"],
    ["kvm_define_shared_msr", "kvm_define_user_return_msr", "kvm_add_user_return_msr"],
    ["kvm_set_cpu_caps", "kvm_initialize_cpu_caps"],
    ["kvm_init_msr_list", "kvm_init_msr_lists"],
    ["kvm_get_msr_feature", "kvm_get_feature_msr"],
    ["perf_register_guest_info_callbacks", "kvm_register_perf_callbacks", "__kvm_register_perf_callbacks"],
    ["vmx_setup_l1d_flush", "__vmx_setup_l1d_flush"],
    ["cpu_emergency_register_virt_callback", "x86_virt_register_emergency_callback"],
    ["check_processor_compat", "kvm_x86_check_cpu_compat"],
    ["kvm_arch_check_processor_compat", "kvm_x86_check_processor_compatibility"],
    ["kvm_starting_cpu", "kvm_online_cpu"],
    ["kvm_dying_cpu", "kvm_offline_cpu"],
    ["kvm_arch_hardware_enable", "kvm_arch_enable_virtualization_cpu"],
    ["hardware_enable", "vmx_hardware_enable", "vmx_enable_virtualization_cpu"],
    ["svm_hardware_enable", "svm_enable_virtualization_cpu"],
    ["kvm_riscv_stage2_mode_detect", "kvm_riscv_gstage_mode_detect"],
    ["kvm_riscv_stage2_vmid_detect", "kvm_riscv_gstage_vmid_detect"],
  ]

  private static let coreRenames: [[String]] = [
    ["printk", "_printk"],
    ["kmem_cache_create", "__kmem_cache_create_args"],
    ["kmem_cache_create_usercopy", "__kmem_cache_create_args"],
    ["__alloc_percpu", "pcpu_alloc_noprof"],
    ["__alloc_percpu_gfp", "pcpu_alloc_noprof"],
    ["alloc_workqueue", "alloc_workqueue_noprof"],
    ["debugfs_create_file", "debugfs_create_file_full"],
    ["register_syscore_ops", "register_syscore"],
    ["unregister_syscore_ops", "unregister_syscore"],
    ["__kmalloc_node", "__kmalloc_node_noprof"],
    ["kmem_cache_alloc_trace", "kmalloc_trace", "__kmalloc_cache_noprof"],
    ["alloc_pages_current", "alloc_pages", "alloc_pages_noprof"],
    ["__alloc_pages_nodemask", "__alloc_pages", "__alloc_pages_noprof"],
    ["__get_free_pages", "get_free_pages_noprof"],
    ["module_enable_ro", "module_enable_rodata_ro_after_init"],
  ]

  /// Functions that run in an init only after something failed in it, read from the error paths of each kernel.
  ///
  /// Plain frees (`kfree`, `free_pages`, `mutex_unlock`) are not among them: they say nothing by themselves.
  static let unwindFunctions: Set<String> = Set(undoes.keys).union(insideUnwind)

  /// Called by those that undo a step, by the loader, or on other CPUs.
  private static let insideUnwind: [String] = [
    "kvm_lapic_exit", "kvm_offline_cpu", "kvm_unregister_perf_callbacks", "tdx_cleanup", "teardown_hyp_mode", "hyp_cpu_pm_exit",
    "kvm_arm_vmid_alloc_free", "kvm_riscv_aia_exit", "kvm_riscv_nacl_exit", "free_module", "klp_module_going", "unregister_shrinker",
    "pvclock_gtod_unregister_notifier", "cpufreq_unregister_notifier", "cpu_pm_unregister_notifier", "misc_deregister",
  ]
}
