// The riscv side of section 5.1.

extension Catalogue {
  static let riscvExtCheck: Stage = Stage(
    "riscv_ext_check", section: nil, title: "Hypervisor extension and SBI",
    summary: "Checks that the CPU has the H extension and that the firmware offers SBI 0.2 with remote fences.",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("5.16", "6.3"), parents: ["kvm_arch_init"],
        markers: [],
        visibility: .none, presence: .conditional("the callee, in arch/riscv/kernel/sbi.c, is built without function tracing"),
        failure: FailureFacts(
          returns: ["-ENODEV"],
          logs: [
            "kvm [1]: hypervisor extension not available",
            "kvm [1]: require SBI v0.2 or higher",
            "kvm [1]: require SBI RFENCE extension",
          ]),
        note: "Its calls are in arch/riscv/kernel/sbi.c, which is built without function tracing: when it fails, printing its line is the "
          + "only call.",
        source: "arch/riscv/kvm/main.c:77 (kvm_arch_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3"), parents: ["riscv_kvm_init"],
        markers: [],
        visibility: .none, presence: .conditional("the callee, in arch/riscv/kernel/sbi.c, is built without function tracing"),
        failure: FailureFacts(
          returns: ["-ENODEV"],
          logs: [
            "kvm [1]: hypervisor extension not available",
            "kvm [1]: require SBI v0.2 or higher",
            "kvm [1]: require SBI RFENCE extension",
          ]),
        note: "Its calls are in arch/riscv/kernel/sbi.c, which is built without function tracing: when it fails, printing its line is the "
          + "only call.",
        source: "arch/riscv/kvm/main.c:144 (riscv_kvm_init) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The CPU has no hypervisor extension.",
        remedy: "Use a CPU with the H extension; in QEMU: -cpu rv64,h=true.",
        errnos: ["ENODEV"], logPieces: ["hypervisor extension not available"]),
      Cause(
        "The firmware is too old.",
        remedy: "Update OpenSBI.",
        errnos: ["ENODEV"], logPieces: ["require SBI v0.2 or higher", "require SBI RFENCE extension"]),
    ])

  static let riscvNacl: Stage = Stage(
    "riscv_nacl", section: nil, title: "SBI nested acceleration",
    summary: "Uses shared memory to talk to an outer hypervisor, where there is one that offers it.",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("6.13"), parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_riscv_nacl_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV: tolerated", "-ENOMEM"], unwind: ["kvm_riscv_nacl_exit"]),
        source: "arch/riscv/kvm/main.c:159 (riscv_kvm_init) in 7.3.4")
    ],
    causes: [
      Cause(
        "No memory for the shared memory.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let riscvGstage: Stage = Stage(
    "riscv_gstage", section: nil, title: "Guest page-table mode and VMIDs",
    summary: "Finds the widest guest page-table format and the number of bits for VM identifiers.",
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
        note: "Named stage2 in 5.16 and 5.17.",
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
    ],
    causes: [
      Cause(
        "The guest page-table mode is not known to this kernel.",
        remedy: "Use a newer kernel.",
        errnos: ["ENODEV"])
    ])

  static let riscvAia: Stage = Stage(
    "riscv_aia", section: nil, title: "Advanced interrupt architecture",
    summary: "Sets up interrupt files for guests, where the hardware has them.",
    vendors: [.riscv],
    forms: [
      StageForm(
        VersionRange("6.4"), parents: ["riscv_kvm_init"],
        markers: [Marker("kvm_riscv_aia_init", in: "kvm")],
        visibility: .call, presence: .required,
        failure: FailureFacts(returns: ["-ENODEV: tolerated", "-EEXIST", "-ENOMEM"], unwind: ["[kvm_riscv_nacl_exit]"]),
        source: "arch/riscv/kvm/main.c:184 (riscv_kvm_init) in 7.3.4")
    ],
    causes: [
      Cause(
        "No memory for the interrupt files.",
        remedy: "Free memory and load the module again; look for allocation failures in the kernel log (dmesg | grep -i \"page "
          + "allocation failure\").",
        errnos: ["ENOMEM"])
    ])

  static let riscvPm: Stage = Stage(
    "riscv_pm", section: nil, title: "Power-management notifier",
    summary: "Prepares vector state and asks to be told when a CPU loses its state in a sleep.",
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
    ],
    causes: [
      Cause(
        "The notifier could not be registered.",
        remedy: "Look at dmesg; free memory.",
        logPieces: ["Failed to register CPU PM notifier"])
    ])
}
