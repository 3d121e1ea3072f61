// Section 5.1: what x86 prepares once.

extension Catalogue {
  static let fpuCache: Stage = Stage(
    "fpu_cache", section: "5.1.2", title: "kmem_cache x86_fpu",
    summary: "kmem_cache x86_fpu",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.4", "5.17"), parents: ["kvm_arch_init"],
        markers: [Marker("kmem_cache_create", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], logs: ["kvm: failed to allocate cache for x86 fpu"]),
        source: "arch/x86/kvm/x86.c:8690 (kvm_arch_init) in 5.15.100")
    ])

  static let emulatorCache: Stage = Stage(
    "emulator_cache", section: nil, title: "kmem_cache x86_emulator",
    summary: "kmem_cache x86_emulator",
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
    ])

  static let userReturnMsrs: Stage = Stage(
    "user_return_msrs", section: "5.1.3", title: "per-CPU user-return (shared) MSRs",
    summary: "per-CPU user-return (shared) MSRs",
    vendors: [.intel, .amd],
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
    ])

  static let mmuVendorInit: Stage = Stage(
    "mmu_vendor_init", section: "5.1.4", title: "MMU module/vendor init",
    summary: "MMU module/vendor init",
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
        source: "arch/x86/kvm/x86.c:9797 (kvm_x86_vendor_init) in 6.12.107"),
      StageForm(
        VersionRange("6.13"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kvm_mmu_vendor_module_init", in: "kvm"), Marker("kvm_mmu_reset_all_pte_masks", in: "kvm", .child)],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["[free_percpu]", "kmem_cache_destroy", "mutex_unlock"]),
        source: "arch/x86/kvm/x86.c:7069 (kvm_x86_vendor_init) in 7.3.4"),
    ])

  static let mmuPteMasks: Stage = Stage(
    "mmu_pte_masks", section: "5.1.6", title: "Shadow PTE masks (kvm_mmu_set_mask_ptes)",
    summary: "Shadow PTE masks (kvm_mmu_set_mask_ptes)",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.13"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_mmu_set_mask_ptes", in: "kvm")],
        visibility: .call, presence: .required,
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
