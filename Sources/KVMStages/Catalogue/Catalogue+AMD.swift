// The AMD side of section 5.3.1.

extension Catalogue {
  static let svmIopmAlloc: Stage = Stage(
    "svm_iopm_alloc", section: nil, title: "SVM permission maps",
    summary: "Allocates the bitmap that says which I/O ports a guest may touch, and computes the offsets of the MSR bitmap.",
    vendors: [.amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.17"), parents: ["svm_hardware_setup"],
        markers: [
          Marker("alloc_pages_current", .proxy), Marker("alloc_pages", .proxy), Marker("alloc_pages_noprof", .proxy),
          Marker("svm_msrpm_offset", in: "kvm_amd", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"]),
        source: "arch/x86/kvm/svm/svm.c:5312 (svm_hardware_setup) in 6.14.0"),
      StageForm(
        VersionRange("6.17"), parents: ["svm_hardware_setup"],
        markers: [
          Marker("svm_alloc_permissions_map", in: "kvm_amd"), Marker("nested_svm_init_msrpm_merge_offsets", in: "kvm_amd", .proxy),
        ],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM", "-EIO (nested merge offsets)"]),
        note: "nested_svm_init_msrpm_merge_offsets runs only with kvm_amd.nested=1.",
        source: "arch/x86/kvm/svm/svm.c:5711 (svm_hardware_setup) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the permission maps: it takes contiguous pages.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"]),
      Cause(
        "The nested MSR permission map could not be computed (6.17 and later).",
        remedy: "Load kvm_amd with nested=0, and report it to the kernel developers.",
        errnos: ["EIO"]),
    ])

  static let sevSetup: Stage = Stage(
    "sev_setup", section: nil, title: "SEV setup",
    summary: "Finds out whether guests with encrypted memory (SEV, SEV-ES, SEV-SNP) are possible. Since 6.12 it starts the firmware of "
      + "the secure processor, which can take seconds. It never fails the load.",
    vendors: [.amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.11"), parents: ["svm_hardware_setup"],
        markers: [Marker("sev_hardware_setup", in: "kvm_amd"), Marker("sev_platform_init", in: "ccp", .child)],
        visibility: .call, presence: .conditional("CONFIG_KVM_AMD_SEV, kvm_amd.sev=1 and a CPU with SEV"),
        failure: FailureFacts(logs: ["kvm_amd: SEV enabled (ASIDs %u - %u) (or unusable, or disabled)"]),
        note: "Kernels for cloud guests are often built without it.",
        source: "arch/x86/kvm/svm/svm.c:964 (svm_hardware_setup) in 5.10.262"),
      StageForm(
        VersionRange("5.11"), parents: ["svm_hardware_setup"],
        markers: [Marker("sev_hardware_setup", in: "kvm_amd"), Marker("sev_platform_init", in: "ccp", .child)],
        visibility: .call, presence: .conditional("CONFIG_KVM_AMD_SEV"),
        failure: FailureFacts(logs: ["kvm_amd: SEV enabled (ASIDs %u - %u) (or unusable, or disabled)"]),
        note: "Kernels for cloud guests are often built without it.",
        source: "arch/x86/kvm/svm/svm.c:5721 (svm_hardware_setup) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The firmware of the secure processor starts slowly. Nothing fails.",
        remedy: "Load ccp early, update the SEV firmware, or load kvm_amd with sev=0.")
    ])

  static let svmCpuData: Stage = Stage(
    "svm_cpu_data", section: nil, title: "Per-CPU SVM areas",
    summary: "Allocates for each possible CPU the page into which SVM saves the host state.",
    vendors: [.amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.18"), parents: ["svm_hardware_setup"],
        markers: [
          Marker("sev_cpu_init", in: "kvm_amd", .proxy), Marker("snp_safe_alloc_page_node", in: "kvm_amd", .proxy),
          Marker("kmem_cache_alloc_trace", .proxy), Marker("alloc_pages", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["[svm_hardware_teardown]", "[svm_hardware_unsetup]"]),
        note: "One pair of calls per possible CPU. In 6.1 the first alloc_pages belongs to the permission maps.",
        source: "arch/x86/kvm/svm/svm.c:5406 (svm_hardware_setup) in 6.17.0"),
      StageForm(
        VersionRange("6.18"), parents: ["svm_hardware_setup"],
        markers: [Marker("sev_cpu_init", in: "kvm_amd", .proxy), Marker("snp_safe_alloc_page_node", in: "kvm_amd", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["svm_hardware_unsetup"]),
        note: "The last step of the hardware setup.",
        source: "arch/x86/kvm/svm/svm.c:5772 (svm_hardware_setup) in 7.3.4"),
    ],
    causes: [
      Cause(
        "No memory for the save area of a CPU.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let avicSetup: Stage = Stage(
    "avic_setup", section: nil, title: "AVIC setup",
    summary: "Enables the hardware interrupt controller for guests (AVIC, x2AVIC) and asks the IOMMU to report interrupts for vCPUs that "
      + "do not run.",
    vendors: [.amd],
    forms: [
      StageForm(
        VersionRange("6.0"), parents: ["svm_hardware_setup"],
        markers: [Marker("avic_hardware_setup", in: "kvm_amd"), Marker("amd_iommu_register_ga_log_notifier", .child)],
        visibility: .call, presence: .conditional("kvm_amd.avic=1; since 6.18 always called"),
        failure: FailureFacts(
          logs: ["kvm_amd: AVIC enabled", "kvm_amd: x2AVIC enabled", "Cannot support x2AVIC due to AVIC is disabled"]),
        source: "arch/x86/kvm/svm/svm.c:5725 (svm_hardware_setup) in 7.3.4")
    ])
}
