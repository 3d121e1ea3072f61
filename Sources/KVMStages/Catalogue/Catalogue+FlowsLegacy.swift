// The orders of the stages on x86 up to 6.11.
// Orders were read in the kernel sources of each range and compared with function_graph traces of real loads.

extension Catalogue {
  static let legacyFlow: Flow = Flow(
    "legacy", title: "everything inside kvm_init, /dev/kvm before syscore ops, debugfs and VFIO",
    ranges: [VersionRange("4.19", "5.10.177"), VersionRange("5.11", "6.1.16"), VersionRange("6.2", "6.3")],
    order: [
      .intel: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "evmcs_init", "kvm_init", "arch_init", "cpu_feature_check", "fpu_cache",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "timer_init", "lapic_init", "pi_inject_timer",
        "pvclock_notifier", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup", "pmu_capability", "vendor_hardware_setup",
        "user_return_msr_define", "vmcs_config", "hw_checks", "nested_setup", "cpu_caps", "vmxon_region_alloc", "posted_intr_wakeup",
        "set_kvm_x86_ops", "perf_callbacks", "msr_list", "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache",
        "cpu_kick_mask", "async_pf", "fops_owner", "misc_register", "syscore_ops", "preempt_ops", "debugfs", "vfio", "l1d_flush",
        "pi_init_cpu", "emergency_callback",
      ],
      .amd: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "kvm_init", "arch_init", "cpu_feature_check", "fpu_cache",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "timer_init", "lapic_init", "pi_inject_timer",
        "pvclock_notifier", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "svm_cpu_data", "avic_setup", "cpu_caps", "set_kvm_x86_ops", "perf_callbacks", "msr_list",
        "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "async_pf", "fops_owner",
        "misc_register", "syscore_ops", "preempt_ops", "debugfs", "vfio",
      ],
    ],
    moves: [
      Flow.Move("set_kvm_x86_ops", before: "mmu_pte_masks", on: [VersionRange("4.19", "5.7")]),
      Flow.Move("perf_callbacks", before: "lapic_init", on: [VersionRange("4.19", "5.15")]),
      Flow.Move("posted_intr_wakeup", before: "nested_setup", on: [VersionRange("4.19", "5.10.80"), VersionRange("5.11", "5.15")]),
    ])

  static let legacyMiscLastFlow: Flow = Flow(
    "legacy-misc-last", title: "everything inside kvm_init, /dev/kvm last",
    ranges: [VersionRange("5.10.177", "5.11"), VersionRange("6.1.16", "6.1.20")],
    order: [
      .intel: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "evmcs_init", "kvm_init", "arch_init", "cpu_feature_check", "fpu_cache",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "timer_init", "lapic_init", "pi_inject_timer",
        "pvclock_notifier", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup", "pmu_capability", "vendor_hardware_setup",
        "user_return_msr_define", "vmcs_config", "hw_checks", "nested_setup", "cpu_caps", "vmxon_region_alloc", "posted_intr_wakeup",
        "set_kvm_x86_ops", "perf_callbacks", "msr_list", "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache",
        "cpu_kick_mask", "async_pf", "fops_owner", "syscore_ops", "preempt_ops", "debugfs", "vfio", "misc_register", "l1d_flush",
        "pi_init_cpu", "emergency_callback",
      ],
      .amd: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "kvm_init", "arch_init", "cpu_feature_check", "fpu_cache",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "timer_init", "lapic_init", "pi_inject_timer",
        "pvclock_notifier", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "svm_cpu_data", "avic_setup", "cpu_caps", "set_kvm_x86_ops", "perf_callbacks", "msr_list",
        "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "async_pf", "fops_owner",
        "syscore_ops", "preempt_ops", "debugfs", "vfio", "misc_register",
      ],
    ],
    moves: [
      Flow.Move("perf_callbacks", before: "lapic_init", on: [VersionRange("4.19", "5.15")])
    ])

  static let hybridFlow: Flow = Flow(
    "hybrid-6.1", title: "kvm_x86_vendor_init first; kvm_init still sets the hardware up",
    ranges: [VersionRange("6.1.20", "6.2")],
    order: [
      .intel: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "evmcs_init", "x86_vendor_init", "cpu_feature_check", "emulator_cache",
        "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "timer_init", "pi_inject_timer", "pvclock_notifier", "l1d_flush",
        "pi_init_cpu", "emergency_callback", "kvm_init", "arch_init", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup",
        "pmu_capability", "vendor_hardware_setup", "user_return_msr_define", "vmcs_config", "hw_checks", "nested_setup", "cpu_caps",
        "vmxon_region_alloc", "posted_intr_wakeup", "set_kvm_x86_ops", "perf_callbacks", "msr_list", "cpu_compat_check",
        "cpuhp_register", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "async_pf", "fops_owner", "syscore_ops", "preempt_ops",
        "debugfs", "vfio", "misc_register",
      ],
      .amd: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "x86_vendor_init", "cpu_feature_check", "emulator_cache",
        "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "timer_init", "pi_inject_timer", "pvclock_notifier", "kvm_init",
        "arch_init", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "svm_cpu_data", "avic_setup", "cpu_caps", "set_kvm_x86_ops", "perf_callbacks", "msr_list",
        "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "async_pf", "fops_owner",
        "syscore_ops", "preempt_ops", "debugfs", "vfio", "misc_register",
      ],
    ])

  static let vendorFirstFlow: Flow = Flow(
    "vendor-first", title: "all x86 work in kvm_x86_vendor_init; kvm_init starts with CPU hotplug",
    ranges: [VersionRange("6.3", "6.12")],
    order: [
      .intel: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "evmcs_init", "x86_vendor_init",
        "cpu_feature_check", "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "pmu_capability",
        "vendor_hardware_setup", "user_return_msr_define", "vmcs_config", "hw_checks", "nested_setup", "cpu_caps",
        "vmxon_region_alloc", "posted_intr_wakeup", "set_kvm_x86_ops", "cpu_compat_check", "timer_init", "pi_inject_timer",
        "pvclock_notifier", "perf_callbacks", "msr_list", "l1d_flush", "pi_init_cpu", "emergency_callback", "kvm_init",
        "cpuhp_register", "reboot_notifier", "syscore_ops", "vcpu_cache", "cpu_kick_mask", "irqfd_init", "async_pf", "fops_owner",
        "preempt_ops", "debugfs", "vfio", "gmem", "misc_register",
      ],
      .amd: [
        "module_load", "kvm_ko_module_init", "vendor_entry", "vendor_support_check", "x86_vendor_init", "cpu_feature_check",
        "emulator_cache", "user_return_msrs", "mmu_vendor_init", "mmu_pte_masks", "pmu_capability", "vendor_hardware_setup",
        "svm_iopm_alloc", "sev_setup", "svm_cpu_data", "avic_setup", "cpu_caps", "set_kvm_x86_ops", "cpu_compat_check", "timer_init",
        "pi_inject_timer", "pvclock_notifier", "perf_callbacks", "msr_list", "emergency_callback", "kvm_init", "cpuhp_register",
        "reboot_notifier", "syscore_ops", "vcpu_cache", "cpu_kick_mask", "irqfd_init", "async_pf", "fops_owner", "preempt_ops",
        "debugfs", "vfio", "gmem", "misc_register",
      ],
    ])
}
