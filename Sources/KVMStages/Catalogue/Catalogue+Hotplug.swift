// Sections 5.5, 5.6, 5.10: callbacks for CPUs, suspend, reboot and the scheduler.

extension Catalogue {
  static let cpuhpRegister: Stage = Stage(
    "cpuhp_register", section: "5.5", title: "CPU hotplug callbacks",
    summary: "Registers what to do when a CPU comes or goes. Up to 6.11 nothing is called yet; since 6.12 the registration calls the "
      + "callback on every CPU at once, which switches virtualization on.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.3"), parents: ["kvm_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(
          returns: ["-EBUSY (state already has callbacks)"],
          unwind: ["kvm_arch_hardware_unsetup", "[kfree]", "kvm_irqfd_exit", "kvm_arch_exit"]),
        note: "No callback is called while the module loads.",
        source: "virt/kvm/kvm_main.c:5963 (kvm_init) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["kvm_init"],
        markers: [Marker("__cpuhp_setup_state", .proxy)],
        visibility: .proxy, presence: .required,
        failure: FailureFacts(returns: ["-EBUSY"]),
        note: "The first call in kvm_init. No callback is called while the module loads.",
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
    ],
    causes: [
      Cause(
        "The hotplug state of KVM is taken: a second KVM is loaded, for example one built outside the kernel tree.",
        remedy: "Unload the other kvm module (lsmod | grep kvm; modinfo -n kvm).",
        errnos: ["EBUSY"]),
      Cause(
        "A CPU refused to enable virtualization (6.12 and later).",
        remedy: "Stop the other hypervisor and unload its module: lsmod | grep -E \"vboxdrv|vmmon|xen\", then modprobe -r vboxdrv "
          + "(VirtualBox) or vmmon (VMware). Or load KVM with kvm.enable_virt_at_load=0, which postpones the step to the first "
          + "guest.",
        errnos: ["EIO"], logPieces: ["enabling virtualization on CPU"], vendors: [.intel, .amd]),
    ])

  static let hardwareEnableCpu: Stage = Stage(
    "hardware_enable_cpu", section: nil, title: "Enable virtualization on one CPU",
    summary: "Enters VMX operation, or sets the SVM bit, on one CPU. Up to 6.11 it waits for the first guest; since 6.12 it is part of "
      + "the load and runs in the kernel thread cpuhp/N of each CPU.",
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
        presence: .conditional("the first VM is created, a CPU comes online, or the machine resumes: not at module load"),
        failure: FailureFacts(
          returns: ["-EBUSY (CR4.VMXE / EFER.SVME already set)", "-EFAULT (VMXON fault, eVMCS assist page missing)", "-EINVAL (AMD)"],
          logs: [
            "kvm: enabling virtualization on CPU%d failed",
            "VMXON faulted, MSR_IA32_FEAT_CTL (0x3a) = 0x%llx (5.7+, a WARNING)",
            "svm_hardware_enable: err EOPNOTSUPP on %d",
          ]),
        note: "kvm_starting_cpu returns 0 even when the CPU refuses.",
        source: "virt/kvm/kvm_main.c:5128 (kvm_starting_cpu) in 6.2.0"),
      StageForm(
        VersionRange("6.3", "6.12"), parents: ["cpuhp_invoke_callback", "on_each_cpu_cond_mask"],
        markers: [
          Marker("kvm_online_cpu", in: "kvm", .remote), Marker("kvm_arch_hardware_enable", in: "kvm", .remote),
          Marker("vmx_hardware_enable", in: "kvm_intel", .remote), Marker("svm_hardware_enable", in: "kvm_amd", .remote),
        ],
        visibility: .otherCPUs,
        presence: .conditional("the first VM is created, a CPU comes online, or the machine resumes: not at module load"),
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
    ],
    causes: [
      Cause(
        "The processor refused VMXON: the firmware did not set up its feature-control register.",
        remedy: "Update the firmware; after a suspend, switch the machine off and on.",
        errnos: ["EFAULT", "EIO"], logPieces: ["VMXON faulted"], vendors: [.intel]),
      Cause(
        "Another hypervisor, such as VirtualBox or VMware, uses VMX or SVM on this CPU.",
        remedy: "Stop the other hypervisor and unload its module: lsmod | grep -E \"vboxdrv|vmmon|xen\", then modprobe -r vboxdrv "
          + "(VirtualBox) or vmmon (VMware). Or load KVM with kvm.enable_virt_at_load=0, which postpones the step to the first "
          + "guest.",
        errnos: ["EBUSY", "EIO"], logPieces: ["enabling virtualization on CPU"], vendors: [.intel, .amd]),
    ])

  static let rebootNotifier: Stage = Stage(
    "reboot_notifier", section: "5.6", title: "Reboot notifier",
    summary: "Asked to be told of a reboot, so that virtualization is off before the firmware takes over.",
    vendors: [.intel, .amd, .arm64, .riscv], successor: "covered by the shutdown callback of syscore_ops",
    forms: [
      StageForm(
        VersionRange("4.19", "6.4"), parents: ["kvm_init"],
        markers: [Marker("register_reboot_notifier")],
        visibility: .call, presence: .required, failure: FailureFacts(isIgnored: true),
        source: "virt/kvm/kvm_main.c:5973 (kvm_init) in 6.3.8")
    ])

  static let syscoreOps: Stage = Stage(
    "syscore_ops", section: "5.10", title: "Suspend, resume and shutdown callbacks",
    summary: "Registers what KVM does when the machine sleeps, wakes or shuts down.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19", "6.12"), parents: ["kvm_init"],
        markers: [Marker("register_syscore_ops")],
        visibility: .call, presence: .required,
        note: "The error path of these kernels never unregisters it.",
        source: "virt/kvm/kvm_main.c:6470 (kvm_init) in 6.11.11"),
      StageForm(
        VersionRange("6.12", "6.19"), parents: ["kvm_enable_virtualization"],
        markers: [Marker("register_syscore_ops"), Marker("register_syscore")],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        note: "The stable 6.12 series took over register_syscore from 6.19: a recording of 6.12.117 calls it.",
        source: "virt/kvm/kvm_main.c:5697 (kvm_enable_virtualization) in 6.18.2"),
      StageForm(
        VersionRange("6.19"), parents: ["kvm_enable_virtualization"],
        markers: [Marker("register_syscore")],
        visibility: .call, presence: .conditional("kvm.enable_virt_at_load=1 (the default)"),
        source: "virt/kvm/kvm_main.c:5760 (kvm_enable_virtualization) in 7.3.4"),
    ],
    causes: [
      Cause(
        "The machine is shutting down or rebooting (6.12 and later).",
        remedy: "Load the module after the next boot.",
        errnos: ["EBUSY"])
    ])

  static let preemptOps: Stage = Stage(
    "preempt_ops", section: "5.10", title: "Scheduler callbacks",
    summary: "Notes the functions that the scheduler calls when a vCPU thread is taken off a CPU or put back. Plain stores.",
    vendors: [.intel, .amd, .arm64, .riscv],
    forms: [
      StageForm(
        VersionRange("4.19"), parents: ["kvm_init"],
        markers: [],
        visibility: .none, presence: .conditional("plain stores: no call shows them"),
        source: "virt/kvm/kvm_main.c:6578 (kvm_init) in 7.3.4")
    ])
}
