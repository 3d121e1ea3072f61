// Section 5.1: what x86 prepares once.

extension Catalogue {
  static let fpuCache: Stage = Stage(
    "fpu_cache", section: "5.1.2", title: "Slab cache x86_fpu",
    summary: "A cache from which each vCPU got memory for its floating-point state. Later kernels keep that state in the FPU code itself.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.4", "5.17"), parents: ["kvm_arch_init"],
        markers: [Marker("kmem_cache_create", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], logs: ["kvm: failed to allocate cache for x86 fpu"]),
        note: "The first kmem_cache_create directly below kvm_arch_init. The edges between 4.19 and 5.4, and between 5.15 and 5.17, "
          + "are not known exactly.",
        source: "arch/x86/kvm/x86.c:8690 (kvm_arch_init) in 5.15.100")
    ],
    causes: [
      Cause(
        "No memory for the cache of floating-point states.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"], logPieces: ["failed to allocate cache for x86 fpu"])
    ])

  static let emulatorCache: Stage = Stage(
    "emulator_cache", section: nil, title: "Slab cache x86_emulator",
    summary: "A cache for the state of the instruction emulator, which handles instructions that the hardware cannot run in a guest.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.7", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("kmem_cache_create_usercopy", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          logs: ["kvm: failed to allocate cache for x86 emulator"],
          unwind: ["[kmem_cache_destroy]"]),
        source: "arch/x86/kvm/x86.c:9381 (kvm_arch_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kmem_cache_create_usercopy", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], logs: ["kvm: failed to allocate cache for x86 emulator"]),
        source: "arch/x86/kvm/x86.c:9498 (kvm_x86_vendor_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("kmem_cache_create_usercopy", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], logs: ["kvm: failed to allocate cache for x86 emulator"]),
        source: "arch/x86/kvm/x86.c:9343 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kmem_cache_create_usercopy", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], logs: ["kvm: failed to allocate cache for x86 emulator"], unwind: ["mutex_unlock"]),
        source: "arch/x86/kvm/x86.c:9791 (kvm_x86_vendor_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__kmem_cache_create_args", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], logs: ["kvm: failed to allocate cache for x86 emulator"], unwind: ["mutex_unlock"]),
        source: "arch/x86/kvm/x86.c:7063 (kvm_x86_vendor_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the cache of the emulator.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"], logPieces: ["failed to allocate cache for x86 emulator"])
    ])

  static let userReturnMsrs: Stage = Stage(
    "user_return_msrs", section: "5.1.3", title: "Per-CPU area for user-return MSRs",
    summary: "Some model-specific registers are given back their host value only on return to user space. Each CPU needs a small area to "
      + "remember them.",
    vendors: [.intel, .amd], successor: "static per-CPU data that needs no allocation",
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("__alloc_percpu", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          logs: [
            "kvm: failed to allocate percpu kvm_shared_msrs (until 5.8)",
            "kvm: failed to allocate percpu kvm_user_return_msrs (5.9+)",
          ],
          unwind: ["[kmem_cache_destroy]", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:9387 (kvm_arch_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__alloc_percpu", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          logs: ["kvm: failed to allocate percpu kvm_user_return_msrs"],
          unwind: ["kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:9504 (kvm_x86_vendor_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("__alloc_percpu", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          logs: ["kvm: failed to allocate percpu kvm_user_return_msrs"],
          unwind: ["kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:9349 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.19"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__alloc_percpu", .proxy), Marker("pcpu_alloc_noprof", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          logs: ["kvm: failed to allocate percpu kvm_user_return_msrs"],
          unwind: ["kmem_cache_destroy", "mutex_unlock"]),
        source: "arch/x86/kvm/x86.c:10055 (kvm_x86_vendor_init) in 6.18.2"),
    ],
    causes: [
      Cause(
        "No memory for the per-CPU area.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"], logPieces: ["failed to allocate percpu kvm_user_return_msrs", "failed to allocate percpu kvm_shared_msrs"])
    ])

  static let mmuVendorInit: Stage = Stage(
    "mmu_vendor_init", section: "5.1.4", title: "Shadow MMU caches",
    summary: "Prepares the memory management of guests: default bits of shadow page-table entries, and the caches for page headers and "
      + "reverse maps.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.10.112"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_module_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM", "the error of register_shrinker"],
          unwind: ["kmem_cache_destroy", "free_percpu", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:7537 (kvm_arch_init) in 5.9.1"),
      StageForm(
        VersionRange("5.10.112", "5.11"), parents: ["kvm_arch_init"],
        markers: [
          Marker("kvm_mmu_vendor_module_init", in: "kvm"), Marker("kvm_mmu_reset_all_pte_masks", in: "kvm", .child),
          Marker("kvm_mmu_set_mmio_spte_mask", in: "kvm", .child), Marker("kmem_cache_create", .child),
          Marker("register_shrinker", .child),
        ],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["kmem_cache_destroy", "free_percpu", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:8212 (kvm_arch_init) in 5.10.262"),
      StageForm(
        VersionRange("5.11", "5.18"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_module_init", in: "kvm"), Marker("kvm_mmu_vendor_module_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["free_percpu", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:8831 (kvm_arch_init) in 5.17-rc5"),
      StageForm(
        VersionRange("5.18", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_vendor_module_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["free_percpu", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:9395 (kvm_arch_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [
          Marker("kvm_mmu_vendor_module_init", in: "kvm"), Marker("kvm_mmu_reset_all_pte_masks", in: "kvm", .child),
          Marker("kmem_cache_create", .child), Marker("register_shrinker", .child),
        ],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["free_percpu", "kmem_cache_destroy"]),
        note: "No message is printed when it fails.",
        source: "arch/x86/kvm/x86.c:9512 (kvm_x86_vendor_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_vendor_module_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["free_percpu", "kmem_cache_destroy"]),
        source: "arch/x86/kvm/x86.c:9357 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.13"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kvm_mmu_vendor_module_init", in: "kvm"), Marker("kvm_mmu_reset_all_pte_masks", in: "kvm", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["free_percpu", "kmem_cache_destroy", "mutex_unlock"]),
        note: "The shrinker is registered by register_shrinker up to 6.6, by shrinker_alloc and shrinker_register from 6.7.",
        source: "arch/x86/kvm/x86.c:9797 (kvm_x86_vendor_init) in 6.12.107"),
      StageForm(
        VersionRange("6.13"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kvm_mmu_vendor_module_init", in: "kvm"), Marker("kvm_mmu_reset_all_pte_masks", in: "kvm", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["[free_percpu]", "kmem_cache_destroy", "mutex_unlock"]),
        note: "Without the shrinker and its counter.",
        source: "arch/x86/kvm/x86.c:7069 (kvm_x86_vendor_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the caches of the MMU.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let mmuPteMasks: Stage = Stage(
    "mmu_pte_masks", section: "5.1.6", title: "Shadow PTE masks",
    summary: "Sets which bits of a shadow page-table entry mean present, accessed, dirty, or memory-mapped I/O. First a step of its own; "
      + "later part of the MMU init.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.13"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_set_mask_ptes", in: "kvm")],
        visibility: .call, presence: .required,
        note: "Gone in 5.14; the source of 5.13 was not read. On Intel the hardware setup calls it, too.",
        source: "arch/x86/kvm/x86.c:8083 (kvm_arch_init) in 5.12.9"),
      StageForm(
        VersionRange("5.13", "6.3"), parents: ["kvm_mmu_vendor_module_init", "kvm_mmu_module_init"],
        markers: [Marker("kvm_mmu_reset_all_pte_masks", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:9357 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_mmu_vendor_module_init"],
        markers: [Marker("kvm_mmu_reset_all_pte_masks", in: "kvm"), Marker("kvm_mmu_set_mmio_spte_mask", in: "kvm", .child)],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:7069 (kvm_x86_vendor_init) in 7.3.4"),
    ])
}
