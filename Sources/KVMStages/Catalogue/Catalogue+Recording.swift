// What a recorder asks the kernel for, so that every step can be judged.

/// A function whose return value tells how a step ended.
public struct ReturningFunction: Hashable, Sendable {
  public var function: String
  /// Module that holds it, or nil for the kernel image.
  public var module: String?
  /// Kernels on which it returns an errno, or the answer of a support check; elsewhere it is void and its register holds garbage.
  public var versions: VersionRange

  @inline(never)
  init(_ function: String, in module: String? = nil, _ versions: VersionRange = VersionRange("4.19")) {
    self.function = function
    self.module = module
    self.versions = versions
  }
}

extension Catalogue {
  /// KVM's callbacks that other tasks and CPUs run for an init: roots of a recording beside `loaderRoot`.
  ///
  /// The callbacks are those of the catalogue's stages on other CPUs: `cpuhp` threads and function-call interrupts run them.
  public static let callbackRoots: [String] = [
    "kvm_online_cpu", "kvm_starting_cpu", "hardware_enable_nolock", "check_processor_compat", "kvm_x86_check_cpu_compat",
    "kvm_offline_cpu", "kvm_dying_cpu", "hardware_disable_nolock",
  ]

  /// The module loader: everything that a module does while it loads runs below it.
  public static let loaderRoot = "do_init_module"

  /// Where interrupts begin: a recording of few functions still has to tell the time that they take.
  public static let interruptFunctions: [String] = [
    "irq_enter_rcu", "irq_exit_rcu", "irq_enter", "irq_exit", "__sysvec_apic_timer_interrupt", "__sysvec_call_function",
    "__sysvec_call_function_single", "__sysvec_reschedule_ipi", "__common_interrupt", "handle_domain_irq", "generic_handle_domain_irq",
    "__hrtimer_rearm_deferred", "arch_irq_work_raise",
  ]

  /// The kernel patches the calls of its own text below this function, several thousand times while KVM installs its operations: four of
  /// five calls of a load of 6.1 to 7.3, and nothing about KVM in them.
  public static let textPatching = "arch_static_call_transform"

  /// What the kernel does for a recorder's own probes: below these functions is nothing of the traced load.
  public static let probeHandlers: [String] = [
    "kprobe_ftrace_handler", "trampoline_handler", "kretprobe_rethook_handler", "arch_rethook_trampoline_callback",
    "rethook_trampoline_handler",
  ]

  /// Functions whose return values a recorder takes, on any kernel that has them. Read in the sources of 5.10.262 to 7.3.4.
  public static func returningFunctions(of vendor: Vendor, on version: KernelVersion) -> [ReturningFunction] {
    let own: [ReturningFunction]
    switch vendor {
    case .intel: own = returningOnIntel
    case .amd: own = returningOnAMD
    case .arm64: own = []
    case .riscv: own = returningOnRISCV
    }
    return (own + returningInKVM + returningInKernel).filter { $0.versions.contains(version) }
  }

  /// The init functions of the vendor modules, by the names that they have had.
  public static let initFunctions: Set<String> = ["vmx_init", "vt_init", "svm_init", "riscv_kvm_init"]

  /// Names of all functions by which steps are known: markers, what undoes them, and the loader's own steps.
  ///
  /// - Parameter vendor: of whose steps.
  public static func functionsOfInterest(for vendor: Vendor) -> Set<String> {
    var names: Set<String> = unwindFunctions.union(callbackRoots).union(loaderFunctions)
    for form in stages.flatMap({ $0.forms(for: vendor) }) {
      names.formUnion(form.markers.map(\.function))
      names.formUnion(form.parents.filter { !$0.hasPrefix("<") })
    }
    return names
  }

  /// By which the loader tells success from failure.
  private static let loaderFunctions: [String] = [
    "do_init_module", "do_one_initcall", "free_module", "klp_module_going", "mod_tree_remove_init", "module_enable_ro",
    "module_enable_rodata_ro_after_init", "module_arch_freeing_init", "async_synchronize_full", "cpuhp_issue_call",
    "cpuhp_rollback_install",
  ]

