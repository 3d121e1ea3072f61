// The functions that hold the other stages.

extension Catalogue {
  static let x86VendorInit: Stage = Stage(
    "x86_vendor_init", section: nil, title: "Common x86 init (kvm_x86_vendor_init)",
    summary: "What both x86 vendors share: feature checks, caches, MMU, the hardware setup of the vendor, and the check of every CPU. It "
      + "took over sections 5.1, 5.3 and 5.4 in 6.3; 6.1.20 and later 6.1 kernels have a form of it that holds section 5.1 only.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("kvm_x86_vendor_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(unwind: ["[free_percpu]", "kmem_cache_destroy"]),
        note: "Only in the 6.1 stable series; it holds the content of the old kvm_arch_init. When kvm_init fails later, "
          + "kvm_x86_vendor_exit follows it.",
        source: "arch/x86/kvm/vmx/vmx.c:8640 (vmx_init) in 6.1.192"),
      StageForm(
        VersionRange("6.3", "6.9"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("kvm_x86_vendor_init", in: "kvm"), Marker("__kvm_x86_vendor_init", in: "kvm", .child)],
        visibility: .call, presence: .required,
        note: "A thin wrapper around __kvm_x86_vendor_init, which the compiler may inline.",
        source: "arch/x86/kvm/vmx/vmx.c:8719 (vmx_init) in 6.8.0"),
      StageForm(
        VersionRange("6.9"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("kvm_x86_vendor_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8873 (vmx_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "One of its steps failed. A trace rooted at kvm_init is empty then, because kvm_init comes after it.",
        remedy: "Trace from do_init_module or do_one_initcall, and look at the stages inside it.")
    ])

  static let kvmInit: Stage = Stage(
    "kvm_init", section: "5", title: "Generic KVM init (kvm_init)",
    summary: "The part that all architectures share: caches, callbacks, debugfs, and /dev/kvm. Up to 6.2 everything runs inside it; since "
      + "6.3 it comes last.",
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
    ],
    causes: [
      Cause(
        "One of its steps failed.",
        remedy: "Look at the stages inside it: the first function of the unwind tells which.")
    ])

  static let archInit: Stage = Stage(
    "arch_init", section: "5.1", title: "Architecture init (kvm_arch_init)",
    summary: "The hook with which each architecture prepares itself, called first by kvm_init. In 6.1.20 and later 6.1 kernels x86 still "
      + "calls it, but it is empty: its work is in x86_vendor_init.",
    vendors: [.intel, .amd, .arm64, .riscv], successor: "done by x86_vendor_init (x86) or by the entry function (arm64, riscv)",
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
        note: "An empty function on x86: its call does not show that sections 5.1.1 to 5.1.8 ran.",
        source: "virt/kvm/kvm_main.c:5916 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_arch_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO", "-ENOMEM"]),
        source: "virt/kvm/kvm_main.c:5931 (kvm_init) in 6.2.0"),
    ],
    causes: [
      Cause(
        "The other vendor module is loaded.",
        remedy: "Only one of kvm_intel and kvm_amd can be loaded. See which one is (lsmod | grep kvm), stop its guests, and unload it: "
          + "modprobe -r kvm_amd (or kvm_intel).",
        errnos: ["EEXIST"], logPieces: ["already loaded"])
    ])

  static let archHardwareSetup: Stage = Stage(
    "arch_hardware_setup", section: "5.3", title: "Hardware setup (kvm_arch_hardware_setup)",
    summary: "Reads what the host CPU supports, lets the vendor module set its hardware up, installs the operations, and builds the MSR "
      + "lists. Empty on arm64 and riscv.",
    vendors: [.intel, .amd, .arm64, .riscv], successor: "part of x86_vendor_init",
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_arch_hardware_setup", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO", "-ENOMEM", "-EINVAL", "-EOPNOTSUPP"],
          unwind: ["[kfree]", "kvm_irqfd_exit", "kvm_arch_exit"]),
        note: "When it fails, no kvm_arch_hardware_unsetup follows: that tells it from a failed compatibility check.",
        source: "virt/kvm/kvm_main.c:5951 (kvm_init) in 6.2.0")
    ],
    causes: [
      Cause(
        "The vendor hardware setup inside it failed.",
        remedy: "Look at vendor_hardware_setup.")
    ])

  static let vendorHardwareSetup: Stage = Stage(
    "vendor_hardware_setup", section: "5.3.1", title: "Vendor hardware setup",
    summary: "The large vendor step: page-table support (EPT or NPT), nested virtualization, CPUID masks, and per-CPU memory for VMX or "
      + "SVM.",
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
    ],
    causes: [
      Cause(
        "A module parameter is not valid: kvm_intel.pt_mode must be 0 or 1. Kernels with the fix of "
          + "CVE-2024-53135 (6.12, and the stable series of its time) do not have it any more.",
        remedy: "Correct options kvm_intel pt_mode= in /etc/modprobe.d.",
        errnos: ["EINVAL"], vendors: [.intel]),
      Cause(
        "The No-Execute bit is switched off.",
        remedy: "Enable \"Execute Disable Bit\" (Intel XD) or \"NX Mode\" (AMD) in the firmware setup, and boot without noexec=off.",
        errnos: ["EOPNOTSUPP"], logPieces: ["NX (Execute Disable) not supported"]),
      Cause(
        "A required VMX control is missing. No message is printed.",
        remedy: "In a virtual machine: update the outer hypervisor and use CPU model host-passthrough.",
        errnos: ["EIO"], vendors: [.intel]),
      Cause(
        "No memory for the per-CPU areas.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"]),
    ])
}
