// Sections 5.2 and 5.7: what kvm_init allocates.

extension Catalogue {
  static let irqfdInit: Stage = Stage(
    "irqfd_init", section: "5.2", title: "irqfd cleanup workqueue (kvm_irqfd_init)",
    summary: "irqfd cleanup workqueue (kvm_irqfd_init)",
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
    ])

  static let hwEnabledMask: Stage = Stage(
    "hw_enabled_mask", section: nil, title: "cpus_hardware_enabled cpumask",
    summary: "cpus_hardware_enabled cpumask",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("__kmalloc_node", .proxy)],
        visibility: .proxy, presence: .conditional("CONFIG_CPUMASK_OFFSTACK=y"),
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kvm_irqfd_exit", "kvm_arch_exit"]),
        source: "virt/kvm/kvm_main.c:5946 (kvm_init) in 6.2.0")
    ])

  static let vcpuCache: Stage = Stage(
    "vcpu_cache", section: "5.7", title: "kvm_vcpu slab cache",
    summary: "kvm_vcpu slab cache",
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
        source: "virt/kvm/kvm_main.c:6548 (kvm_init) in 7.3.4"),
    ])

  static let cpuKickMask: Stage = Stage(
    "cpu_kick_mask", section: nil, title: "Per-CPU kick cpumasks",
    summary: "Per-CPU kick cpumasks",
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
    ])

  static let asyncPf: Stage = Stage(
    "async_pf", section: nil, title: "Async page-fault cache (kvm_async_pf_init)",
    summary: "Async page-fault cache (kvm_async_pf_init)",
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
    ])
}
