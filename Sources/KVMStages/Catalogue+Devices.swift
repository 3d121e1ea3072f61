// Sections 5.8, 5.9, 5.11 and 5.12: what user space sees.

extension Catalogue {
  static let fopsOwner: Stage = Stage(
    "fops_owner", section: "5.8", title: "Set file_operations owner",
    summary: "Set file_operations owner",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19"), parents: ["kvm_init"],
        markers: [],
        visibility: .none, presence: .conditional("plain stores: no call shows them"),
        source: "virt/kvm/kvm_main.c:6573 (kvm_init) in 7.3.4")
    ])

  static let miscRegister: Stage = Stage(
    "misc_register", section: "5.9", title: "Register /dev/kvm",
    summary: "Register /dev/kvm",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "5.10.177"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state",
            "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:4831 (kvm_init) in 5.9.1"),
      StageForm(
        VersionRange("5.10.177", "5.11"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_vfio_ops_exit", "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier",
            "__cpuhp_remove_state", "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5033 (kvm_init) in 5.10.262"),
      StageForm(
        VersionRange("5.11", "6.1.16"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state",
            "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5938 (kvm_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.16", "6.2"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_vfio_ops_exit", "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier",
            "__cpuhp_remove_state", "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
            "[kvm_x86_vendor_exit]",
          ]),
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state",
            "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5998 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_vfio_ops_exit", "kvm_async_pf_deinit", "kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy", "unregister_syscore_ops",
            "[unregister_reboot_notifier]", "__cpuhp_remove_state",
          ]),
        source: "virt/kvm/kvm_main.c:6524 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12", "6.19"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_disable_virtualization", "kvm_vfio_ops_exit", "kvm_async_pf_deinit", "kvm_irqfd_exit", "[kfree]",
            "kmem_cache_destroy",
          ]),
        source: "virt/kvm/kvm_main.c:6530 (kvm_init) in 6.18.2"),
      StageForm(
        VersionRange("6.19"), parents: ["kvm_init"],
        markers: [Marker("misc_register")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY", "-EEXIST", "-ENOMEM"],
          logs: ["kvm: misc device register failed"],
          unwind: [
            "kvm_disable_virtualization", "kvm_gmem_exit", "kvm_vfio_ops_exit", "[debugfs_remove]", "kvm_async_pf_deinit",
            "kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy",
          ]),
        source: "virt/kvm/kvm_main.c:6599 (kvm_init) in 7.3.4"),
    ])

  static let debugfs: Stage = Stage(
    "debugfs", section: "5.11", title: "debugfs statistics files (kvm_init_debug)",
    summary: "debugfs statistics files (kvm_init_debug)",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.13"), parents: ["kvm_init"],
        markers: [Marker("debugfs_create_dir", .proxy), Marker("debugfs_create_file", .proxy, atLeast: 10)],
        visibility: .proxy, presence: .conditional("CONFIG_DEBUG_FS=y"),
        source: "virt/kvm/kvm_main.c:6513 (kvm_init) in 6.12.107"),
      StageForm(
        VersionRange("6.13"), parents: ["kvm_init"],
        markers: [Marker("debugfs_create_dir", .proxy), Marker("debugfs_create_file_full", .proxy, atLeast: 10)],
        visibility: .proxy, presence: .conditional("CONFIG_DEBUG_FS=y"),
        source: "virt/kvm/kvm_main.c:6581 (kvm_init) in 7.3.4"),
    ])

  static let vfio: Stage = Stage(
    "vfio", section: "5.12", title: "VFIO device ops (kvm_vfio_ops_init)",
    summary: "VFIO device ops (kvm_vfio_ops_init)",
    vendors: [.intel, .amd, .arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "5.10.177"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:4844 (kvm_init) in 5.9.1"),
      StageForm(
        VersionRange("5.10.177", "5.11"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-ENOSPC"],
          logs: ["a WARNING"],
          unwind: [
            "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state",
            "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5025 (kvm_init) in 5.10.262"),
      StageForm(
        VersionRange("5.11", "6.1.16"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5951 (kvm_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.16", "6.2"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST"],
          logs: ["a WARNING"],
          unwind: [
            "kvm_async_pf_deinit", "[kfree]", "kmem_cache_destroy", "unregister_reboot_notifier", "__cpuhp_remove_state",
            "kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit",
          ]),
        source: "virt/kvm/kvm_main.c:5990 (kvm_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:6011 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm"), Marker("kvm_register_device_ops", in: "kvm", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-EEXIST", "-ENOSPC"],
          logs: ["a WARNING, once"],
          unwind: [
            "[debugfs_remove]", "kvm_async_pf_deinit", "kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy", "[unregister_syscore_ops]",
            "[__cpuhp_remove_state]",
          ]),
        source: "virt/kvm/kvm_main.c:6583 (kvm_init) in 7.3.4"),
    ])

  static let gmem: Stage = Stage(
    "gmem", section: nil, title: "guest_memfd (kvm_gmem_init)",
    summary: "guest_memfd (kvm_gmem_init)",
    vendors: [.intel, .amd, .arm64],
    forms: [
      StageForm(
        VersionRange("6.8", "6.19"), parents: ["kvm_init"],
        markers: [Marker("kvm_gmem_init", in: "kvm")],
        visibility: .call, presence: .conditional("CONFIG_KVM_PRIVATE_MEM or CONFIG_KVM_GUEST_MEMFD"),
        source: "virt/kvm/kvm_main.c:6520 (kvm_init) in 6.18.2"),
      StageForm(
        VersionRange("6.19"), parents: ["kvm_init"],
        markers: [Marker("kvm_gmem_init", in: "kvm"), Marker("kern_mount", .child)],
        visibility: .call, presence: .conditional("CONFIG_KVM_GUEST_MEMFD"),
        failure: FailureFacts(
          returns: ["-ENOMEM", "the error of kern_mount"],
          unwind: ["kvm_vfio_ops_exit", "[debugfs_remove]", "kvm_async_pf_deinit", "kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy"]),
        source: "virt/kvm/kvm_main.c:6587 (kvm_init) in 7.3.4"),
    ])
}
