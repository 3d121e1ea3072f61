// The functions that hold the other stages.

extension Catalogue {
  static let x86VendorInit: Stage = Stage(
    "x86_vendor_init", section: nil, title: "kvm_x86_vendor_init: common x86 initialisation before kvm_init",
    summary: "kvm_x86_vendor_init: common x86 initialisation before kvm_init",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("kvm_x86_vendor_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["[free_percpu]", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/vmx/vmx.c:8640 (vmx_init) in 6.1.192"),
      StageForm(
        VersionRange("6.3", "6.9"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("kvm_x86_vendor_init", in: "kvm"), Marker("__kvm_x86_vendor_init", in: "kvm", .child)],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8719 (vmx_init) in 6.8.0"),
      StageForm(
        VersionRange("6.9"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("kvm_x86_vendor_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8873 (vmx_init) in 7.3.4"),
    ])

  static let kvmInit: Stage = Stage(
    "kvm_init", section: "5", title: "kvm_init: generic KVM framework initialisation",
    summary: "kvm_init: generic KVM framework initialisation",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5938 (kvm_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["[cpu_emergency_unregister_virt_callback]", "[free_pages]", "kvm_x86_vendor_exit"]),
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.16"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          unwind: ["[synchronize_rcu]", "[cpu_emergency_unregister_virt_callback]", "[free_pages]", "kvm_x86_vendor_exit"]),
        source: "virt/kvm/kvm_main.c:6420 (kvm_init) in 6.14.0"),
      StageForm(
        VersionRange("6.16"), vendors: [.intel], parents: ["vt_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["[tdx_cleanup]", "vmx_exit"]),
        source: "virt/kvm/kvm_main.c:6599 (kvm_init) in 7.3.4"),
      StageForm(
        VersionRange("4.19", "6.1.20"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5938 (kvm_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["kvm_x86_vendor_exit"]),
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.16"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["[cpu_emergency_unregister_virt_callback]", "kvm_x86_vendor_exit"]),
        source: "virt/kvm/kvm_main.c:6420 (kvm_init) in 6.14.0"),
      StageForm(
        VersionRange("6.16"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["kvm_x86_vendor_exit"]),
        source: "virt/kvm/kvm_main.c:6599 (kvm_init) in 7.3.4"),
      StageForm(
        VersionRange("4.19", "6.3"), vendors: [.arm64], parents: ["arm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), vendors: [.arm64], parents: ["kvm_arm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          unwind: ["kvm_unregister_perf_callbacks", "hyp_cpu_pm_exit", "[teardown_hyp_mode]", "kvm_arm_vmid_alloc_free"]),
        source: "virt/kvm/kvm_main.c:6599 (kvm_init) in 7.3.4"),
      StageForm(
        VersionRange("5.16", "6.3"), vendors: [.riscv], parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.16"), vendors: [.riscv], parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["[kvm_riscv_aia_exit]", "[kvm_riscv_nacl_exit]", "[kvm_unregister_perf_callbacks]"]),
        source: "virt/kvm/kvm_main.c:6420 (kvm_init) in 6.14.0"),
      StageForm(
        VersionRange("6.16"), vendors: [.riscv], parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          unwind: ["[cpu_pm_unregister_notifier]", "kvm_riscv_aia_exit", "kvm_riscv_nacl_exit", "kvm_unregister_perf_callbacks"]),
        source: "virt/kvm/kvm_main.c:6599 (kvm_init) in 7.3.4"),
    ])

  static let archInit: Stage = Stage(
    "arch_init", section: "5.1", title: "Architecture init: kvm_arch_init",
    summary: "Architecture init: kvm_arch_init",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), parents: ["kvm_init"],
        markers: [Marker("kvm_arch_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO", "-ENOMEM"]),
        source: "virt/kvm/kvm_main.c:5871 (kvm_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), vendors: [.arm64, .riscv], parents: ["kvm_init"],
        markers: [Marker("kvm_arch_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV", "-ENOMEM", "-EINVAL"]),
        source: "virt/kvm/kvm_main.c:5916 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.1.20", "6.2"), vendors: [.intel, .amd], parents: ["kvm_init"],
        markers: [Marker("kvm_arch_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5916 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_arch_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO", "-ENOMEM"]),
        source: "virt/kvm/kvm_main.c:5931 (kvm_init) in 6.2.0"),
    ])

  static let archHardwareSetup: Stage = Stage(
    "arch_hardware_setup", section: "5.3", title: "Architecture hardware setup (kvm_arch_hardware_setup)",
    summary: "Architecture hardware setup (kvm_arch_hardware_setup)",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_arch_hardware_setup", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO", "-ENOMEM", "-EINVAL", "-EOPNOTSUPP"],
          unwind: ["[kfree]", "kvm_irqfd_exit", "kvm_arch_exit"]),
        source: "virt/kvm/kvm_main.c:5951 (kvm_init) in 6.2.0")
    ])

  static let vendorHardwareSetup: Stage = Stage(
    "vendor_hardware_setup", section: "5.3.1", title: "Vendor hardware_setup()",
    summary: "Vendor hardware_setup()",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_arch_hardware_setup"],
        markers: [Marker("hardware_setup", in: "kvm_intel"), Marker("svm_hardware_setup", in: "kvm_amd")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: [
            "-EIO (Intel: VMCS configuration)",
            "-EOPNOTSUPP (5.14+, Intel: neither NX nor EPT)",
            "-EINVAL (Intel: pt_mode)",
            "-ENOMEM",
            "-EOPNOTSUPP (5.14+, AMD: no NX)",
          ],
          logs: [
            "kvm: NX (Execute Disable) not supported",
            "SVM: NX (Execute Disable) not supported",
            "kvm: VM_EXIT_LOAD_IA32_PERF_GLOBAL_CTRL does not work properly. Using workaround (5.8+, Intel; only a warning)",
          ],
          unwind: ["[svm_hardware_teardown]", "[svm_hardware_unsetup]", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit"]),
        source: "arch/x86/kvm/x86.c:12020 (kvm_arch_hardware_setup) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.11"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("hardware_setup", in: "kvm_intel"), Marker("svm_hardware_setup", in: "kvm_amd")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO (Intel: VMCS configuration)", "-EOPNOTSUPP (no NX)", "-EINVAL (Intel: pt_mode)", "-ENOMEM"],
          logs: ["kvm_intel: NX (Execute Disable) not supported", "kvm_amd: NX (Execute Disable) not supported"],
          unwind: ["kvm_mmu_vendor_module_exit", "free_percpu", "kmem_cache_destroy", "mutex_unlock"]),
        source: "arch/x86/kvm/x86.c:9789 (kvm_x86_vendor_init) in 6.10.0"),
      StageForm(
        VersionRange("6.11"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("vmx_hardware_setup", in: "kvm_intel"), Marker("svm_hardware_setup", in: "kvm_amd")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: [
            "-EIO (Intel until 6.17: VMCS configuration)",
            "-EOPNOTSUPP (no NX)",
            "-EINVAL (Intel: pt_mode)",
            "-ENOMEM",
            "-EIO (AMD 6.17+: merge offsets of the MSR permission map)",
          ],
          logs: [
            "kvm_intel: NX (Execute Disable) not supported",
            "kvm_amd: NX (Execute Disable) not supported",
            "kvm_amd: Nested Virtualization enabled (for information)",
            "kvm_amd: Nested Paging enabled (for information)",
          ],
          unwind: [
            "[kvm_destroy_user_return_msrs]", "kvm_mmu_vendor_module_exit", "[free_percpu]", "kmem_cache_destroy", "mutex_unlock",
          ]),
        source: "arch/x86/kvm/x86.c:7098 (kvm_x86_vendor_init) in 7.3.4"),
    ])
}
