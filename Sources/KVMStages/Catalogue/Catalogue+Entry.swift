// The way into the module: loader, entry functions, support checks, kvm_init itself.

extension Catalogue {
  static let moduleLoad: Stage = Stage(
    "module_load", section: nil, title: "Module loader calls the init function",
    summary: "The kernel copies the module into memory, links it, and calls its init function through do_one_initcall. Its return value "
      + "becomes the result of modprobe. One modprobe may load several modules (irqbypass, kvm, ccp, then kvm_intel or kvm_amd), "
      + "each on its own.",
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
        note: "KVM that is built into the kernel (always so on arm64) has no do_init_module: do_one_initcall runs at boot.",
        source: "kernel/module/main.c:3117 (do_init_module) in 7.3.4")
    ],
    causes: [
      Cause(
        "The module is blocked before its init function runs: blacklist, module signature, lockdown, or initcall_blacklist= on "
          + "the kernel command line.",
        remedy: "Look for \"blacklist\" in /etc/modprobe.d, for signature or lockdown messages in dmesg, and for initcall_blacklist= in "
          + "/proc/cmdline.",
        errnos: ["EPERM", "EKEYREJECTED"], logPieces: ["initcall blacklisted", "Lockdown:", "module verification failed"]),
      Cause(
        "A step below the init function failed: the loader only passes its errno on. modprobe prints it as text: \"Operation not "
          + "supported\" is EOPNOTSUPP, \"Input/output error\" EIO, \"Device or resource busy\" EBUSY, \"File exists\" EEXIST.",
        remedy: "Look at the last stage that ran, and at the kernel log. Since 7.1 the loader turns EEXIST into EBUSY."),
    ])

  static let kvmKoModuleInit: Stage = Stage(
    "kvm_ko_module_init", section: nil, title: "Init of kvm.ko itself",
    summary: "The common x86 module decides on huge-page mitigation and sets the defaults of the shadow page tables. It runs when kvm.ko "
      + "is loaded, so a trace that starts later does not hold it.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.10.112", "5.11"), parents: ["do_one_initcall"],
        markers: [Marker("kvm_x86_init", in: "kvm"), Marker("kvm_mmu_x86_module_init", in: "kvm", .child)],
        visibility: .call, presence: .conditional("kvm.ko is loaded while the trace is on"),
        note: "A backport of the stable series.",
        source: "arch/x86/kvm/x86.c:11694 (kvm_x86_init) in 5.10.262"),
      StageForm(
        VersionRange("5.15.85", "5.16"), parents: ["do_one_initcall"],
        markers: [Marker("kvm_x86_init", in: "kvm"), Marker("kvm_mmu_x86_module_init", in: "kvm", .child)],
        visibility: .call, presence: .conditional("kvm.ko is loaded while the trace is on"),
        note: "A backport of the stable series; which release between 5.15.16 and 5.15.85 has it first is not known.",
        source: "arch/x86/kvm/x86.c:12819 (kvm_x86_init) in 5.15.100"),
      StageForm(
        VersionRange("5.18"), parents: ["do_one_initcall"],
        markers: [
          Marker("kvm_x86_init", in: "kvm"), Marker("kvm_mmu_x86_module_init", in: "kvm", .child),
          Marker("kvm_mmu_spte_module_init", in: "kvm", .child), Marker("kvm_init_xstate_sizes", in: "kvm", .child),
        ],
        visibility: .call, presence: .conditional("kvm.ko is loaded while the trace is on"),
        source: "arch/x86/kvm/x86.c:11036 (kvm_x86_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "kvm.ko does not fit the running kernel.",
        remedy: "Reinstall the kernel package, run depmod -a, and check that uname -r names an installed kernel.",
        errnos: ["ENOEXEC", "ENOENT"], logPieces: ["disagrees about version of symbol", "Unknown symbol"])
    ])

  static let vendorEntry: Stage = Stage(
    "vendor_entry", section: "4", title: "Entry of the vendor module",
    summary: "The init function of the module for this kind of CPU: vmx_init or vt_init on Intel, svm_init on AMD, kvm_arm_init on arm64, "
      + "riscv_kvm_init on riscv. Every later step runs below it.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.16"), vendors: [.intel], parents: ["do_one_initcall"],
        markers: [Marker("vmx_init", in: "kvm_intel")],
        visibility: .call, presence: .required,
        note: "The source of 6.15 was not read: its entry may be vt_init already.",
        source: "arch/x86/kvm/vmx/vmx.c:8637 (vmx_init) in 6.14.0"),
      StageForm(
        VersionRange("6.16"), vendors: [.intel], parents: ["do_one_initcall"],
        markers: [Marker("vt_init", in: "kvm_intel"), Marker("vmx_init", in: "kvm_intel", .child)],
        visibility: .call, presence: .required,
        note: "vt_init calls vmx_init and then kvm_init.",
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
        note: "It only calls kvm_init and may be inlined into the initcall.",
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
        note: "The source of 5.16 was not read; seen first in 5.17.",
        source: "arch/riscv/kvm/main.c:138 (riscv_kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The module is for the CPUs of another vendor.",
        remedy: "Load kvm_intel on Intel and Zhaoxin CPUs, kvm_amd on AMD and Hygon CPUs (grep vendor_id /proc/cpuinfo).",
        errnos: ["EOPNOTSUPP"], logPieces: ["isn't AMD or Hygon"])
    ])

  static let vendorSupportCheck: Stage = Stage(
    "vendor_support_check", section: nil, title: "Support check of the vendor module",
    summary: "Asks the CPU whether it can virtualize at all: the CPUID bit, the lock bit that the firmware sets, and that this is no SEV "
      + "guest. Up to 6.2 this was the first half of cpu_feature_check.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("6.3", "6.6"), vendors: [.intel], parents: ["vmx_init"],
        markers: [Marker("kvm_is_vmx_supported", in: "kvm_intel")],
        visibility: .call, presence: .conditional("the compiler did not inline it"),
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP"],
          logs: ["kvm_intel: VMX not supported by CPU %d", "kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU %d"]),
        note: "No build of these kernels was checked for the symbol.",
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
        note: "Between migrate_disable and migrate_enable. The compatibility check calls it again: only the call from vmx_init is this "
          + "stage.",
        source: "arch/x86/kvm/vmx/vmx.c:8857 (vmx_init) in 7.3.4"),
      StageForm(
        VersionRange("6.3", "6.6"), vendors: [.amd], parents: ["svm_init"],
        markers: [Marker("kvm_is_svm_supported", in: "kvm_amd")],
        visibility: .call, presence: .conditional("the compiler did not inline it"),
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP"],
          logs: [
            "kvm_amd: SVM not supported by CPU %d, %s",
            "kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU %d",
            "kvm_amd: KVM is unsupported when running as an SEV guest",
          ]),
        note: "No build of these kernels was checked for the symbol.",
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
        note: "Since 6.7 the kernel reports a BIOS lock once at boot and clears the SVM feature; KVM then says that the CPU does not "
          + "support SVM.",
        source: "arch/x86/kvm/svm/svm.c:5806 (svm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The firmware has switched VMX off, or locked it.",
        remedy: "Enter the firmware setup and enable \"Intel Virtualization Technology\" (also called VT-x, VMX, or Vanderpool), then "
          + "switch the machine off and on: a warm reboot may keep the lock. With tboot, allow VMX inside SMX.",
        errnos: ["EOPNOTSUPP"], logPieces: ["not enabled (by BIOS)", "VMX (outside TXT) disabled by BIOS"], vendors: [.intel]),
      Cause(
        "The firmware has switched SVM off, or locked it.",
        remedy: "Enter the firmware setup and enable \"SVM Mode\" (also called AMD-V, or Secure Virtual Machine), then switch the "
          + "machine off and on.",
        errnos: ["EOPNOTSUPP"], logPieces: ["SVM disabled (by BIOS)"], vendors: [.amd]),
      Cause(
        "The CPU has no VMX or SVM. In a virtual machine: the hypervisor outside does not pass it on. Since 6.7 an SVM lock by "
          + "the firmware looks the same.",
        remedy: "Enable nested virtualization in the outer hypervisor. QEMU and libvirt on Linux: options kvm_intel nested=1 (or kvm_amd "
          + "nested=1) on the host, and CPU model host-passthrough (-cpu host). VMware: \"Virtualize Intel VT-x/EPT or AMD-V/RVI\". "
          + "Hyper-V: Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true. VirtualBox: \"Enable Nested VT-x/AMD-V\". "
          + "Clouds: choose a machine type with nested virtualization, or bare metal. On real hardware: check the firmware setup, "
          + "then whether the CPU model has VT-x or AMD-V (grep -cE \"vmx|svm\" /proc/cpuinfo).",
        errnos: ["EOPNOTSUPP"], logPieces: ["VMX not supported by CPU", "SVM not supported by CPU"]),
      Cause(
        "The kernel could not prepare VMX at boot (7.1 and later), and cleared the feature.",
        remedy: "Look for a WARNING with arch/x86/virt/hw.c early in dmesg; update the firmware.",
        errnos: ["EOPNOTSUPP"], logPieces: ["VMX not fully enabled on CPU"], vendors: [.intel]),
      Cause(
        "This machine is itself an encrypted guest (SEV), in which KVM cannot run.",
        remedy: "Use a guest without memory encryption, or real hardware.",
        errnos: ["EOPNOTSUPP"], logPieces: ["KVM is unsupported when running as an SEV guest"], vendors: [.amd]),
      Cause(
        "kvm_amd was loaded on a CPU of another vendor.",
        remedy: "Load kvm_intel instead.",
        errnos: ["EOPNOTSUPP"], logPieces: ["isn't AMD or Hygon"], vendors: [.amd]),
    ])

  static let evmcsInit: Stage = Stage(
    "evmcs_init", section: nil, title: "Enlightened VMCS on Hyper-V",
    summary: "On a Hyper-V host that offers it, Intel KVM switches to a VMCS layout that the host can read without traps. It never fails "
      + "the load.",
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
    "early_vmcs_config", section: nil, title: "VMCS configuration, before vendor init",
    summary: "Reads the VMX capability registers of the CPU once and derives which controls KVM will use. Since 6.18 vmx_init does this "
      + "first; before, it was section 5.3.1.1.",
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
        note: "The compatibility check calls setup_vmcs_config again: only the call from vmx_init is this stage.",
        source: "arch/x86/kvm/vmx/vmx.c:8870 (vmx_init) in 7.3.4")
    ],
    causes: [
      Cause(
        "The CPU, or the hypervisor outside, lacks a VMX control that KVM requires. No message is printed.",
        remedy: "In a virtual machine: update the outer hypervisor and use CPU model host-passthrough. The registers 0x480 to 0x492 tell "
          + "which control is missing (rdmsr -a 0x48b, or the trace event msr:read_msr).",
        errnos: ["EIO"])
    ])
}
