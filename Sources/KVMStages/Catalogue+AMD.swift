// The AMD side of section 5.3.1.

extension Catalogue {
  static let svmIopmAlloc: Stage = Stage(
    "svm_iopm_alloc", section: nil, title: "SVM IO permission map / MSR permission map",
    summary: "SVM IO permission map / MSR permission map",
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
        source: "arch/x86/kvm/svm/svm.c:5711 (svm_hardware_setup) in 7.3.4"),
    ])

  static let sevSetup: Stage = Stage(
    "sev_setup", section: nil, title: "SEV / SEV-ES / SEV-SNP setup",
    summary: "SEV / SEV-ES / SEV-SNP setup",
    vendors: [.amd],
    forms: [
      StageForm(
        VersionRange("4.19"), parents: ["svm_hardware_setup"],
        markers: [Marker("sev_hardware_setup", in: "kvm_amd"), Marker("sev_platform_init", in: "ccp", .child)],
        visibility: .call, presence: .conditional("CONFIG_KVM_AMD_SEV; up to 5.10 also kvm_amd.sev=1 and a CPU with SEV"),
        failure: FailureFacts(logs: ["kvm_amd: SEV enabled (ASIDs %u - %u) (or unusable, or disabled)"]),
        source: "arch/x86/kvm/svm/svm.c:5721 (svm_hardware_setup) in 7.3.4")
    ])

  static let svmCpuData: Stage = Stage(
    "svm_cpu_data", section: nil, title: "Per-CPU SVM save areas",
    summary: "Per-CPU SVM save areas",
    vendors: [.amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.18"), parents: ["svm_hardware_setup"],
        markers: [
          Marker("sev_cpu_init", in: "kvm_amd", .proxy), Marker("snp_safe_alloc_page_node", in: "kvm", .proxy),
          Marker("kmem_cache_alloc_trace", .proxy), Marker("alloc_pages", .proxy),
        ],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["[svm_hardware_teardown]", "[svm_hardware_unsetup]"]),
        source: "arch/x86/kvm/svm/svm.c:5406 (svm_hardware_setup) in 6.17.0"),
      StageForm(
        VersionRange("6.18"), parents: ["svm_hardware_setup"],
        markers: [Marker("sev_cpu_init", in: "kvm_amd", .proxy), Marker("snp_safe_alloc_page_node", in: "kvm", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-ENOMEM"], unwind: ["svm_hardware_unsetup"]),
        source: "arch/x86/kvm/svm/svm.c:5772 (svm_hardware_setup) in 7.3.4"),
    ])

  static let avicSetup: Stage = Stage(
    "avic_setup", section: nil, title: "AVIC setup",
    summary: "AVIC setup",
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
