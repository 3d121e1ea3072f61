// The arm64 side of section 5.1.

extension Catalogue {
  static let armHypMode: Stage = Stage(
    "arm_hyp_mode", section: nil, title: "HYP mode available",
    summary: "Checks that the kernel was started at exception level 2 and that the command line does not switch KVM off.",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [],
        visibility: .none, presence: .conditional("straight code: no call shows it"),
        failure: FailureFacts(
          returns: ["-ENODEV"],
          logs: [
            "kvm [1]: HYP mode not available",
            "kvm [1]: KVM disabled from command line (5.17+)",
            "CPU unsupported in non-VHE mode, not initializing (until 5.11)",
          ]),
        note: "Straight code: when it fails, printing its line is the only call.",
        source: "arch/arm64/kvm/arm.c:2198 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [],
        visibility: .none, presence: .conditional("straight code: no call shows it"),
        failure: FailureFacts(returns: ["-ENODEV"], logs: ["kvm [1]: HYP mode not available", "kvm [1]: KVM disabled from command line"]),
        note: "Straight code: when it fails, printing its line is the only call.",
        source: "arch/arm64/kvm/arm.c:3050 (kvm_arm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The firmware or boot loader started the kernel at exception level 1.",
        remedy: "Let the boot loader enter the kernel at EL2; dmesg then says \"CPU: All CPU(s) started at EL2\". In QEMU: -machine "
          + "virt,virtualization=on.",
        errnos: ["ENODEV"], logPieces: ["HYP mode not available"]),
      Cause(
        "The kernel command line switches KVM off.",
        remedy: "Remove kvm-arm.mode=none.",
        errnos: ["ENODEV"], logPieces: ["KVM disabled from command line"]),
    ])

  static let armTargetCpu: Stage = Stage(
    "arm_target_cpu", section: nil, title: "Check of the CPU type",
    summary: "Asked every CPU whether KVM knew its type.",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "5.15"), parents: ["kvm_arch_init"],
        markers: [Marker("smp_call_function_single", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV"], logs: ["kvm [1]: Error, CPU %d not supported!"]),
        source: "arch/arm64/kvm/arm.c:2098 (kvm_arch_init) in 5.14-rc5")
    ],
    causes: [
      Cause(
        "KVM does not know this CPU type.",
        remedy: "Use 5.15 or newer, which no longer checks it.",
        errnos: ["ENODEV"], logPieces: ["not supported!"])
    ])

  static let armSysregTable: Stage = Stage(
    "arm_sysreg_table", section: nil, title: "System register tables",
    summary: "Checks the tables that describe how guest accesses to system registers are handled.",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("5.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_sys_reg_table_init")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-EINVAL"], logs: ["kvm [1]: Error initializing system register tables"]),
        note: "Before 5.19 it was part of arm_subsystems.",
        source: "arch/arm64/kvm/arm.c:2208 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [Marker("kvm_sys_reg_table_init")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EINVAL", "the error of populate_nv_trap_config"],
          logs: ["kvm [1]: Error initializing system register tables"]),
        source: "arch/arm64/kvm/arm.c:3060 (kvm_arm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The tables of this kernel are inconsistent.",
        remedy: "A kernel fault: use another kernel version and report it.",
        errnos: ["EINVAL"], logPieces: ["Error initializing system register tables"])
    ])

  static let armIpaSveVmid: Stage = Stage(
    "arm_ipa_sve_vmid", section: nil, title: "Guest address size, SVE, VMIDs",
    summary: "Finds the largest guest physical address, the vector length for guests, and prepares the allocator of VM identifiers.",
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
    ],
    causes: [
      Cause(
        "The CPU does not support the page size of this kernel for guest memory.",
        remedy: "Use a kernel with another page size (4K, 16K or 64K).",
        errnos: ["EINVAL"], logPieces: ["PAGE_SIZE not supported at Stage-2"]),
      Cause(
        "No memory for the VMID allocator.",
        remedy: "Give the machine more memory, and boot again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"], logPieces: ["Failed to initialize VMID allocator"]),
    ])

  static let armHypInit: Stage = Stage(
    "arm_hyp_init", section: nil, title: "Hypervisor code at EL2",
    summary: "Without the Virtualization Host Extensions, part of KVM runs at exception level 2 with its own page tables: this maps its "
      + "code, data and stacks there.",
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
        markers: [Marker("kvm_mmu_init", .proxy), Marker("create_hyp_mappings", .proxy), Marker("create_hyp_stack", .proxy)],
        visibility: .proxy, presence: .conditional("the kernel runs without VHE (kvm-arm.mode=nvhe or protected, or an old CPU)"),
        failure: FailureFacts(
          returns: ["-ENOMEM", "-EINVAL", "-ENODEV"],
          logs: ["kvm [1]: error initializing Hyp mode: %d", "kvm [1]: Failed to init hyp memory protection"],
          unwind: ["teardown_hyp_mode", "kvm_arm_vmid_alloc_free"]),
        source: "arch/arm64/kvm/arm.c:3088 (kvm_arm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The hypervisor could not be mapped.",
        remedy: "Look at the line before it in dmesg; free memory, or boot without kvm-arm.mode=protected.",
        errnos: ["ENOMEM", "EINVAL", "ENODEV"],
        logPieces: ["error initializing Hyp mode", "Cannot map", "Failed to init hyp memory protection"])
    ])

  static let armSubsystems: Stage = Stage(
    "arm_subsystems", section: nil, title: "Interrupt controller, timer, EL2",
    summary: "Enables exception level 2 on all CPUs for a moment and sets up the virtual interrupt controller, the timer, and power "
      + "management.",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_arch_init"],
        markers: [
          Marker("cpu_pm_register_notifier", .proxy), Marker("kvm_vgic_hyp_init", .proxy), Marker("kvm_timer_hyp_init", .proxy),
          Marker("kvm_register_perf_callbacks", .proxy),
        ],
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
        note: "on_each_cpu_cond_mask enables EL2 before these calls and disables it after them, also when one of them failed.",
        source: "arch/arm64/kvm/arm.c:2247 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_arm_init"],
        markers: [
          Marker("cpu_pm_register_notifier", .proxy), Marker("kvm_vgic_hyp_init", .proxy), Marker("kvm_timer_hyp_init", .proxy),
          Marker("kvm_register_perf_callbacks", .proxy), Marker("cpu_hyp_init", .remote),
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
        note: "on_each_cpu_cond_mask enables EL2 before these calls and disables it after them, also when one of them failed.",
        source: "arch/arm64/kvm/arm.c:3099 (kvm_arm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The timer cannot be used by KVM.",
        remedy: "Correct the timer node of the device tree, or the ACPI table GTDT: the hypervisor timer interrupt is missing.",
        errnos: ["ENODEV"], logPieces: ["kvm_arch_timer:"]),
      Cause(
        "The interrupt controller has no virtualization support. KVM loads, but without an interrupt controller in the kernel.",
        remedy: "Correct the maintenance interrupt of the GIC in the device tree or in the ACPI table MADT.",
        errnos: ["ENODEV", "ENXIO"], logPieces: ["No vgic maintenance irq"]),
      Cause(
        "Nested virtualization needs a GICv3 (6.17 and later).",
        remedy: "Boot without kvm-arm.mode=nested.",
        errnos: ["EINVAL"], logPieces: ["NV support requires GICv3"]),
    ])

  static let armFinalize: Stage = Stage(
    "arm_finalize", section: nil, title: "Seal the hypervisor",
    summary: "With protected KVM, takes the right to change the hypervisor away from the host kernel.",
    vendors: [.arm64],
    forms: [
      StageForm(
        VersionRange("5.14", "6.4"), parents: ["kvm_arch_init", "kvm_arm_init"],
        markers: [],
        visibility: .none, presence: .conditional("kvm-arm.mode=protected"),
        note: "Since 6.3 it runs before kvm_init.",
        source: "arch/arm64/kvm/arm.c:2317 (kvm_arm_init) in 6.3.8"),
      StageForm(
        VersionRange("6.4"), parents: ["do_one_initcall"],
        markers: [Marker("finalize_pkvm")],
        visibility: .call, presence: .conditional("CONFIG_KVM; works only with kvm-arm.mode=protected"),
        failure: FailureFacts(logs: ["Failed to finalize Hyp protection: %d"]),
        note: "An initcall of its own, after KVM.",
        source: "arch/arm64/kvm/pkvm.c:289 (finalize_pkvm) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The hypervisor could not be sealed.",
        remedy: "Look at the lines before it in dmesg; boot without kvm-arm.mode=protected.",
        logPieces: ["Failed to finalize Hyp protection"])
    ])
}
