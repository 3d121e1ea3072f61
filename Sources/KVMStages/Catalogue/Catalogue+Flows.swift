// All flows, and those of arm64 and riscv.
// Orders were read in the kernel sources of each range and compared with function_graph traces of real loads.

extension Catalogue {
  /// The orders of the stages, one per family of kernels. By version alone, distributions that backport are placed wrongly:
  /// what a trace shows decides first.
  public static let flows: [Flow] = [
    legacyFlow, legacyMiscLastFlow, hybridFlow, vendorFirstFlow, virtAtLoadFlow, virtAtLoad618Flow, coreVirtFlow,
    arm64OldFlow, arm64NewFlow, riscvOldFlow, riscvNewFlow,
  ]

  static let arm64OldFlow: Flow = Flow(
    "arm64-old", title: "kvm_arch_init inside kvm_init",
    ranges: [VersionRange("4.19", "6.3")],
    order: [
      .arm64: [
        "module_load", "vendor_entry", "kvm_init", "arch_init", "arm_hyp_mode", "arm_target_cpu", "arm_sysreg_table",
        "arm_ipa_sve_vmid", "arm_hyp_init", "arm_subsystems", "arm_finalize", "irqfd_init", "hw_enabled_mask", "arch_hardware_setup",
        "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "fops_owner", "misc_register",
        "syscore_ops", "preempt_ops", "debugfs", "vfio",
      ]
    ],
    moves: [
      Flow.Move("misc_register", before: nil, on: [VersionRange("5.10.177", "5.11"), VersionRange("6.1.16", "6.2")])
    ])

  static let arm64NewFlow: Flow = Flow(
    "arm64-new", title: "kvm_arm_init does the work, then calls kvm_init",
    ranges: [VersionRange("6.3")],
    order: [
      .arm64: [
        "module_load", "vendor_entry", "arm_hyp_mode", "arm_sysreg_table", "arm_ipa_sve_vmid", "arm_hyp_init", "arm_subsystems",
        "kvm_init", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "irqfd_init", "fops_owner", "preempt_ops", "debugfs", "vfio",
        "gmem", "virtualization_enable", "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register", "arm_finalize",
      ]
    ],
    moves: [
      Flow.Move("cpuhp_register", before: "vcpu_cache", on: [VersionRange("6.3", "6.12")]),
      Flow.Move("reboot_notifier", before: "vcpu_cache", on: [VersionRange("6.3", "6.12")]),
      Flow.Move("syscore_ops", before: "vcpu_cache", on: [VersionRange("6.3", "6.12")]),
      Flow.Move("arm_finalize", before: "kvm_init", on: [VersionRange("6.3", "6.4")]),
    ])

  static let riscvOldFlow: Flow = Flow(
    "riscv-old", title: "kvm_arch_init inside kvm_init",
    ranges: [VersionRange("5.16", "6.3")],
    order: [
      .riscv: [
        "module_load", "vendor_entry", "kvm_init", "arch_init", "riscv_ext_check", "riscv_gstage", "irqfd_init", "hw_enabled_mask",
        "arch_hardware_setup", "cpu_compat_check", "cpuhp_register", "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "fops_owner",
        "misc_register", "syscore_ops", "preempt_ops", "debugfs",
      ]
    ],
    moves: [
      Flow.Move("misc_register", before: nil, on: [VersionRange("6.1.16", "6.2")])
    ])

  static let riscvNewFlow: Flow = Flow(
    "riscv-new", title: "riscv_kvm_init does the checks, then calls kvm_init",
    ranges: [VersionRange("6.3")],
    order: [
      .riscv: [
        "module_load", "vendor_entry", "riscv_ext_check", "riscv_nacl", "riscv_gstage", "riscv_aia", "riscv_pm", "kvm_init",
        "reboot_notifier", "vcpu_cache", "cpu_kick_mask", "irqfd_init", "fops_owner", "preempt_ops", "debugfs",
        "virtualization_enable", "cpuhp_register", "hardware_enable_cpu", "syscore_ops", "misc_register",
      ]
    ],
    moves: [
      Flow.Move("cpuhp_register", before: "vcpu_cache", on: [VersionRange("6.3", "6.12")]),
      Flow.Move("reboot_notifier", before: "vcpu_cache", on: [VersionRange("6.3", "6.12")]),
      Flow.Move("syscore_ops", before: "vcpu_cache", on: [VersionRange("6.3", "6.12")]),
    ])
}
