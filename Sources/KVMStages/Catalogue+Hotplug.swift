// Sections 5.5, 5.6, 5.10: callbacks for CPUs, suspend, reboot and the scheduler.

extension Catalogue {
  static let cpuhpRegister: Stage = Stage(
    "cpuhp_register", section: "5.5", title: "CPU hotplug callbacks",
    summary: "CPU hotplug callbacks",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY (state already has callbacks)"],
          unwind: ["kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit"]),
        source: "virt/kvm/kvm_main.c:5963 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-EBUSY"]),
        source: "virt/kvm/kvm_main.c:6465 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12"), parents: ["kvm_enable_virtualization"],
        markers: [
          Marker("__cpuhp_setup_state", .proxy), Marker("cpuhp_issue_call", .child), Marker("kvm_online_cpu", in: "kvm", .remote),
        ],
        visibility: .proxy, presence: .conditional("kvm.enable_virt_at_load=1 (the default), or TDX is brought up"),
        failure: FailureFacts(
          returns: ["-EIO (from kvm_online_cpu)", "-EBUSY"],
          logs: ["kvm: enabling virtualization on CPU%d failed"],
          unwind: ["[kvm_offline_cpu]", "kvm_arch_disable_virtualization"]),
        source: "virt/kvm/kvm_main.c:5755 (kvm_enable_virtualization) in 7.3.4"),
    ])

  static let hardwareEnableCpu: Stage = Stage(
    "hardware_enable_cpu", section: nil, title: "Enable virtualization on one CPU (VMXON / EFER.SVME)",
    summary: "Enable virtualization on one CPU (VMXON / EFER.SVME)",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_starting_cpu", "on_each_cpu_cond_mask"],
        markers: [
          Marker("hardware_enable_nolock", in: "kvm", .remote), Marker("kvm_arch_hardware_enable", in: "kvm", .remote),
          Marker("hardware_enable", in: "kvm_intel", .remote), Marker("vmx_hardware_enable", in: "kvm_intel", .remote),
          Marker("svm_hardware_enable", in: "kvm_amd", .remote),
        ],
        visibility: .otherCPUs,
        presence: .conditional("not at module load: when the first VM is created, a CPU comes online, or the machine resumes"),
        failure: FailureFacts(
          returns: ["-EBUSY (CR4.VMXE / EFER.SVME already set)", "-EFAULT (VMXON fault, eVMCS assist page missing)", "-EINVAL (AMD)"],
          logs: [
            "kvm: enabling virtualization on CPU%d failed",
            "VMXON faulted, MSR_IA32_FEAT_CTL (0x3a) = 0x%llx (5.7+, a WARNING)",
            "svm_hardware_enable: err EOPNOTSUPP on %d",
          ]),
        source: "virt/kvm/kvm_main.c:5128 (kvm_starting_cpu) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["cpuhp_invoke_callback", "on_each_cpu_cond_mask"],
        markers: [
          Marker("kvm_online_cpu", in: "kvm", .remote), Marker("kvm_arch_hardware_enable", in: "kvm", .remote),
          Marker("vmx_hardware_enable", in: "kvm_intel", .remote), Marker("svm_hardware_enable", in: "kvm_amd", .remote),
        ],
        visibility: .otherCPUs,
        presence: .conditional("not at module load: when the first VM is created, a CPU comes online, or the machine resumes"),
        failure: FailureFacts(returns: ["-EIO"], logs: ["kvm: enabling virtualization on CPU%d failed"]),
        source: "virt/kvm/kvm_main.c:5613 (kvm_online_cpu) in 6.11.11"),
      StageForm(
        VersionRange("6.12", "7.1"), parents: ["cpuhp_invoke_callback"],
        markers: [
          Marker("kvm_online_cpu", in: "kvm", .remote), Marker("kvm_arch_enable_virtualization_cpu", in: "kvm", .remote),
          Marker("vmx_enable_virtualization_cpu", in: "kvm_intel", .remote),
          Marker("svm_enable_virtualization_cpu", in: "kvm_amd", .remote),
        ],
        visibility: .otherCPUs, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        failure: FailureFacts(
          returns: ["-EIO"],
          logs: ["kvm: enabling virtualization on CPU%d failed", "VMXON faulted, MSR_IA32_FEAT_CTL (0x3a) = 0x%llx (a WARNING)"]),
        source: "virt/kvm/kvm_main.c:5620 (kvm_online_cpu) in 7.0.0"),
      StageForm(
        VersionRange("7.1"), parents: ["cpuhp_invoke_callback"],
        markers: [
          Marker("kvm_online_cpu", in: "kvm", .remote), Marker("kvm_arch_enable_virtualization_cpu", in: "kvm", .remote),
          Marker("vmx_enable_virtualization_cpu", in: "kvm_intel", .remote),
          Marker("svm_enable_virtualization_cpu", in: "kvm_amd", .remote), Marker("x86_virt_get_ref", .remote),
        ],
        visibility: .otherCPUs, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        failure: FailureFacts(
          returns: [
            "-EIO",
            "-EOPNOTSUPP (x86_virt_get_ref)",
            "-EBUSY (x86_virt_get_ref: VMX or SVM is in use)",
            "-EFAULT (x86_virt_get_ref: VMXON fault)",
          ],
          logs: ["kvm: enabling virtualization on CPU%d failed"]),
        source: "virt/kvm/kvm_main.c:5674 (kvm_online_cpu) in 7.3.4"),
    ])

  static let rebootNotifier: Stage = Stage(
    "reboot_notifier", section: "5.6", title: "Reboot notifier",
    summary: "Reboot notifier",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.4"), parents: ["kvm_init"],
        markers: [Marker("register_reboot_notifier")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:5973 (kvm_init) in 6.3.8")
    ])

  static let syscoreOps: Stage = Stage(
    "syscore_ops", section: "5.10", title: "syscore suspend/resume(/shutdown) ops",
    summary: "syscore suspend/resume(/shutdown) ops",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.12"), parents: ["kvm_init"],
        markers: [Marker("register_syscore_ops")],
        visibility: .call, presence: .required,
        source: "virt/kvm/kvm_main.c:6470 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12", "6.19"), parents: ["kvm_enable_virtualization"],
        markers: [Marker("register_syscore_ops")],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        source: "virt/kvm/kvm_main.c:5697 (kvm_enable_virtualization) in 6.18.2"),
      StageForm(
        VersionRange("6.19"), parents: ["kvm_enable_virtualization"],
        markers: [Marker("register_syscore")],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        source: "virt/kvm/kvm_main.c:5760 (kvm_enable_virtualization) in 7.3.4"),
    ])

  static let preemptOps: Stage = Stage(
    "preempt_ops", section: "5.10", title: "Scheduler preempt ops",
    summary: "Scheduler preempt ops",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19"), parents: ["kvm_init"],
        markers: [],
        visibility: .none, presence: .conditional("plain stores: no call shows them"),
        source: "virt/kvm/kvm_main.c:6578 (kvm_init) in 7.3.4")
    ])
}
