// The orders of the stages on x86 since 6.12, where loading the module enables virtualization.
// Orders were read in the kernel sources of each range and compared with function_graph traces of real loads.

extension Catalogue {
  static let virtAtLoadFlow: Flow = Flow(
    "virt-at-load", title: "kvm_init enables virtualization on all CPUs",
    ranges: [VersionRange("6.12", "6.18")],
    order: [
      .intel: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "evmcs_init", "x86_vendor_init",
        "cpu_feature_check", "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "pmu_capability",
        "vendor_hardware_setup", "user_return_msr_define", "vmcs_config", "hw_checks", "nested_setup", "cpu_caps",
        "vmxon_region_alloc", "posted_intr_wakeup", "set_kvm_x86_ops", "cpu_compat_check", "timer_init", "pi_inject_timer",
        "pvclock_notifier", "perf_callbacks", "msr_list", "l1d_flush", "pi_init_cpu", "tdx", "kvm_init", "vcpu_cache", "cpu_kick_mask",
        "irqfd_init", "async_pf", "fops_owner", "preempt_ops", "debugfs", "vfio", "gmem", "virtualization_enable",
        "emergency_callback", "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register",
      ],
      .amd: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "x86_vendor_init", "cpu_feature_check",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "svm_cpu_data", "avic_setup", "cpu_caps", "set_kvm_x86_ops", "cpu_compat_check", "timer_init",
        "pi_inject_timer", "pvclock_notifier", "perf_callbacks", "msr_list", "kvm_init", "vcpu_cache", "cpu_kick_mask", "irqfd_init",
        "async_pf", "fops_owner", "preempt_ops", "debugfs", "vfio", "gmem", "virtualization_enable", "emergency_callback",
        "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register",
      ],
    ])

  static let virtAtLoad618Flow: Flow = Flow(
    "virt-at-load-618", title: "as virt-at-load, with the VMCS configuration before kvm_x86_vendor_init",
    ranges: [VersionRange("6.18", "7.1")],
    order: [
      .intel: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "evmcs_init", "early_vmcs_config",
        "x86_vendor_init", "cpu_feature_check", "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks",
        "pmu_capability", "vendor_hardware_setup", "user_return_msr_define", "hw_checks", "cpu_caps", "nested_setup",
        "vmxon_region_alloc", "posted_intr_wakeup", "set_kvm_x86_ops", "cpu_compat_check", "timer_init", "pi_inject_timer",
        "pvclock_notifier", "perf_callbacks", "msr_list", "l1d_flush", "pi_init_cpu", "tdx", "kvm_init", "vcpu_cache", "cpu_kick_mask",
        "irqfd_init", "async_pf", "fops_owner", "preempt_ops", "debugfs", "vfio", "gmem", "virtualization_enable",
        "emergency_callback", "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register",
      ],
      .amd: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "x86_vendor_init", "cpu_feature_check",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "avic_setup", "cpu_caps", "svm_cpu_data", "set_kvm_x86_ops", "cpu_compat_check", "timer_init",
        "pi_inject_timer", "pvclock_notifier", "perf_callbacks", "msr_list", "kvm_init", "vcpu_cache", "cpu_kick_mask", "irqfd_init",
        "async_pf", "fops_owner", "preempt_ops", "debugfs", "vfio", "gmem", "virtualization_enable", "emergency_callback",
        "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register",
      ],
    ])

  static let coreVirtFlow: Flow = Flow(
    "core-virt", title: "VMXON and SVM areas belong to the core kernel",
    ranges: [VersionRange("7.1")],
    order: [
      .intel: [
        "core_virt_boot", "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "evmcs_init",
        "early_vmcs_config", "x86_vendor_init", "cpu_feature_check", "emulator_cache", "mmu_vendor_init", "mmu_pte_masks",
        "pmu_capability", "vendor_hardware_setup", "user_return_msr_define", "hw_checks", "cpu_caps", "nested_setup",
        "posted_intr_wakeup", "tdx", "set_kvm_x86_ops", "cpu_compat_check", "timer_init", "pi_inject_timer", "pvclock_notifier",
        "perf_callbacks", "msr_list", "l1d_flush", "pi_init_cpu", "kvm_init", "vcpu_cache", "cpu_kick_mask", "irqfd_init", "async_pf",
        "fops_owner", "preempt_ops", "debugfs", "vfio", "gmem", "virtualization_enable", "emergency_callback", "cpuhp_register",
        "hardware_enable_cpu", "syscore_ops", "misc_register",
      ],
      .amd: [
        "core_virt_boot", "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "x86_vendor_init",
        "cpu_feature_check", "emulator_cache", "mmu_vendor_init", "mmu_pte_masks", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "avic_setup", "cpu_caps", "svm_cpu_data", "set_kvm_x86_ops", "cpu_compat_check", "timer_init",
        "pi_inject_timer", "pvclock_notifier", "perf_callbacks", "msr_list", "kvm_init", "vcpu_cache", "cpu_kick_mask", "irqfd_init",
        "async_pf", "fops_owner", "preempt_ops", "debugfs", "vfio", "gmem", "virtualization_enable", "emergency_callback",
        "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register",
      ],
    ])
}
