// Section 5.1, second part: operations, clocks, interrupt defaults.

extension Catalogue {
  static let setKvmX86Ops: Stage = Stage(
    "set_kvm_x86_ops", section: "5.1.5", title: "Set the global kvm_x86_ops",
    summary: "Set the global kvm_x86_ops",
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
        source: "arch/x86/kvm/x86.c:7107 (kvm_x86_vendor_init) in 7.3.4"),
    ])

  static let timerInit: Stage = Stage(
    "timer_init", section: "5.1.7", title: "Timer init (kvm_timer_init)",
    summary: "Timer init (kvm_timer_init)",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "6.1.20"), parents: ["kvm_arch_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy)],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/x86.c:9271 (kvm_timer_init) in 6.1.10"),
      StageForm(
        VersionRange("6.1.20", "6.2"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy)],
        visibility: .proxy, presence: .required,
        source: "arch/x86/kvm/x86.c:9379 (kvm_timer_init) in 6.1.192"),
      StageForm(
        VersionRange("6.2", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy)],
        visibility: .proxy, presence: .conditional("the CPU lacks a constant TSC"),
        source: "arch/x86/kvm/x86.c:9232 (kvm_timer_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["kvm_x86_vendor_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy), Marker("cpufreq_register_notifier", .proxy), Marker("cpufreq_cpu_get", .proxy)],
        visibility: .proxy, presence: .conditional("the CPU lacks a constant TSC"),
        source: "arch/x86/kvm/x86.c:6846 (kvm_timer_init) in 7.3.4"),
    ])

  static let lapicInit: Stage = Stage(
    "lapic_init", section: "5.1.8", title: "LAPIC init (kvm_lapic_init)",
    summary: "LAPIC init (kvm_lapic_init)",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.12"), parents: ["kvm_arch_init"],
        markers: [Marker("kvm_lapic_init", in: "kvm")],
        visibility: .call, presence: .required,
        source: "arch/x86/kvm/x86.c:7947 (kvm_arch_init) in 5.11.0")
    ])

  static let piInjectTimer: Stage = Stage(
    "pi_inject_timer", section: nil, title: "Default of the pi_inject_timer parameter",
    summary: "Default of the pi_inject_timer parameter",
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
    "pvclock_notifier", section: nil, title: "pvclock GTOD notifier",
    summary: "pvclock GTOD notifier",
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
    "perf_callbacks", section: nil, title: "perf guest-info callbacks",
    summary: "perf guest-info callbacks",
    vendors: [.intel, .amd],
    forms: [
      StageForm(
        VersionRange("4.19", "5.15"), parents: ["kvm_arch_init"],
        markers: [Marker("perf_register_guest_info_callbacks", .proxy)],
        visibility: .proxy, presence: .conditional("the perf core is built with ftrace"),
        source: "arch/x86/kvm/x86.c:8430 (kvm_arch_init) in 5.14-rc5"),
      StageForm(
        VersionRange("5.15", "5.17"), parents: ["kvm_arch_hardware_setup"],
        markers: [Marker("perf_register_guest_info_callbacks", .proxy)],
        visibility: .proxy, presence: .conditional("the perf core is built with ftrace"),
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
