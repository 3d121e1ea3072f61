// Steps that newer kernels and mitigations added around kvm_init.

extension Catalogue {
  static let virtualizationEnable: Stage = Stage(
    "virtualization_enable", section: nil, title: "Enable virtualization at load",
    summary: "Switches virtualization on for all CPUs while the module loads (kvm.enable_virt_at_load, on by default). A CPU that refuses "
      + "now fails the load; older kernels noticed only at the first guest.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("6.12"), parents: ["kvm_init"],
        markers: [Marker("kvm_enable_virtualization", in: "kvm"), Marker("kvm_arch_enable_virtualization", in: "kvm", .child)],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        failure: FailureFacts(
          returns: ["-EIO", "-EBUSY"],
          logs: ["kvm: enabling virtualization on CPU%d failed"],
          unwind: [
            "[unregister_syscore_ops]", "[unregister_syscore]", "[__cpuhp_remove_state]", "kvm_arch_disable_virtualization",
            "[kvm_gmem_exit]", "kvm_vfio_ops_exit", "[debugfs_remove]", "kvm_async_pf_deinit", "kvm_irqfd_exit", "[kfree]",
            "kmem_cache_destroy",
          ]),
        note: "kvm.enable_virt_at_load can be set on the kernel command line or in modprobe.d, not at run time.",
        source: "virt/kvm/kvm_main.c:6591 (kvm_init) in 7.3.4")
    ],
    causes: [
      Cause(
        "The processor refused VMXON: the firmware did not set up its feature-control register.",
        remedy: "Update the firmware; after a suspend, switch the machine off and on.",
        errnos: ["EIO"], logPieces: ["VMXON faulted"], vendors: [.intel]),
      Cause(
        "A CPU refused to enable virtualization, mostly because another hypervisor uses VMX or SVM.",
        remedy: "Stop the other hypervisor and unload its module: lsmod | grep -E \"vboxdrv|vmmon|xen\", then modprobe -r vboxdrv "
          + "(VirtualBox) or vmmon (VMware). Or load KVM with kvm.enable_virt_at_load=0, which postpones the step to the first "
          + "guest.",
        errnos: ["EIO"], logPieces: ["enabling virtualization on CPU"], vendors: [.intel, .amd]),
      Cause(
        "The machine is shutting down or rebooting.",
        remedy: "Load the module after the next boot.",
        errnos: ["EBUSY"]),
    ])

  static let emergencyCallback: Stage = Stage(
    "emergency_callback", section: nil, title: "Emergency callback",
    summary: "Registers how to leave VMX or SVM mode in a crash, so that a crash kernel can start.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.149"), vendors: [.intel], parents: ["vmx_init"],
        markers: [],
        visibility: .none, presence: .conditional("CONFIG_KEXEC_CORE"),
        note: "A pointer that is set.",
        source: "arch/x86/kvm/vmx/vmx.c:8525 (vmx_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.149", "6.2"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("cpu_emergency_register_virt_callback")],
        visibility: .call, presence: .required,
        note: "A backport of the stable series.",
        source: "arch/x86/kvm/vmx/vmx.c:8663 (vmx_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.6"), vendors: [.intel], parents: ["vmx_init"],
        markers: [],
        visibility: .none, presence: .conditional("CONFIG_KEXEC_CORE"),
        note: "A pointer that is set.",
        source: "arch/x86/kvm/vmx/vmx.c:8665 (vmx_init) in 6.5.0"),
      StageForm(
        VersionRange("6.6", "6.12"), parents: ["vmx_init", "svm_init"],
        markers: [Marker("cpu_emergency_register_virt_callback")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8635 (vmx_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12", "7.1"), parents: ["kvm_arch_enable_virtualization"],
        markers: [Marker("cpu_emergency_register_virt_callback")],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        source: "virt/kvm/kvm_main.c:5701 (kvm_enable_virtualization) in 7.0.0"),
      StageForm(
        VersionRange("7.1"), parents: ["kvm_arch_enable_virtualization"],
        markers: [Marker("x86_virt_register_emergency_callback")],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        source: "virt/kvm/kvm_main.c:5753 (kvm_enable_virtualization) in 7.3.4"),
    ])

  static let l1dFlush: Stage = Stage(
    "l1d_flush", section: nil, title: "L1TF mitigation",
    summary: "Chooses how the level-1 data cache is flushed before a guest runs, against the L1 Terminal Fault weakness.",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), parents: ["vmx_init"],
        markers: [Marker("vmx_setup_l1d_flush", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["vmx_exit"]),
        source: "arch/x86/kvm/vmx/vmx.c:8510 (vmx_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["vmx_init"],
        markers: [Marker("vmx_setup_l1d_flush", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_x86_vendor_exit"]),
        source: "arch/x86/kvm/vmx/vmx.c:8651 (vmx_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["vmx_init"],
        markers: [Marker("vmx_setup_l1d_flush", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["vmx_exit"]),
        source: "arch/x86/kvm/vmx/vmx.c:8577 (vmx_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.19"), parents: ["vmx_init"],
        markers: [Marker("vmx_setup_l1d_flush", in: "kvm_intel"), Marker("static_key_disable", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_x86_vendor_exit"]),
        source: "arch/x86/kvm/vmx/vmx.c:8734 (vmx_init) in 6.18.2"),
      StageForm(
        VersionRange("6.19"), parents: ["vmx_init"],
        markers: [Marker("__vmx_setup_l1d_flush", in: "kvm_intel"), Marker("static_key_disable", .child)],
        visibility: .call, presence: .conditional("CONFIG_CPU_MITIGATIONS"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_x86_vendor_exit"]),
        source: "arch/x86/kvm/vmx/vmx.c:8878 (vmx_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the pages used to flush the cache.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let piInitCpu: Stage = Stage(
    "pi_init_cpu", section: nil, title: "Posted-interrupt lists",
    summary: "Initialises for each possible CPU the list of vCPUs that wait for a posted interrupt.",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("5.10"), parents: ["vmx_init"],
        markers: [Marker("pi_init_cpu", in: "kvm_intel")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8885 (vmx_init) in 7.3.4")
    ])

  static let tdx: Stage = Stage(
    "tdx", section: nil, title: "TDX bring-up",
    summary: "Prepares Intel Trust Domain Extensions, where the kernel is built with them and kvm_intel.tdx is on.",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("6.16", "7.1"), parents: ["vt_init"],
        markers: [Marker("tdx_bringup", in: "kvm_intel")],
        visibility: .call, presence: .conditional("CONFIG_KVM_INTEL_TDX and kvm_intel.tdx=1"),
        failure: FailureFacts(
          returns: ["any error but -ENODEV fails the load"],
          logs: [
            "kvm_intel: EPT is required for TDX",
            "kvm_intel: TDP MMU and MMIO caching and EPT A/D bit is required for TDX",
            "kvm_intel: APICv is required for TDX",
            "kvm_intel: tdx: no TDX private KeyIDs available",
            "kvm_intel: tdx: tdx requires kvm.enable_virt_at_load=1",
          ],
          unwind: ["kvm_disable_virtualization", "vmx_exit"]),
        note: "Debian kernels are built without it.",
        source: "arch/x86/kvm/vmx/main.c:1047 (vt_init) in 7.0.0"),
      StageForm(
        VersionRange("7.1"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("tdx_hardware_setup", in: "kvm_intel")],
        visibility: .call, presence: .conditional("CONFIG_KVM_INTEL_TDX and kvm_intel.tdx=1"),
        failure: FailureFacts(
          returns: ["-EINVAL", "-EIO"],
          logs: ["kvm_intel: TDX not supported by the host platform"],
          unwind: [
            "[kvm_destroy_user_return_msrs]", "kvm_mmu_vendor_module_exit", "kmem_cache_destroy", "mutex_unlock",
          ]),
        source: "arch/x86/kvm/vmx/main.c:34 (vt_hardware_setup) in 7.3.4"),
    ],
    causes: [
      Cause(
        "A precondition of TDX is missing. TDX stays off; the load goes on.",
        remedy: "Enable TDX in the firmware setup, and keep ept, enable_apicv, tdp_mmu and kvm.enable_virt_at_load at their defaults.",
        errnos: ["ENODEV"],
        logPieces: [
          "required for TDX", "no TDX private KeyIDs available", "tdx requires kvm.enable_virt_at_load=1",
          "TDX not supported by the host platform",
        ])
    ])
}
