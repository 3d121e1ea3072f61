// What the error paths of arm64 and riscv undo.

extension Catalogue {
  /// The functions with which the init of arm64 and riscv undoes a step after a later one failed, and the stage that each undoes.
  ///
  /// Only functions whose call tells that the stage itself had succeeded. Not among them: `hyp_cpu_pm_exit`, which `init_subsystems` itself
  /// calls when it fails, and `teardown_hyp_mode`, which `init_hyp_mode` itself calls: both also run when a later step failed. On arm64
  /// `kvm_arm_vmid_alloc_free` follows both.
  static let otherArchitecturesUndo: [String: Set<String>] = [
    // 5.18+: kvm_arch_init (up to 6.2) and kvm_arm_init (6.3+), label out_err: everything behind the allocator. arch/arm64/kvm/arm.c
    "kvm_arm_vmid_alloc_free": ["arm_ipa_sve_vmid"],
    // 6.3+: teardown_subsystems of kvm_arm_init, when kvm_init failed. riscv 6.13+: kvm_riscv_teardown, when kvm_init, or in 7.3
    // cpu_pm_register_notifier, failed; there it undoes no stage of its own. arch/arm64/kvm/arm.c
    "kvm_unregister_perf_callbacks": ["arm_subsystems"],
    // riscv 6.4+: when kvm_init failed (7.3+: or cpu_pm_register_notifier). arch/riscv/kvm/main.c (kvm_riscv_teardown)
    "kvm_riscv_aia_exit": ["riscv_aia"],
    // riscv 6.13+: the same, and directly from riscv_kvm_init when kvm_riscv_aia_init failed; 6.19+: or the page-table mode is unknown.
    "kvm_riscv_nacl_exit": ["riscv_nacl"],
    // riscv 7.3+: when kvm_init failed. arch/riscv/kvm/main.c (riscv_kvm_init)
    "cpu_pm_unregister_notifier": ["riscv_pm"],
  ]
}
