// Sections 5.8, 5.9, 5.11 and 5.12: what user space sees.

extension Catalogue {
  static let fopsOwner: Stage = Stage(
    "fops_owner", section: "5.8", title: "Owner of the file operations",
    summary: "Notes the module as the owner of the files for /dev/kvm, VMs and vCPUs, so that it cannot be unloaded while they are open. "
      + "Plain stores.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19"), parents: ["kvm_init"],
        markers: [],
        visibility: .none, presence: .conditional("plain stores: no call shows them"),
        note: "Newer kernels set the owner of /dev/kvm only.",
        source: "virt/kvm/kvm_main.c:6573 (kvm_init) in 7.3.4")
    ])

  static let miscRegister: Stage = Stage(
    "misc_register", section: "5.9", title: "Register /dev/kvm",
    summary: "Creates the device that QEMU and other programs open. In newer kernels it comes last, so that nobody can open it too early.",
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
        note: "Last in kvm_init. A failure leaves the syscore callbacks and the debugfs folder behind.",
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
        note: "5.15.100 still has the early place; later releases of 5.15 were not read.",
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
        note: "Last in kvm_init.",
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
        note: "Last in kvm_init.",
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
        note: "Last in kvm_init.",
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
        note: "Last in kvm_init.",
        source: "virt/kvm/kvm_main.c:6599 (kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "A device called kvm exists already: that of another module, or left from a load that crashed.",
        remedy: "See whose it is (grep -w kvm /proc/misc; ls -l /sys/class/misc/kvm) and unload that module; if none has it, reboot.",
        errnos: ["EEXIST", "EBUSY"], logPieces: ["cannot create duplicate filename"]),
      Cause(
        "Another driver owns minor 232, that of /dev/kvm: a second KVM, built in or built outside the kernel tree, or a foreign device.",
        remedy: "Find it (grep -w 232 /proc/misc tells its name, lsmod the modules) and unload it.",
        errnos: ["EBUSY"], logPieces: ["misc device register failed"]),
      Cause(
        "No memory for the device.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"]),
    ])

  static let debugfs: Stage = Stage(
    "debugfs", section: "5.11", title: "Statistics in debugfs",
    summary: "Creates the folder kvm in debugfs with one file for each statistic. Errors are ignored.",
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
    ],
    causes: [
      Cause(
        "The folder is left from an earlier load that failed; kernels before 7.3 do not remove it. Nothing fails.",
        remedy: "Statistics may be missing until the next boot.",
        logPieces: ["Directory 'kvm' with parent '/' already present"])
    ])

  static let vfio: Stage = Stage(
    "vfio", section: "5.12", title: "VFIO device operations",
    summary: "Registers the KVM device type through which VFIO tells KVM about passed-through devices.",
    vendors: [.intel, .amd, .arm64],
    forms: [
      StageForm(
        VersionRange("4.19", "5.10.177"), parents: ["kvm_init"],
        markers: [Marker("kvm_vfio_ops_init", in: "kvm")],
        visibility: .call, presence: .required,
        note: "A failure only prints a warning.",
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
    ],
    causes: [
      Cause(
        "The VFIO device type is registered already, left from an earlier load that failed.",
        remedy: "Unload kvm.ko too (modprobe -r kvm), or reboot.",
        errnos: ["EEXIST", "ENOSPC"])
    ])

  static let gmem: Stage = Stage(
    "gmem", section: nil, title: "guest_memfd",
    summary: "Prepares guest memory that user space cannot map, for confidential guests. A plain store at first; since 6.19 it mounts an "
      + "internal file system and can fail.",
    vendors: [.intel, .amd, .arm64],
    forms: [
      StageForm(
        VersionRange("6.8", "6.19"), vendors: [.intel, .amd], parents: ["kvm_init"],
        markers: [Marker("kvm_gmem_init", in: "kvm")],
        visibility: .call, presence: .conditional("CONFIG_KVM_PRIVATE_MEM or CONFIG_KVM_GUEST_MEMFD"),
        note: "A plain store in a function of its own; before 6.18 not built in every configuration.",
        source: "virt/kvm/kvm_main.c:6520 (kvm_init) in 6.18.2"),
      StageForm(
        VersionRange("6.18", "6.19"), vendors: [.arm64], parents: ["kvm_init"],
        markers: [Marker("kvm_gmem_init", in: "kvm")],
        visibility: .call, presence: .conditional("CONFIG_KVM_GUEST_MEMFD"),
        note: "A plain store in a function of its own.",
        source: "virt/kvm/kvm_main.c:6520 (kvm_init) in 6.18.2"),
      StageForm(
        VersionRange("6.19"), parents: ["kvm_init"],
        markers: [Marker("kvm_gmem_init", in: "kvm"), Marker("kern_mount", .child)],
        visibility: .call, presence: .conditional("CONFIG_KVM_GUEST_MEMFD"),
        failure: FailureFacts(
          returns: ["-ENOMEM", "the error of kern_mount"],
          unwind: ["kvm_vfio_ops_exit", "[debugfs_remove]", "kvm_async_pf_deinit", "kvm_irqfd_exit", "[kfree]", "kmem_cache_destroy"]),
        source: "virt/kvm/kvm_main.c:6587 (kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the inodes of guest_memfd.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])
}
