// Section 5.3.1 on Intel.

extension Catalogue {
  static let pmuCapability: Stage = Stage(
    "pmu_capability", section: nil, title: "Capabilities of the host PMU",
    summary: "Asks perf which performance counters the host has, to decide what guests may use.",
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
    summary: "Probes seven registers, such as those for system calls, and notes which of them this CPU has.",
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
        note: "The name changed between 5.12 and 5.13.",
        source: "arch/x86/kvm/vmx/vmx.c:7790 (hardware_setup) in 5.12.9"),
      StageForm(
        VersionRange("5.13"), parents: ["hardware_setup", "vmx_hardware_setup"],
        markers: [Marker("kvm_add_user_return_msr", in: "kvm")],
        visibility: .call, presence: .required,
        note: "Seven calls on Intel, first in the hardware setup.",
        source: "arch/x86/kvm/vmx/vmx.c:8661 (vmx_hardware_setup) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The hypervisor outside does not emulate one of the registers. It is left out; nothing fails.",
        remedy: "Nothing needs to be done. The trace event msr:read_msr marks the access with #GP.")
    ])

  static let vmcsConfig: Stage = Stage(
    "vmcs_config", section: "5.3.1.1", title: "VMCS configuration",
    summary: "Reads the VMX capability registers and derives the control words that every virtual CPU will use. A CPU that lacks a "
      + "required control fails here, without a message.",
    vendors: [.intel], successor: "done earlier, as early_vmcs_config",
    forms: [
      StageForm(
        VersionRange("4.19", "6.11"), parents: ["hardware_setup"],
        markers: [Marker("setup_vmcs_config", in: "kvm_intel"), Marker("adjust_vmx_controls", in: "kvm_intel", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          logs: ["EPT CAP should not exist if not support 1-setting enable EPT VM-execution control (rare)"],
          unwind: ["kvm_mmu_vendor_module_exit", "[free_percpu]", "kmem_cache_destroy", "mutex_unlock"]),
        note: "The compatibility check calls setup_vmcs_config again: only the call from the hardware setup is this stage.",
        source: "arch/x86/kvm/vmx/vmx.c:8430 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11", "6.18"), parents: ["vmx_hardware_setup"],
        markers: [Marker("setup_vmcs_config", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          unwind: [
            "kvm_mmu_vendor_module_exit", "[free_percpu]", "kmem_cache_destroy", "mutex_unlock",
          ]),
        note: "The compatibility check calls setup_vmcs_config again: only the call from the hardware setup is this stage.",
        source: "arch/x86/kvm/vmx/vmx.c:8336 (vmx_hardware_setup) in 6.17.0"),
    ],
    causes: [
      Cause(
        "The CPU, or the hypervisor outside, lacks a VMX control that KVM requires, or describes a VMCS that KVM cannot use. No "
          + "message is printed.",
        remedy: "In a virtual machine: update the outer hypervisor and use CPU model host-passthrough. The registers 0x480 to 0x492 tell "
          + "which control is missing.",
        errnos: ["EIO"])
    ])

  static let hwChecks: Stage = Stage(
    "hw_checks", section: "5.3.1.2", title: "Capability checks",
    summary: "Switches off what the CPU lacks: EPT, VPID, APIC virtualization, page-modification logging and others. Straight code; only "
      + "calls that follow from it are visible.",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("4.19", "5.7"), parents: ["hardware_setup"],
        markers: [
          Marker("kvm_enable_efer_bits", in: "kvm", .proxy), Marker("kvm_mmu_set_mask_ptes", in: "kvm", .proxy),
          Marker("kvm_mmu_set_mmio_spte_mask", in: "kvm", .proxy),
        ],
        visibility: .proxy, presence: .conditional("the CPU has NX or EPT"),
        source: "arch/x86/kvm/vmx/vmx.c:7606 (hardware_setup) in 5.4.59"),
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
    ],
    causes: [
      Cause(
        "EPT is off or missing: KVM uses slower shadow page tables. Nothing fails.",
        remedy: "Check /sys/module/kvm_intel/parameters/ept, the firmware setup, and whether the outer hypervisor offers nested EPT.")
    ])

  static let nestedSetup: Stage = Stage(
    "nested_setup", section: nil, title: "Nested virtualization setup",
    summary: "Prepares VMX controls and bitmaps for guests that run hypervisors themselves.",
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
    ],
    causes: [
      Cause(
        "No memory for the bitmaps of the shadow VMCS.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let cpuCaps: Stage = Stage(
    "cpu_caps", section: nil, title: "CPUID masks for guests",
    summary: "Works out which CPU features KVM can offer to guests.",
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
