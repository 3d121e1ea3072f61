// Section 5.1.1 and 5.4: can every CPU do it.

extension Catalogue {
  static let cpuFeatureCheck: Stage = Stage(
    "cpu_feature_check", section: "5.1.1", title: "CPU feature support checks",
    summary: "CPU feature support checks",
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
        source: "arch/x86/kvm/x86.c:7026 (kvm_x86_vendor_init) in 7.3.4"),
    ])

  static let cpuCompatCheck: Stage = Stage(
    "cpu_compat_check", section: "5.4", title: "Per-CPU compatibility check",
    summary: "Per-CPU compatibility check",
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
        source: "arch/x86/kvm/x86.c:7110 (kvm_x86_vendor_init) in 7.3.4"),
    ])
}
