// Section 5.1, second part: operations, clocks, interrupt defaults.

extension Catalogue {
  static let setKvmX86Ops: Stage = Stage(
    "set_kvm_x86_ops", section: "5.1.5", title: "Install the vendor operations",
    summary: "Copies the table of Intel or AMD functions that common x86 code calls from now on. Since 5.12 it also rewrites the call "
      + "sites themselves (static calls), which shows as more than a hundred small calls.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.7"), parents: ["kvm_arch_init"],
        markers: [],
        visibility: .none, presence: .conditional("plain stores: no call shows them"),
        source: "arch/x86/kvm/x86.c:7295 (kvm_arch_init) in 5.4.59"),
      StageForm(
        VersionRange("5.7", "5.12"), parents: ["kvm_arch_hardware_setup"],
        markers: [],
        visibility: .none, presence: .conditional("plain stores: no call shows them"),
        source: "arch/x86/kvm/x86.c:10296 (kvm_arch_hardware_setup) in 5.11.0"),
      StageForm(
        VersionRange("5.12", "6.3"), parents: ["kvm_arch_hardware_setup"],
        markers: [Marker("__static_call_update", .proxy, atLeast: 20), Marker("kvm_pmu_ops_update", in: "kvm", .proxy)],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/x86.c:12024 (kvm_arch_hardware_setup) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__static_call_update", .proxy, atLeast: 20), Marker("kvm_pmu_ops_update", in: "kvm", .proxy)],
        visibility: .proxy, presence: .required,
        note: "130 direct calls in 6.17, 145 in 7.2; kvm_pmu_ops_update comes after them.",
        source: "arch/x86/kvm/x86.c:7107 (kvm_x86_vendor_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The vendor module lacks an operation that this kernel requires: it was built from other sources.",
        remedy: "Use kvm.ko and the vendor module of one build.",
        logPieces: ["!kvm_x86_ops."])
    ])

  static let timerInit: Stage = Stage(
    "timer_init", section: "5.1.7", title: "Timer init",
    summary: "Watches CPUs whose clock rate can change, so that guest clocks stay right. Since 6.2 a CPU with a constant TSC skips it "
      + "without a trace.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy)],
        visibility: .proxy, presence: .required, failure: FailureFacts(isIgnored: true),
        source: "arch/x86/kvm/x86.c:9271 (kvm_timer_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy)],
        visibility: .proxy, presence: .required, failure: FailureFacts(isIgnored: true),
        source: "arch/x86/kvm/x86.c:9379 (kvm_timer_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy)],
        visibility: .proxy, presence: .conditional("the CPU lacks a constant TSC"),
        failure: FailureFacts(isIgnored: true),
        source: "arch/x86/kvm/x86.c:9232 (kvm_timer_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy), Marker("cpufreq_cpu_get", .proxy)],
        visibility: .proxy, presence: .conditional("the CPU lacks a constant TSC"),
        failure: FailureFacts(isIgnored: true),
        source: "arch/x86/kvm/x86.c:6846 (kvm_timer_init) in 7.3.4"),
    ])

  static let lapicInit: Stage = Stage(
    "lapic_init", section: "5.1.8", title: "Local APIC init",
    summary: "Set up switches that make the common case of an enabled local APIC fast.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.12"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_lapic_init", in: "kvm")],
        visibility: .call, presence: .required,
        note: "kvm_lapic_exit still exists in later kernels.",
        source: "arch/x86/kvm/x86.c:7947 (kvm_arch_init) in 5.11.0")
    ])

  static let piInjectTimer: Stage = Stage(
    "pi_inject_timer", section: nil, title: "Default for timer injection",
    summary: "Decides whether timer interrupts of a guest are posted from a housekeeping CPU, which isolated CPUs want. A plain "
      + "assignment around one visible call.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("5.4", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("housekeeping_enabled", .proxy)],
        visibility: .proxy, presence: .conditional("kvm.pi_inject_timer is left at its default"),
        source: "arch/x86/kvm/x86.c:9407 (kvm_arch_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("housekeeping_enabled", .proxy)],
        visibility: .proxy, presence: .conditional("kvm.pi_inject_timer is left at its default"),
        source: "arch/x86/kvm/x86.c:9524 (kvm_x86_vendor_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("housekeeping_enabled", .proxy)],
        visibility: .proxy, presence: .conditional("kvm.pi_inject_timer is left at its default"),
        source: "arch/x86/kvm/x86.c:9369 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("housekeeping_enabled", .proxy)],
        visibility: .proxy, presence: .conditional("kvm.pi_inject_timer is left at its default"),
        source: "arch/x86/kvm/x86.c:7123 (kvm_x86_vendor_init) in 7.3.4"),
    ])

  static let pvclockNotifier: Stage = Stage(
    "pvclock_notifier", section: nil, title: "Clock notifier",
    summary: "Asks the timekeeping core to tell KVM when the host clock changes, so that the paravirtual clock of guests follows.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("pvclock_gtod_register_notifier")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:9409 (kvm_arch_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("pvclock_gtod_register_notifier")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:9526 (kvm_x86_vendor_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("pvclock_gtod_register_notifier")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:9371 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("pvclock_gtod_register_notifier")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:7125 (kvm_x86_vendor_init) in 7.3.4"),
    ])

  static let perfCallbacks: Stage = Stage(
    "perf_callbacks", section: nil, title: "perf callbacks",
    summary: "Tells perf how to ask whether a sample was taken inside a guest.",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.15"), parents: ["kvm_arch_init"],
        markers: [],
        visibility: .none, presence: .conditional("the callee, in kernel/events/core.c, is built without function tracing"),
        note: "Its callee is in kernel/events/core.c, which is built without function tracing.",
        source: "arch/x86/kvm/x86.c:8430 (kvm_arch_init) in 5.14-rc5"),
      StageForm(
        VersionRange("5.15", "5.17"), parents: ["kvm_arch_hardware_setup"],
        markers: [],
        visibility: .none, presence: .conditional("the callee, in kernel/events/core.c, is built without function tracing"),
        note: "Its callee is in kernel/events/core.c, which is built without function tracing. The source of 5.16 was not read.",
        source: "arch/x86/kvm/x86.c:11406 (kvm_arch_hardware_setup) in 5.15.100"),
      StageForm(
        VersionRange("5.17", "6.3"), parents: ["kvm_arch_hardware_setup"],
        markers: [Marker("kvm_register_perf_callbacks", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:12026 (kvm_arch_hardware_setup) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "7.0"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("kvm_register_perf_callbacks", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:10136 (kvm_x86_vendor_init) in 6.19.0"),
      StageForm(
        VersionRange("7.0"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__kvm_register_perf_callbacks", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:7131 (kvm_x86_vendor_init) in 7.3.4"),
    ])
}
