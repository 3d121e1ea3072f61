// Section 5.1.1 and 5.4: can every CPU do it.

extension Catalogue {
  static let cpuFeatureCheck: Stage = Stage(
    "cpu_feature_check", section: "5.1.1", title: "CPU feature checks",
    summary: "Refuses to go on when the other vendor module is loaded, when the CPU lacks what KVM needs (FPU and FXSR, a constant TSC on "
      + "real-time kernels), or when memory type PAT[0] is not write-back. Up to 6.2 it also asks the vendor for support and for a "
      + "BIOS lock.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.4"), parents: ["kvm_arch_init"],
        markers: [
          Marker("has_svm", in: "kvm_amd", .proxy), Marker("is_disabled", in: "kvm_amd", .proxy),
          Marker("cpu_has_kvm_support", in: "kvm_intel", .proxy), Marker("vmx_disabled_by_bios", in: "kvm_intel", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-EOPNOTSUPP"],
          logs: [
            "kvm: already loaded the other module", "kvm: no hardware support", "kvm: disabled by bios", "has_svm: not amd or hygon",
            "has_svm: svm not available",
          ]),
        source: "arch/x86/kvm/x86.c:6675 (kvm_arch_init) in 4.19.0"),
      StageForm(
        VersionRange("5.4", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [
          Marker("has_svm", in: "kvm_amd", .proxy), Marker("is_disabled", in: "kvm_amd", .proxy),
          Marker("cpu_has_kvm_support", in: "kvm_intel", .proxy), Marker("vmx_disabled_by_bios", in: "kvm_intel", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO (6.0+: PAT)"],
          logs: [
            "kvm: already loaded the other module (until 5.16)",
            "kvm: no hardware support (until 5.16)",
            "kvm: disabled by bios (until 5.16)",
            "kvm: already loaded vendor module '%s' (5.17+)",
            "kvm: no hardware support for '%s' (5.17+)",
            "kvm: support for '%s' disabled by bios (5.17+)",
            "kvm: inadequate fpu",
            "RT requires X86_FEATURE_CONSTANT_TSC (5.18+)",
            "kvm: host PAT[0] is not WB (6.0+)",
          ]),
        note: "The messages about the vendor are rate limited since 5.7: a repeated attempt may print nothing.",
        source: "arch/x86/kvm/x86.c:9342 (kvm_arch_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [
          Marker("has_svm", in: "kvm_amd", .proxy), Marker("is_disabled", in: "kvm_amd", .proxy),
          Marker("cpu_has_kvm_support", in: "kvm_intel", .proxy), Marker("vmx_disabled_by_bios", in: "kvm_intel", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO"],
          logs: [
            "kvm: already loaded vendor module '%s'", "kvm: no hardware support for '%s'", "kvm: support for '%s' disabled by bios",
            "kvm: inadequate fpu", "kvm: host PAT[0] is not WB",
          ]),
        source: "arch/x86/kvm/x86.c:9459 (kvm_x86_vendor_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [
          Marker("has_svm", in: "kvm_amd", .proxy), Marker("is_disabled", in: "kvm_amd", .proxy),
          Marker("cpu_has_kvm_support", in: "kvm_intel", .proxy), Marker("vmx_disabled_by_bios", in: "kvm_intel", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO"],
          logs: [
            "kvm: already loaded vendor module '%s'", "kvm: no hardware support for '%s'", "kvm: support for '%s' disabled by bios",
            "kvm: inadequate fpu", "kvm: host PAT[0] is not WB",
          ]),
        source: "arch/x86/kvm/x86.c:9304 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("mutex_lock", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-EOPNOTSUPP", "-EIO"],
          logs: [
            "kvm: already loaded vendor module '%s'",
            "kvm: inadequate fpu",
            "kvm: RT requires X86_FEATURE_CONSTANT_TSC",
            "kvm: host PAT[0] is not WB",
            "a WARNING when the host enables supervisor shadow stacks (6.18+)",
          ],
          unwind: ["mutex_unlock"]),
        note: "Straight code below a lock: a failure shows as kvm_x86_vendor_init with only mutex_lock, printk and mutex_unlock in it.",
        source: "arch/x86/kvm/x86.c:7026 (kvm_x86_vendor_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The firmware has switched virtualization off.",
        remedy: "Enter the firmware setup and enable \"Intel Virtualization Technology\" (also called VT-x, VMX, or Vanderpool), then "
          + "switch the machine off and on: a warm reboot may keep the lock. On AMD the setting is called \"SVM Mode\".",
        errnos: ["EOPNOTSUPP"], logPieces: ["disabled by bios"]),
      Cause(
        "The CPU has no VMX or SVM, the module is for another vendor, or the hypervisor outside does not pass it on.",
        remedy: "Enable nested virtualization in the outer hypervisor. QEMU and libvirt on Linux: options kvm_intel nested=1 (or kvm_amd "
          + "nested=1) on the host, and CPU model host-passthrough (-cpu host). VMware: \"Virtualize Intel VT-x/EPT or AMD-V/RVI\". "
          + "Hyper-V: Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true. VirtualBox: \"Enable Nested VT-x/AMD-V\". "
          + "Clouds: choose a machine type with nested virtualization, or bare metal.",
        errnos: ["EOPNOTSUPP"], logPieces: ["no hardware support", "svm not available", "not amd or hygon"]),
      Cause(
        "The other vendor module is loaded. The errno is EEXIST up to 7.0 and EBUSY since 7.1.",
        remedy: "Only one of kvm_intel and kvm_amd can be loaded. See which one is (lsmod | grep kvm), stop its guests, and unload it: "
          + "modprobe -r kvm_amd (or kvm_intel).",
        errnos: ["EEXIST", "EBUSY"], logPieces: ["already loaded"]),
      Cause(
        "The CPU, or the virtual CPU, has no FPU with FXSR.",
        remedy: "Give the virtual machine a full CPU model (-cpu host).",
        errnos: ["EOPNOTSUPP"], logPieces: ["inadequate fpu"]),
      Cause(
        "A real-time kernel needs a CPU with a constant TSC.",
        remedy: "Use a CPU model with invtsc and constant_tsc, or a kernel without PREEMPT_RT.",
        errnos: ["EOPNOTSUPP"], logPieces: ["RT requires X86_FEATURE_CONSTANT_TSC"]),
      Cause(
        "The host does not use write-back as memory type 0 of the page attribute table.",
        remedy: "Boot without nopat; in a virtual machine update the outer hypervisor, or the firmware.",
        errnos: ["EIO"], logPieces: ["host PAT[0] is not WB"]),
      Cause(
        "The host uses supervisor shadow stacks, which KVM does not support (6.18 and later). The kernel prints a WARNING.",
        remedy: "Boot a kernel that does not enable supervisor shadow stacks.",
        errnos: ["EIO"]),
    ])

  static let cpuCompatCheck: Stage = Stage(
    "cpu_compat_check", section: "5.4", title: "Compatibility check on every CPU",
    summary: "Asks every online CPU whether it has the same virtualization features as the first. The local CPU answers inside this step, "
      + "the others in an interrupt that a trace of modprobe alone does not show.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [
          Marker("smp_call_function_single", .proxy), Marker("check_processor_compat", in: "kvm", .remote),
          Marker("kvm_arch_check_processor_compat", in: "kvm", .remote),
          Marker("vmx_check_processor_compat", in: "kvm_intel", .remote), Marker("svm_check_processor_compat", in: "kvm_amd", .remote),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          logs: ["kvm: VMX is disabled on CPU %d (5.7+)", "kvm: CPU %d feature inconsistency!"],
          unwind: ["kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit"]),
        note: "The callback is empty on arm64 and riscv.",
        source: "virt/kvm/kvm_main.c:5958 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), vendors: [.intel, .amd], parents: ["kvm_x86_vendor_init"],
        markers: [
          Marker("smp_call_function_single", .proxy), Marker("kvm_x86_check_cpu_compat", in: "kvm", .remote),
          Marker("kvm_x86_check_processor_compatibility", in: "kvm", .remote),
          Marker("vmx_check_processor_compat", in: "kvm_intel", .remote), Marker("svm_check_processor_compat", in: "kvm_amd", .remote),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EIO"],
          logs: [
            "kvm_intel: VMX not supported by CPU %d",
            "kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU %d",
            "kvm_intel: Failed to setup VMCS config on CPU %d",
            "kvm_intel: Inconsistent VMCS config on CPU %d (until 6.19)",
            "kvm_intel: VMCS config on CPU %d doesn't match reference config: (7.0+)",
            "kvm_amd: CPU %d isn't AMD or Hygon",
            "kvm_amd: SVM not supported by CPU %d",
          ],
          unwind: [
            "[vmx_hardware_unsetup]", "[svm_hardware_unsetup]", "[kvm_destroy_user_return_msrs]", "kvm_mmu_vendor_module_exit",
            "[free_percpu]", "kmem_cache_destroy", "mutex_unlock",
          ]),
        note: "CPUs that differ in CR4 bits fail with -EIO, without a message.",
        source: "arch/x86/kvm/x86.c:7110 (kvm_x86_vendor_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The CPUs do not agree: different microcode, firmware settings, or core types.",
        remedy: "Update the microcode and firmware so that all sockets match; check that virtualization is enabled for each.",
        errnos: ["EIO"],
        logPieces: ["feature inconsistency", "Inconsistent VMCS config", "match reference config", "Failed to setup VMCS config"]),
      Cause(
        "VMX is switched off on one CPU only.",
        remedy: "A firmware fault: update the firmware; after a suspend, switch the machine off and on.",
        errnos: ["EIO"], logPieces: ["VMX is disabled on CPU", "not enabled (by BIOS)"], vendors: [.intel]),
      Cause(
        "One CPU does not report VMX or SVM at all.",
        remedy: "Bring that CPU offline (echo 0 > /sys/devices/system/cpu/cpuN/online) and update the firmware.",
        errnos: ["EIO"], logPieces: ["VMX not supported by CPU", "SVM not supported by CPU"]),
    ])
}
