// Section 5.3.1 on Intel.

extension Catalogue {
  static let pmuCapability: Stage = Stage(
    "pmu_capability", section: nil, title: "Host PMU capability (kvm_init_pmu_capability)",
    summary: "Host PMU capability (kvm_init_pmu_capability)",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("6.0", "6.3"), parents: ["kvm_arch_hardware_setup"],
        markers: [Marker("perf_get_x86_pmu_capability", .proxy)],
        visibility: .proxy, presence: .conditional("kvm.enable_pmu=1"),
        source: "arch/x86/kvm/x86.c:12018 (kvm_arch_hardware_setup) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.18"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("perf_get_x86_pmu_capability", .proxy)],
        visibility: .proxy, presence: .conditional("kvm.enable_pmu=1, and no hybrid CPU"),
        source: "arch/x86/kvm/x86.c:9689 (kvm_x86_vendor_init) in 6.17.0"),
      StageForm(
        VersionRange("6.18"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kvm_init_pmu_capability", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:7091 (kvm_x86_vendor_init) in 7.3.4"),
    ])

  static let userReturnMsrDefine: Stage = Stage(
    "user_return_msr_define", section: nil, title: "Define user-return MSRs",
    summary: "Define user-return MSRs",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("4.19", "5.9"), parents: ["hardware_setup"],
        markers: [Marker("kvm_define_shared_msr", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:7983 (hardware_setup) in 5.8.1"),
      StageForm(
        VersionRange("5.9", "5.13"), parents: ["hardware_setup"],
        markers: [Marker("kvm_define_user_return_msr", in: "kvm"), Marker("kvm_add_user_return_msr", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:7790 (hardware_setup) in 5.12.9"),
      StageForm(
        VersionRange("5.13"), parents: ["hardware_setup", "vmx_hardware_setup"],
        markers: [Marker("kvm_add_user_return_msr", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8661 (vmx_hardware_setup) in 7.3.4"),
    ])

  static let vmcsConfig: Stage = Stage(
    "vmcs_config", section: "5.3.1.1", title: "Global vmcs_config and vmx_capability",
    summary: "Global vmcs_config and vmx_capability",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("4.19", "6.11"), parents: ["hardware_setup"],
        markers: [Marker("setup_vmcs_config", in: "kvm_intel"), Marker("adjust_vmx_controls", in: "kvm_intel", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          logs: ["EPT CAP should not exist if not support 1-setting enable EPT VM-execution control (rare)"],
          unwind: ["kvm_mmu_vendor_module_exit", "[free_percpu]", "kmem_cache_destroy", "mutex_unlock"]),
        source: "arch/x86/kvm/vmx/vmx.c:8430 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11", "6.18"), parents: ["vmx_hardware_setup"],
        markers: [Marker("setup_vmcs_config", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          unwind: [
            "[kvm_destroy_user_return_msrs]", "kvm_mmu_vendor_module_exit", "[free_percpu]", "kmem_cache_destroy", "mutex_unlock",
          ]),
        source: "arch/x86/kvm/vmx/vmx.c:8336 (vmx_hardware_setup) in 6.17.0"),
    ])

  static let hwChecks: Stage = Stage(
    "hw_checks", section: "5.3.1.2", title: "Capability checks (VPID/EPT/APICv/PML/preemption timer...)",
    summary: "Capability checks (VPID/EPT/APICv/PML/preemption timer...)",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("5.7", "6.11"), parents: ["hardware_setup"],
        markers: [
          Marker("kvm_configure_mmu", in: "kvm", .proxy), Marker("kvm_enable_efer_bits", in: "kvm", .proxy),
          Marker("kvm_mmu_set_mask_ptes", in: "kvm", .proxy), Marker("kvm_mmu_set_mmio_spte_mask", in: "kvm", .proxy),
          Marker("kvm_mmu_set_ept_masks", in: "kvm", .proxy), Marker("kvm_mmu_set_me_spte_mask", in: "kvm", .proxy),
        ],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8537 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11"), parents: ["vmx_hardware_setup"],
        markers: [
          Marker("kvm_configure_mmu", in: "kvm", .proxy), Marker("kvm_mmu_set_ept_masks", in: "kvm", .proxy),
          Marker("kvm_mmu_set_me_spte_mask", in: "kvm", .proxy), Marker("setup_default_sgx_lepubkeyhash", in: "kvm_intel", .proxy),
          Marker("kvm_enable_efer_bits", in: "kvm", .proxy),
        ],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8774 (vmx_hardware_setup) in 7.3.4"),
    ])

  static let nestedSetup: Stage = Stage(
    "nested_setup", section: nil, title: "Nested VMX setup",
    summary: "Nested VMX setup",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("5.4", "6.11"), parents: ["hardware_setup"],
        markers: [
          Marker("nested_vmx_hardware_setup", in: "kvm_intel"), Marker("nested_vmx_setup_ctls_msrs", in: "kvm_intel", .proxy),
          Marker("__get_free_pages", .child),
        ],
        visibility: .call, presence: .conditional("kvm_intel.nested=1 (the default)"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["nested_vmx_hardware_unsetup"]),
        source: "arch/x86/kvm/vmx/vmx.c:8594 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11", "7.0"), parents: ["vmx_hardware_setup"],
        markers: [
          Marker("nested_vmx_hardware_setup", in: "kvm_intel"), Marker("nested_vmx_setup_ctls_msrs", in: "kvm_intel", .proxy),
          Marker("get_free_pages_noprof", .child),
        ],
        visibility: .call, presence: .conditional("kvm_intel.nested=1 (the default)"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["nested_vmx_hardware_unsetup"]),
        source: "arch/x86/kvm/vmx/vmx.c:8677 (vmx_hardware_setup) in 6.19.0"),
      StageForm(
        VersionRange("7.0"), parents: ["vmx_hardware_setup"],
        markers: [
          Marker("nested_vmx_hardware_setup", in: "kvm_intel"), Marker("nested_vmx_setup_vmcs12_fields", in: "kvm_intel", .child),
          Marker("nested_vmx_setup_ctls_msrs", in: "kvm_intel", .child), Marker("get_free_pages_noprof", .child),
        ],
        visibility: .call, presence: .conditional("kvm_intel.nested=1 (the default)"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["nested_vmx_hardware_unsetup"]),
        source: "arch/x86/kvm/vmx/vmx.c:8808 (vmx_hardware_setup) in 7.3.4"),
    ])

  static let cpuCaps: Stage = Stage(
    "cpu_caps", section: nil, title: "Guest CPUID capability masks",
    summary: "Guest CPUID capability masks",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.7", "6.11"), parents: ["hardware_setup", "svm_hardware_setup"],
        markers: [Marker("kvm_set_cpu_caps", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8599 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11", "7.0"), parents: ["vmx_hardware_setup", "svm_hardware_setup"],
        markers: [
          Marker("kvm_set_cpu_caps", in: "kvm"), Marker("kvm_setup_xss_caps", in: "kvm", .proxy),
          Marker("kvm_find_user_return_msr", in: "kvm", .child),
        ],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8667 (vmx_hardware_setup) in 6.19.0"),
      StageForm(
        VersionRange("7.0"), parents: ["vmx_hardware_setup", "svm_hardware_setup"],
        markers: [
          Marker("kvm_initialize_cpu_caps", in: "kvm"), Marker("kvm_setup_xss_caps", in: "kvm", .proxy),
          Marker("kvm_find_user_return_msr", in: "kvm", .child),
        ],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8800 (vmx_hardware_setup) in 7.3.4"),
    ])
}
