// The riscv side of section 5.1.

extension Catalogue {
  static let riscvExtCheck: Stage = Stage(
    "riscv_ext_check", section: nil, title: "riscv: H extension / SBI checks",
    summary: "riscv: H extension / SBI checks",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("5.16", "6.3"), parents: ["kvm_arch_init"],
        markers: [Marker("sbi_probe_extension", .proxy)],
        visibility: .proxy, presence: .conditional("inline checks: not every kernel makes a call in them"),
        failure: FailureFacts(
          returns: ["-ENODEV"],
          logs: [
            "kvm [1]: hypervisor extension not available",
            "kvm [1]: require SBI v0.2 or higher",
            "kvm [1]: require SBI RFENCE extension",
          ]),
        source: "arch/riscv/kvm/main.c:77 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["riscv_kvm_init"],
        markers: [Marker("sbi_probe_extension", .proxy)],
        visibility: .proxy, presence: .conditional("inline checks: not every kernel makes a call in them"),
        failure: FailureFacts(
          returns: ["-ENODEV"],
          logs: [
            "kvm [1]: hypervisor extension not available",
            "kvm [1]: require SBI v0.2 or higher",
            "kvm [1]: require SBI RFENCE extension",
          ]),
        source: "arch/riscv/kvm/main.c:144 (riscv_kvm_init) in 7.3.4"),
    ])

  static let riscvNacl: Stage = Stage(
    "riscv_nacl", section: nil, title: "riscv: SBI nested acceleration",
    summary: "riscv: SBI nested acceleration",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("6.13"), parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_riscv_nacl_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV: tolerated", "-ENOMEM"], unwind: ["kvm_riscv_nacl_exit"]),
        source: "arch/riscv/kvm/main.c:159 (riscv_kvm_init) in 7.3.4")
    ])

  static let riscvGstage: Stage = Stage(
    "riscv_gstage", section: nil, title: "riscv: G-stage mode and VMID detection",
    summary: "riscv: G-stage mode and VMID detection",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("5.16", "6.3"), parents: ["kvm_arch_init"],
        markers: [
          Marker("kvm_riscv_stage2_mode_detect", in: "kvm"), Marker("kvm_riscv_gstage_mode_detect", in: "kvm"),
          Marker("kvm_riscv_gstage_vmid_detect", in: "kvm"),
        ],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-ENODEV (unknown mode)"],
          logs: ["kvm [1]: using %s G-stage page table format (for information)"]),
        source: "arch/riscv/kvm/main.c:92 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_riscv_gstage_mode_detect", in: "kvm"), Marker("kvm_riscv_gstage_vmid_detect", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(
          returns: ["-ENODEV (unknown mode)"],
          logs: ["kvm [1]: using %s G-stage page table format (for information)"],
          unwind: ["[kvm_riscv_nacl_exit]"]),
        source: "arch/riscv/kvm/main.c:163 (riscv_kvm_init) in 7.3.4"),
    ])

  static let riscvAia: Stage = Stage(
    "riscv_aia", section: nil, title: "riscv: AIA init",
    summary: "riscv: AIA init",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("6.4"), parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_riscv_aia_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV: tolerated", "-EEXIST", "-ENOMEM"], unwind: ["[kvm_riscv_nacl_exit]"]),
        source: "arch/riscv/kvm/main.c:184 (riscv_kvm_init) in 7.3.4")
    ])

  static let riscvPm: Stage = Stage(
    "riscv_pm", section: nil, title: "riscv: vector init and CPU PM notifier",
    summary: "riscv: vector init and CPU PM notifier",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("7.3"), parents: ["riscv_kvm_init"],
        markers: [Marker("cpu_pm_register_notifier")],
        visibility: .call, presence: .conditional("CONFIG_CPU_PM"),
        failure: FailureFacts(
          logs: ["kvm [1]: Failed to register CPU PM notifier: %d"],
          unwind: ["kvm_riscv_aia_exit", "kvm_riscv_nacl_exit", "kvm_unregister_perf_callbacks"]),
        source: "arch/riscv/kvm/main.c:235 (riscv_kvm_init) in 7.3.4")
    ])
}
