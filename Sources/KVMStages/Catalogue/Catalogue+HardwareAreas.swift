// Section 5.3.1, memory and interrupts, and 5.3.2.

extension Catalogue {
  static let postedIntrWakeup: Stage = Stage(
    "posted_intr_wakeup", section: "5.3.1.3", title: "Posted-interrupt wakeup handler",
    summary: "Registers the function that wakes a sleeping vCPU when a device posts an interrupt for it.",
    vendors: [.intel],
    forms: [
      StageForm(
        VersionRange("4.19", "6.11"), parents: ["hardware_setup"],
        markers: [Marker("kvm_set_posted_intr_wakeup_handler")],
        visibility: .call, presence: .required,
        note: "Since 5.15, and 5.10.80, it runs after the VMXON regions are allocated, even when that failed.",
        source: "arch/x86/kvm/vmx/vmx.c:8605 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11"), parents: ["vmx_hardware_setup"],
        markers: [Marker("kvm_set_posted_intr_wakeup_handler")],
        visibility: .call, presence: .required,
        note: "Since 7.1 the last step of the hardware setup.",
        source: "arch/x86/kvm/vmx/vmx.c:8814 (vmx_hardware_setup) in 7.3.4"),
    ])

  static let vmxonRegionAlloc: Stage = Stage(
    "vmxon_region_alloc", section: "5.3.1.4", title: "VMXON regions",
    summary: "Allocates one page per possible CPU, which the processor needs to enter VMX operation.",
    vendors: [.intel], successor: "done at boot, by core_virt_boot",
    forms: [
      StageForm(
        VersionRange("4.19", "6.11"), parents: ["hardware_setup"],
        markers: [Marker("alloc_vmcs_cpu", in: "kvm_intel", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: ["free_kvm_area", "[nested_vmx_hardware_unsetup]", "[kvm_set_posted_intr_wakeup_handler]"]),
        note: "One call per possible CPU.",
        source: "arch/x86/kvm/vmx/vmx.c:8601 (vmx_hardware_setup) in 6.10.0"),
      StageForm(
        VersionRange("6.11", "7.1"), parents: ["vmx_hardware_setup"],
        markers: [Marker("alloc_vmcs_cpu", in: "kvm_intel", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-ENOMEM"],
          unwind: ["free_kvm_area", "[nested_vmx_hardware_unsetup]", "[kvm_set_posted_intr_wakeup_handler]"]),
        note: "One call per possible CPU.",
        source: "arch/x86/kvm/vmx/vmx.c:8876 (vmx_hardware_setup) in 7.0.0"),
    ],
    causes: [
      Cause(
        "No memory for a VMXON region on one of the NUMA nodes: fewer calls than possible CPUs, then free_kvm_area.",
        remedy: "Free memory on that node, or boot with fewer possible CPUs (possible_cpus=N).",
        errnos: ["ENOMEM"])
    ])

  static let coreVirtBoot: Stage = Stage(
    "core_virt_boot", section: nil, title: "Core x86 virtualization init at boot",
    summary: "Since 7.1 the kernel proper, not KVM, allocates the VMXON regions while it boots. When that fails it clears the VMX "
      + "feature, and KVM later says that VMX is not fully enabled.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("7.1"), parents: ["identify_boot_cpu"],
        markers: [Marker("x86_virt_init")],
        visibility: .call, presence: .conditional("the trace covers the boot"),
        failure: FailureFacts(
          returns: ["-EOPNOTSUPP", "-EIO", "-ENOMEM"],
          logs: ["a WARNING when the VMCS is larger than 4 KiB or the allocation fails"]),
        note: "Long before a module can be loaded: a trace of a module load never holds it.",
        source: "arch/x86/virt/hw.c:366 (x86_virt_init) in 7.3.4")
    ],
    causes: [
      Cause(
        "The kernel could not prepare VMX at boot.",
        remedy: "Look for a WARNING with arch/x86/virt/hw.c early in dmesg; enable VMX in the firmware setup, and update the firmware.",
        errnos: ["EOPNOTSUPP", "EIO"], logPieces: ["VMX not fully enabled on CPU"], vendors: [.intel])
    ])

  static let msrList: Stage = Stage(
    "msr_list", section: "5.3.2", title: "MSR lists",
    summary: "Builds the lists of model-specific registers that user space may save and restore, leaving out those that this host does "
      + "not have.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.0"), parents: ["kvm_arch_hardware_setup"],
        markers: [
          Marker("vmx_has_emulated_msr", in: "kvm_intel", .proxy, atLeast: 20),
          Marker("svm_has_emulated_msr", in: "kvm_amd", .proxy, atLeast: 20), Marker("perf_get_x86_pmu_capability", .proxy),
          Marker("kvm_get_msr_feature", in: "kvm", .proxy),
        ],
        visibility: .proxy, presence: .required,
        note: "From 5.4 to 5.19 perf_get_x86_pmu_capability is its first call.",
        source: "arch/x86/kvm/x86.c:11747 (kvm_arch_hardware_setup) in 5.19.0"),
      StageForm(
        VersionRange("6.0", "6.3"), parents: ["kvm_arch_hardware_setup"],
        markers: [
          Marker("vmx_has_emulated_msr", in: "kvm_intel", .proxy, atLeast: 20),
          Marker("svm_has_emulated_msr", in: "kvm_amd", .proxy, atLeast: 20), Marker("svm_get_msr_feature", in: "kvm_amd", .proxy),
          Marker("vmx_get_msr_feature", in: "kvm_intel", .proxy),
        ],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/x86.c:12047 (kvm_arch_hardware_setup) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.4"), parents: ["kvm_x86_vendor_init"],
        markers: [
          Marker("vmx_has_emulated_msr", in: "kvm_intel", .proxy, atLeast: 20),
          Marker("svm_has_emulated_msr", in: "kvm_amd", .proxy, atLeast: 20),
        ],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/x86.c:9490 (__kvm_x86_vendor_init) in 6.3.8"),
      StageForm(
        VersionRange("6.4", "7.3"), parents: ["kvm_x86_vendor_init"],
        markers: [
          Marker("kvm_probe_msr_to_save", in: "kvm", .proxy, atLeast: 5),
          Marker("vmx_has_emulated_msr", in: "kvm_intel", .proxy, atLeast: 20),
          Marker("svm_has_emulated_msr", in: "kvm_amd", .proxy, atLeast: 20), Marker("kvm_get_feature_msr", in: "kvm", .proxy),
        ],
        visibility: .proxy, presence: .required,
        note: "The last step of kvm_x86_vendor_init.",
        source: "arch/x86/kvm/x86.c:9767 (kvm_x86_vendor_init) in 7.2.13"),
      StageForm(
        VersionRange("7.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kvm_init_msr_lists", in: "kvm"), Marker("kvm_probe_msr_to_save", in: "kvm", .child)],
        visibility: .call, presence: .required,
        note: "In a file of its own since 7.3, and no longer inlined.",
        source: "arch/x86/kvm/x86.c:7153 (kvm_x86_vendor_init) in 7.3.4"),
    ])
}