  private static let returningInKVM: [ReturningFunction] = [
    ReturningFunction("kvm_init", in: "kvm"),
    ReturningFunction("kvm_x86_vendor_init", in: "kvm"),
    ReturningFunction("kvm_arch_init", in: "kvm"),
    ReturningFunction("kvm_arch_hardware_setup", in: "kvm"),
    ReturningFunction("kvm_irqfd_init", in: "kvm"),
    ReturningFunction("kvm_async_pf_init", in: "kvm"),
    ReturningFunction("kvm_vfio_ops_init", in: "kvm"),
    ReturningFunction("kvm_gmem_init", in: "kvm", VersionRange("6.19")),
    ReturningFunction("kvm_mmu_module_init", in: "kvm"),
    ReturningFunction("kvm_mmu_vendor_module_init", in: "kvm"),
    ReturningFunction("kvm_enable_virtualization", in: "kvm"),
    ReturningFunction("kvm_online_cpu", in: "kvm"),
    ReturningFunction("kvm_starting_cpu", in: "kvm"),
    ReturningFunction("kvm_arch_hardware_enable", in: "kvm"),
    ReturningFunction("kvm_arch_enable_virtualization_cpu", in: "kvm"),
    ReturningFunction("kvm_arch_check_processor_compat", in: "kvm"),
    ReturningFunction("kvm_x86_check_processor_compatibility", in: "kvm"),
  ]

  private static let returningInKernel: [ReturningFunction] = [
    ReturningFunction("misc_register"), ReturningFunction("register_reboot_notifier"), ReturningFunction("__cpuhp_setup_state"),
  ]

  private static let returningOnIntel: [ReturningFunction] = [
    ReturningFunction("vmx_init", in: "kvm_intel"),
    ReturningFunction("vt_init", in: "kvm_intel"),
    ReturningFunction("__kvm_is_vmx_supported", in: "kvm_intel"),
    ReturningFunction("kvm_is_vmx_supported", in: "kvm_intel"),
    ReturningFunction("cpu_has_kvm_support", in: "kvm_intel"),
    ReturningFunction("vmx_disabled_by_bios", in: "kvm_intel"),
    ReturningFunction("hardware_setup", in: "kvm_intel"),
    ReturningFunction("vmx_hardware_setup", in: "kvm_intel"),
    ReturningFunction("setup_vmcs_config", in: "kvm_intel"),
    ReturningFunction("nested_vmx_hardware_setup", in: "kvm_intel"),
    ReturningFunction("vmx_setup_l1d_flush", in: "kvm_intel"),
    ReturningFunction("vmx_check_processor_compat", in: "kvm_intel"),
    ReturningFunction("hardware_enable", in: "kvm_intel"),
    ReturningFunction("vmx_hardware_enable", in: "kvm_intel"),
    ReturningFunction("vmx_enable_virtualization_cpu", in: "kvm_intel"),
    ReturningFunction("tdx_bringup", in: "kvm_intel"),
  ]

  private static let returningOnAMD: [ReturningFunction] = [
    ReturningFunction("svm_init", in: "kvm_amd"),
    ReturningFunction("__kvm_is_svm_supported", in: "kvm_amd"),
    ReturningFunction("kvm_is_svm_supported", in: "kvm_amd"),
    ReturningFunction("has_svm", in: "kvm_amd"),
    ReturningFunction("is_disabled", in: "kvm_amd"),
    ReturningFunction("svm_hardware_setup", in: "kvm_amd"),
    ReturningFunction("svm_check_processor_compat", in: "kvm_amd"),
    ReturningFunction("svm_hardware_enable", in: "kvm_amd"),
    ReturningFunction("svm_enable_virtualization_cpu", in: "kvm_amd"),
    ReturningFunction("sev_cpu_init", in: "kvm_amd"),
  ]

  private static let returningOnRISCV: [ReturningFunction] = [
    ReturningFunction("riscv_kvm_init", in: "kvm"),
    ReturningFunction("kvm_riscv_aia_init", in: "kvm"),
    ReturningFunction("kvm_riscv_nacl_init", in: "kvm"),
  ]
}
