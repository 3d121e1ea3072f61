// The arm64 side of section 5.1.

extension Catalogue {
  static let armHypMode: Stage = Stage(
    "arm_hyp_mode", section: nil, title: "arm64: HYP mode availability and mode selection",
    summary: "arm64: HYP mode availability and mode selection",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_get_mode", .proxy)],
        visibility: .proxy, presence: .conditional("inline checks: not every kernel makes a call in them"),
        failure: FailureFacts(
          returns: ["-ENODEV"],
          logs: [
            "kvm [1]: HYP mode not available",
            "kvm [1]: KVM disabled from command line (5.17+)",
            "CPU unsupported in non-VHE mode, not initializing (until 5.11)",
          ]),
        source: "arch/arm64/kvm/arm.c:2198 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [Marker("kvm_get_mode", .proxy)],
        visibility: .proxy, presence: .conditional("inline checks: not every kernel makes a call in them"),
        failure: FailureFacts(returns: ["-ENODEV"], logs: ["kvm [1]: HYP mode not available", "kvm [1]: KVM disabled from command line"]),
        source: "arch/arm64/kvm/arm.c:3050 (kvm_arm_init) in 7.3.4"),
    ])

  static let armTargetCpu: Stage = Stage(
    "arm_target_cpu", section: nil, title: "arm64: per-CPU target check",
    summary: "arm64: per-CPU target check",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "5.15"), parents: ["kvm_arch_init"],
        markers: [Marker("smp_call_function_single", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV"], logs: ["kvm [1]: Error, CPU %d not supported!"]),
        source: "arch/arm64/kvm/arm.c:2098 (kvm_arch_init) in 5.14-rc5")
    ])

  static let armSysregTable: Stage = Stage(
    "arm_sysreg_table", section: nil, title: "arm64: system register tables",
    summary: "arm64: system register tables",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("5.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_sys_reg_table_init")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-EINVAL"], logs: ["kvm [1]: Error initializing system register tables"]),
        source: "arch/arm64/kvm/arm.c:2208 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [Marker("kvm_sys_reg_table_init")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EINVAL", "the error of populate_nv_trap_config"],
          logs: ["kvm [1]: Error initializing system register tables"]),
        source: "arch/arm64/kvm/arm.c:3060 (kvm_arm_init) in 7.3.4"),
    ])

  static let armIpaSveVmid: Stage = Stage(
    "arm_ipa_sve_vmid", section: nil, title: "arm64: IPA limit, SVE, VMID allocator",
    summary: "arm64: IPA limit, SVE, VMID allocator",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("5.4", "6.3"), parents: ["kvm_arch_init", "init_common_resources"],
        markers: [Marker("kvm_set_ipa_limit"), Marker("kvm_arm_init_sve"), Marker("kvm_arm_vmid_alloc_init")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EINVAL", "-ENOMEM"],
          logs: [
            "kvm [1]: IPA Size Limit: %d bits (for information)",
            "kvm [1]: PAGE_SIZE not supported at Stage-2, giving up",
            "kvm [1]: Failed to initialize VMID allocator.",
          ]),
        source: "arch/arm64/kvm/arm.c:2221 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [Marker("kvm_set_ipa_limit"), Marker("kvm_arm_init_sve"), Marker("kvm_arm_vmid_alloc_init")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EINVAL", "-ENOMEM"],
          logs: ["kvm [1]: PAGE_SIZE not supported at Stage-2, giving up", "kvm [1]: Failed to initialize VMID allocator."]),
        source: "arch/arm64/kvm/arm.c:3073 (kvm_arm_init) in 7.3.4"),
    ])

  static let armHypInit: Stage = Stage(
    "arm_hyp_init", section: nil, title: "arm64: nVHE hypervisor mode init (init_hyp_mode)",
    summary: "arm64: nVHE hypervisor mode init (init_hyp_mode)",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_init", .proxy), Marker("create_hyp_mappings", .proxy)],
        visibility: .proxy, presence: .conditional("the CPU runs without VHE"),
        failure: FailureFacts(
          returns: ["-ENOMEM", "-EINVAL", "-ENODEV"],
          logs: ["kvm [1]: Cannot map world-switch code", "kvm [1]: Cannot map hyp stack", "kvm [1]: error initializing Hyp mode: %d"],
          unwind: ["teardown_hyp_mode"]),
        source: "arch/arm64/kvm/arm.c:2236 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [Marker("kvm_mmu_init", .proxy), Marker("create_hyp_mappings", .proxy)],
        visibility: .proxy, presence: .conditional("the kernel runs without VHE (kvm-arm.mode=nvhe or protected, or an old CPU)"),
        failure: FailureFacts(
          returns: ["-ENOMEM", "-EINVAL", "-ENODEV"],
          logs: ["kvm [1]: error initializing Hyp mode: %d", "kvm [1]: Failed to init hyp memory protection"],
          unwind: ["teardown_hyp_mode", "kvm_arm_vmid_alloc_free"]),
        source: "arch/arm64/kvm/arm.c:3088 (kvm_arm_init) in 7.3.4"),
    ])

  static let armSubsystems: Stage = Stage(
    "arm_subsystems", section: nil, title: "arm64: init_subsystems (EL2 on all CPUs, vGIC, timer)",
    summary: "arm64: init_subsystems (EL2 on all CPUs, vGIC, timer)",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("on_each_cpu_cond_mask", .proxy), Marker("kvm_vgic_hyp_init", .proxy), Marker("kvm_timer_hyp_init", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENODEV or -ENXIO of the vGIC: tolerated", "-ENODEV (timer)", "the error of request_percpu_irq (timer)"],
          logs: [
            "kvm [1]: vgic interrupt IRQ%d (for information)",
            "kvm [1]: No vgic maintenance irq",
            "kvm_arch_timer: uninitialized timecounter",
            "kvm_arch_timer: can't request vtimer interrupt %d (%d)",
          ],
          unwind: ["[hyp_cpu_pm_exit]", "teardown_hyp_mode"]),
        source: "arch/arm64/kvm/arm.c:2247 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [
          Marker("kvm_vgic_hyp_init", .proxy), Marker("kvm_timer_hyp_init", .proxy), Marker("kvm_register_perf_callbacks", .proxy),
          Marker("cpu_hyp_init", .remote),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: [
            "-ENODEV or -ENXIO of the vGIC: tolerated, but not for protected KVM since 6.14",
            "-EINVAL (6.17+: nested virtualization without GICv3)",
            "the error of the timer",
          ],
          logs: [
            "kvm [1]: NV support requires GICv3 or GICv5 with legacy support, giving up",
            "kvm_arch_timer: can't request vtimer interrupt %d (%d)",
          ],
          unwind: ["hyp_cpu_pm_exit", "[teardown_hyp_mode]", "kvm_arm_vmid_alloc_free"]),
        source: "arch/arm64/kvm/arm.c:3099 (kvm_arm_init) in 7.3.4"),
    ])

  static let armFinalize: Stage = Stage(
    "arm_finalize", section: nil, title: "arm64: finalize hyp mode / pKVM",
    summary: "arm64: finalize hyp mode / pKVM",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("5.14", "6.4"), parents: ["kvm_arch_init", "kvm_arm_init"],
        markers: [],
        visibility: .none, presence: .conditional("kvm-arm.mode=protected"),
        source: "arch/arm64/kvm/arm.c:2317 (kvm_arm_init) in 6.3.8"),
      StageForm(
        VersionRange("6.4"), parents: ["do_one_initcall"],
        markers: [Marker("finalize_pkvm")],
        visibility: .call, presence: .conditional("CONFIG_KVM; works only with kvm-arm.mode=protected"),
        failure: FailureFacts(logs: ["Failed to finalize Hyp protection: %d"]),
        source: "arch/arm64/kvm/pkvm.c:289 (finalize_pkvm) in 7.3.4"),
    ])
}
