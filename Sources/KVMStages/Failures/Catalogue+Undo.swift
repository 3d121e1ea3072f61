// What the error paths of the init call.

extension Catalogue {
  /// Functions that undo a step after a later one failed, and the stages that each can undo: one that frees what several steps allocate
  /// stands for all of them, one that undoes a whole init for none.
  ///
  /// Read in the error paths of kvm_init, kvm_arch_init, kvm_x86_vendor_init, kvm_enable_virtualization, the hardware setups and the init
  /// functions of both vendors, 4.19 to 7.3.
  static let undoes: [String: Set<String>] = [
    "kvm_arch_exit": ["arch_init"], "kvm_irqfd_exit": ["irqfd_init"], "kvm_arch_hardware_unsetup": ["arch_hardware_setup"],
    "__cpuhp_remove_state": ["cpuhp_register"], "unregister_reboot_notifier": ["reboot_notifier"], "kvm_async_pf_deinit": ["async_pf"],
    "kvm_vfio_ops_exit": ["vfio"], "kvm_gmem_exit": ["gmem"], "kvm_disable_virtualization": ["virtualization_enable"],
    "unregister_syscore_ops": ["syscore_ops"], "unregister_syscore": ["syscore_ops"], "debugfs_remove": ["debugfs"],
    "kvm_mmu_vendor_module_exit": ["mmu_vendor_init"], "kvm_mmu_module_exit": ["mmu_vendor_init"],
    "hardware_unsetup": ["vendor_hardware_setup"], "vmx_hardware_unsetup": ["vendor_hardware_setup"],
    "svm_hardware_unsetup": ["vendor_hardware_setup"], "svm_hardware_teardown": ["vendor_hardware_setup"],
    "kvm_x86_vendor_exit": ["x86_vendor_init"], "cpu_emergency_unregister_virt_callback": ["emergency_callback"],
    "x86_virt_unregister_emergency_callback": ["emergency_callback"], "kvm_arch_disable_virtualization": ["emergency_callback"],
    "kmem_cache_destroy": ["fpu_cache", "emulator_cache", "vcpu_cache"], "free_percpu": ["user_return_msrs"],
    "kvm_destroy_user_return_msrs": ["user_return_msrs"], "free_kvm_area": ["vmxon_region_alloc"],
    "nested_vmx_hardware_unsetup": ["nested_setup"], "vmx_exit": [], "svm_exit": [], "kvm_exit": [],
  ].merging(otherArchitecturesUndo) { own, _ in own }

  /// Frees and unlocks of error paths, which `FailureFacts.unwind` lists and other code calls as well.
  static let plainUndo: Set<String> = [
    "kfree", "free_pages", "__free_pages", "mutex_unlock", "synchronize_rcu", "cancel_work_sync",
  ]

  /// Functions that show a step and that an earlier step's error path calls all the same: kvm_intel registers the wakeup handler of posted
  /// interrupts after its VMXON regions whether or not there was memory for them.
  static let stepsOfErrorPaths: Set<String> = stages.flatMap(\.forms).reduce(into: Set()) { shared, form in
    shared.formUnion(form.failure.unwind.map(unwindFunction))
  }.intersection(stages.flatMap(\.forms).flatMap(\.shownBy))

  /// `kfree` of `[kfree]`, as `FailureFacts.unwind` writes a call that may be left out.
  package static func unwindFunction(_ item: String) -> String { item.hasPrefix("[") ? String(item.dropFirst().dropLast()) : item }

  /// Functions that show a step below each caller, in any version; those that also undo one are not among them.
  static let stepCallees: [String: Set<String>] = stages.flatMap(\.forms).reduce(into: [:]) { callees, form in
    let shown = form.shownBy.filter { $0 != "mutex_lock" && undoes[$0] == nil }
    for parent in form.parents { callees[parent, default: []].formUnion(shown) }
  }
}
