// The way into the module: loader, entry functions, support checks, kvm_init itself.

extension Catalogue {
  static let moduleLoad: Stage = Stage(
    "module_load", section: nil, title: "Module loader reaches the vendor init function",
    summary: "Module loader reaches the vendor init function",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19"), parents: ["load_module", "do_init_module", "do_initcall_level"],
        markers: [Marker("do_init_module"), Marker("do_one_initcall"), Marker("add_device_randomness", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["the error of the init function; -EEXIST becomes -EBUSY since 7.1"],
          logs: ["init suspiciously returned %d, it should follow 0/-E convention (only for a value above 0)"],
          unwind: ["synchronize_rcu", "module_put", "blocking_notifier_call_chain", "klp_module_going", "free_module"]),
        source: "kernel/module/main.c:3117 (do_init_module) in 7.3.4")
    ])

  static let kvmKoModuleInit: Stage = Stage(
    "kvm_ko_module_init", section: nil, title: "kvm.ko own module init (kvm_x86_init)",
    summary: "kvm.ko own module init (kvm_x86_init)",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.10.112", "5.11"), parents: ["do_one_initcall"],
        markers: [Marker("kvm_x86_init", in: "kvm"), Marker("kvm_mmu_x86_module_init", in: "kvm", .child)],
        visibility: .call, presence: .conditional("kvm.ko is loaded while the trace is on"),
        source: "arch/x86/kvm/x86.c:11694 (kvm_x86_init) in 5.10.262"),
      StageForm(
        VersionRange("5.15.85", "5.16"), parents: ["do_one_initcall"],
        markers: [Marker("kvm_x86_init", in: "kvm"), Marker("kvm_mmu_x86_module_init", in: "kvm", .child)],
        visibility: .call, presence: .conditional("kvm.ko is loaded while the trace is on"),
        source: "arch/x86/kvm/x86.c:12819 (kvm_x86_init) in 5.15.100"),
      StageForm(
        VersionRange("5.18"), parents: ["do_one_initcall"],
        markers: [
          Marker("kvm_x86_init", in: "kvm"), Marker("kvm_mmu_x86_module_init", in: "kvm", .child),
          Marker("kvm_mmu_spte_module_init", in: "kvm", .child), Marker("kvm_init_xstate_sizes", in: "kvm", .child),
        ],
        visibility: .call, presence: .conditional("kvm.ko is loaded while the trace is on"),
        source: "arch/x86/kvm/x86.c:11036 (kvm_x86_init) in 7.3.4"),
    ])

  static let vendorEntry: Stage = Stage(
    "vendor_entry", section: "4", title: "Vendor module entry point (XXX_init)",
    summary: "Vendor module entry point (XXX_init)",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.16"), vendors: [.intel], parents: ["do_one_initcall"],
        markers: [Marker("vmx_init", in: "kvm_intel")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/vmx.c:8637 (vmx_init) in 6.14.0"),
      StageForm(
        VersionRange("6.16"), vendors: [.intel], parents: ["do_one_initcall"],
        markers: [Marker("vt_init", in: "kvm_intel"), Marker("vmx_init", in: "kvm_intel", .child)],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/vmx/main.c:1089 (vt_init) in 7.3.4"),
      StageForm(
        VersionRange("4.19"), vendors: [.amd], parents: ["do_one_initcall"],
        markers: [Marker("svm_init", in: "kvm_amd")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/svm/svm.c:5817 (svm_init) in 7.3.4"),
      StageForm(
        VersionRange("4.19", "6.3"), vendors: [.arm64], parents: ["do_one_initcall"],
        markers: [Marker("arm_init")],
        visibility: .call, presence: .required,
        source: "arch/arm64/kvm/arm.c:2324 (arm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), vendors: [.arm64], parents: ["do_one_initcall"],
        markers: [Marker("kvm_arm_init")],
        visibility: .call, presence: .required,
        source: "arch/arm64/kvm/arm.c:3050 (kvm_arm_init) in 7.3.4"),
      StageForm(
        VersionRange("5.16"), vendors: [.riscv], parents: ["do_one_initcall"],
        markers: [Marker("riscv_kvm_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/riscv/kvm/main.c:138 (riscv_kvm_init) in 7.3.4"),
    ])

  static let vendorSupportCheck: Stage = Stage(
    "vendor_support_check", section: nil, title: "Vendor CPU support / BIOS check (>= 6.3, in the vendor module)",
    summary: "Vendor CPU support / BIOS check (>= 6.3, in the vendor module)",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("6.3", "6.6"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("kvm_is_vmx_supported", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP"],
          logs: ["kvm_intel: VMX not supported by CPU %d", "kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU %d"]),
        source: "arch/x86/kvm/vmx/vmx.c:8645 (vmx_init) in 6.5.0"),
      StageForm(
        VersionRange("6.6"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("__kvm_is_vmx_supported", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP"],
          logs: [
            "kvm_intel: VMX not supported by CPU %d",
            "kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU %d",
            "kvm_intel: VMX not fully enabled on CPU %d.  Check kernel logs and/or BIOS (7.1+)",
          ]),
        source: "arch/x86/kvm/vmx/vmx.c:8857 (vmx_init) in 7.3.4"),
      StageForm(
        VersionRange("6.3", "6.6"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_is_svm_supported", in: "kvm_amd")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP"],
          logs: [
            "kvm_amd: SVM not supported by CPU %d, %s",
            "kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU %d",
            "kvm_amd: KVM is unsupported when running as an SEV guest",
          ]),
        source: "arch/x86/kvm/svm/svm.c:5222 (svm_init) in 6.5.0"),
      StageForm(
        VersionRange("6.6"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("__kvm_is_svm_supported", in: "kvm_amd")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP"],
          logs: [
            "kvm_amd: CPU %d isn't AMD or Hygon",
            "kvm_amd: SVM not supported by CPU %d",
            "kvm_amd: KVM is unsupported when running as an SEV guest",
            "kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU %d (6.6)",
            "SVM disabled (by BIOS) in MSR_VM_CR (6.7+, at boot)",
          ]),
        source: "arch/x86/kvm/svm/svm.c:5806 (svm_init) in 7.3.4"),
    ])

  static let evmcsInit: Stage = Stage(
    "evmcs_init", section: nil, title: "Hyper-V enlightened VMCS setup",
    summary: "Hyper-V enlightened VMCS setup",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["vmx_init"],
        markers: [Marker("static_key_enable", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_HYPERV, and a Hyper-V host that recommends enlightened VMCS"),
        failure: FailureFacts(logs: ["KVM: vmx: using Hyper-V Enlightened VMCS (for information)"]),
        source: "arch/x86/kvm/vmx/vmx.c:8545 (vmx_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["vmx_init"],
        markers: [Marker("static_key_enable", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_HYPERV, and a Hyper-V host that recommends enlightened VMCS"),
        failure: FailureFacts(logs: ["kvm_intel: Using Hyper-V Enlightened VMCS (for information)"]),
        source: "arch/x86/kvm/vmx/vmx.c:8864 (vmx_init) in 7.3.4"),
    ])

  static let earlyVmcsConfig: Stage = Stage(
    "early_vmcs_config", section: nil, title: "Reference VMCS config computed before vendor init (>= 6.18)",
    summary: "Reference VMCS config computed before vendor init (>= 6.18)",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("6.18"), parents: ["vmx_init"],
        markers: [Marker("setup_vmcs_config", in: "kvm_intel")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          logs: [
            "EPT CAP should not exist if not support 1-setting enable EPT VM-execution control (rare)",
            "Inconsistent VM-Entry/VM-Exit pair, entry = %x, exit = %x (rare)",
          ]),
        source: "arch/x86/kvm/vmx/vmx.c:8870 (vmx_init) in 7.3.4")
    ])
}
