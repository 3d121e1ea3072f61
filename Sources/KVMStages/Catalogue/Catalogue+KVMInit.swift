// Sections 5.2 and 5.7: what kvm_init allocates.

extension Catalogue {
  static let irqfdInit: Stage = Stage(
    "irqfd_init", section: "5.2", title: "Workqueue for irqfd",
    summary: "Creates the workqueue that cleans up event file descriptors with which devices inject interrupts into guests.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_irqfd_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_arch_exit"]),
        source: "virt/kvm/kvm_main.c:5942 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("kvm_irqfd_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: ["[kfree]", "kmem_cache_destroy", "unregister_syscore_ops", "[unregister_reboot_notifier]", "__cpuhp_remove_state"]),
        source: "virt/kvm/kvm_main.c:6496 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12"), parents: ["kvm_init"],
        markers: [Marker("kvm_irqfd_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["[kfree]", "kmem_cache_destroy"]),
        source: "virt/kvm/kvm_main.c:6565 (kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the workqueue.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let hwEnabledMask: Stage = Stage(
    "hw_enabled_mask", section: nil, title: "CPU mask of enabled hardware",
    summary: "Memory for the set of CPUs on which virtualization is switched on.",
    vendors: [.intel, .amd, .arm64, .riscv], successor: "a per-CPU flag that needs no allocation",
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("__kmalloc_node", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_CPUMASK_OFFSTACK=y"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_irqfd_exit", "kvm_arch_exit"]),
        note: "Only the call between kvm_irqfd_init and kvm_arch_hardware_setup counts. The unwind of later steps frees it with one "
          + "kfree before kvm_irqfd_exit.",
        source: "virt/kvm/kvm_main.c:5946 (kvm_init) in 6.2.0")
    ],
    causes: [
      Cause(
        "No memory for the CPU mask.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let vcpuCache: Stage = Stage(
    "vcpu_cache", section: "5.7", title: "Slab cache kvm_vcpu",
    summary: "The cache from which every virtual CPU structure is allocated.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kmem_cache_create_usercopy", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: [
            "unregister_reboot_notifier", "__cpuhp_remove_state", "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit",
            "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5973 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("kmem_cache_create_usercopy", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: ["unregister_syscore_ops", "[unregister_reboot_notifier]", "__cpuhp_remove_state"]),
        source: "virt/kvm/kvm_main.c:6477 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12"), parents: ["kvm_init"],
        markers: [Marker("__kmem_cache_create_args", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"]),
        note: "The first call in kvm_init.",
        source: "virt/kvm/kvm_main.c:6548 (kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory, or a cache named kvm_vcpu is left from an earlier load that failed.",
        remedy: "Free memory; if dmesg complains about a duplicate cache, reboot.",
        errnos: ["ENOMEM"], logPieces: ["kmem_cache of name"])
    ])

  static let cpuKickMask: Stage = Stage(
    "cpu_kick_mask", section: nil, title: "CPU masks for kicks",
    summary: "Memory for each possible CPU in which KVM collects the CPUs that it must interrupt.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("5.10.177", "5.11"), parents: ["kvm_init"],
        markers: [Marker("__kmalloc_node", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_CPUMASK_OFFSTACK=y"),
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: [
            "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state", "kvm_arch_hardware_unsetup",
            "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        note: "The first release of 5.10 that has it is not known: 5.10.262 does.",
        source: "virt/kvm/kvm_main.c:5003 (kvm_init) in 5.10.262"),
      StageForm(
        VersionRange("5.17", "6.3"), parents: ["kvm_init"],
        markers: [Marker("__kmalloc_node", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_CPUMASK_OFFSTACK=y"),
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: [
            "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state", "kvm_arch_hardware_unsetup",
            "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        note: "The source of 5.16 was not read. Only calls after the kvm_vcpu cache count: an earlier one is hw_enabled_mask.",
        source: "virt/kvm/kvm_main.c:5985 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("__kmalloc_node", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_CPUMASK_OFFSTACK=y"),
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: ["[kfree]", "kmem_cache_destroy", "unregister_syscore_ops", "__cpuhp_remove_state"]),
        source: "virt/kvm/kvm_main.c:6489 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12"), parents: ["kvm_init"],
        markers: [Marker("__kmalloc_node_noprof", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_CPUMASK_OFFSTACK=y"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["[kfree]", "kmem_cache_destroy"]),
        source: "virt/kvm/kvm_main.c:6558 (kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the CPU masks.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let asyncPf: Stage = Stage(
    "async_pf", section: nil, title: "Asynchronous page-fault cache",
    summary: "The cache for page faults of a guest that are served in the background. Not built on arm64 and riscv.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_async_pf_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: [
            "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state", "kvm_arch_hardware_unsetup",
            "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5992 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("kvm_async_pf_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: [
            "kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy", "unregister_syscore_ops", "[unregister_reboot_notifier]",
            "__cpuhp_remove_state",
          ]),
        source: "virt/kvm/kvm_main.c:6500 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12"), parents: ["kvm_init"],
        markers: [Marker("kvm_async_pf_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy"]),
        source: "virt/kvm/kvm_main.c:6569 (kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the cache of asynchronous page faults.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])
}
