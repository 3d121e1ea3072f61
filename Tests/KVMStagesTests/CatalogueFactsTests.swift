import Testing

@testable import KVMStages

/// Facts of the kernel history, spot-checked.
struct CatalogueFactsTests {
  struct Fact: Sendable, CustomStringConvertible {
    var stage: String
    var kernel: KernelVersion
    var vendor: Vendor
    /// The markers of the stage's form, joined, or nil: the kernel does not have the stage.
    var markers: String?
    var parents: String?
    var description: String { "\(stage) on \(kernel) \(vendor)" }

    init(_ stage: String, _ kernel: KernelVersion, _ markers: String?, below parents: String? = nil, on vendor: Vendor = .intel) {
      self.stage = stage
      self.kernel = kernel
      self.vendor = vendor
      self.markers = markers
      self.parents = parents
    }
  }

  static let facts: [Fact] = [
    Fact("lapic_init", "5.11", "kvm_lapic_init", below: "kvm_arch_init"),
    Fact("lapic_init", "5.12", nil),
    Fact("fpu_cache", "5.15.100", "kmem_cache_create", below: "kvm_arch_init"),
    Fact("fpu_cache", "5.17", nil),
    Fact("reboot_notifier", "6.3.8", "register_reboot_notifier"),
    Fact("reboot_notifier", "6.4", nil),
    Fact("early_vmcs_config", "6.17.13", nil),
    Fact("early_vmcs_config", "6.18", "setup_vmcs_config", below: "vmx_init"),
    Fact("vmcs_config", "6.17.13", "setup_vmcs_config", below: "vmx_hardware_setup"),
    Fact("vmcs_config", "6.18", nil),
    Fact("user_return_msrs", "6.18.15", "__alloc_percpu pcpu_alloc_noprof", below: "kvm_x86_vendor_init"),
    Fact("user_return_msrs", "6.19", nil),
    Fact("x86_vendor_init", "6.1.19", nil),
    Fact("x86_vendor_init", "6.1.20", "kvm_x86_vendor_init", below: "vmx_init svm_init", on: .amd),
    Fact("x86_vendor_init", "6.2", nil),
    Fact("x86_vendor_init", "6.3", "kvm_x86_vendor_init __kvm_x86_vendor_init"),
    Fact("arch_init", "6.2", "kvm_arch_init", below: "kvm_init"),
    Fact("arch_init", "6.3", nil, on: .arm64),
    Fact("vendor_entry", "6.12.107", "vmx_init", below: "do_one_initcall"),
    Fact("vendor_entry", "6.16", "vt_init vmx_init"),
    Fact("vendor_entry", "7.3.4", "svm_init", on: .amd),
    Fact("vendor_support_check", "6.2", nil),
    Fact("vendor_support_check", "6.6", "__kvm_is_svm_supported", below: "svm_init", on: .amd),
    Fact("vendor_hardware_setup", "6.10", "hardware_setup svm_hardware_setup"),
    Fact("vendor_hardware_setup", "6.11", "vmx_hardware_setup svm_hardware_setup"),
    Fact("vmxon_region_alloc", "7.0.13", "alloc_vmcs_cpu"),
    Fact("vmxon_region_alloc", "7.1", nil),
    Fact("core_virt_boot", "7.1", "x86_virt_init"),
    Fact("virtualization_enable", "6.11.11", nil),
    Fact("virtualization_enable", "6.12", "kvm_enable_virtualization kvm_arch_enable_virtualization", below: "kvm_init"),
    Fact("cpuhp_register", "6.3", "__cpuhp_setup_state", below: "kvm_init"),
    Fact("syscore_ops", "6.19", "register_syscore", below: "kvm_enable_virtualization"),
    Fact("mmu_vendor_init", "5.10.111", "kvm_mmu_module_init"),
    Fact("mmu_vendor_init", "5.18", "kvm_mmu_vendor_module_init"),
    Fact("kvm_ko_module_init", "5.17", nil),
    Fact("gmem", "6.8", "kvm_gmem_init"),
    Fact("gmem", "6.7.3", nil),
    Fact("cpu_caps", "7.0", "kvm_initialize_cpu_caps kvm_setup_xss_caps kvm_find_user_return_msr", on: .amd),
    Fact("msr_list", "7.3", "kvm_init_msr_lists kvm_probe_msr_to_save"),
    Fact("pi_init_cpu", "5.9.1", nil),
    Fact("pi_init_cpu", "5.10", "pi_init_cpu"),
    Fact("l1d_flush", "6.19", "__vmx_setup_l1d_flush static_key_disable"),
    Fact("emergency_callback", "6.12", "cpu_emergency_register_virt_callback", below: "kvm_arch_enable_virtualization", on: .amd),
    Fact("emergency_callback", "7.1", "x86_virt_register_emergency_callback"),
    Fact("riscv_nacl", "6.12", nil, on: .riscv),
    Fact("riscv_aia", "6.4", "kvm_riscv_aia_init", on: .riscv),
    Fact("arm_target_cpu", "5.15", nil, on: .arm64),
    Fact("vfio", "6.12", nil, on: .riscv),
    Fact("gmem", "6.12", nil, on: .arm64),
    Fact("hw_checks", "5.4", "kvm_enable_efer_bits kvm_mmu_set_mask_ptes kvm_mmu_set_mmio_spte_mask", below: "hardware_setup"),
  ]

  @Test(arguments: facts) func holds(_ fact: Fact) throws {
    let stage = try #require(Catalogue.stage(fact.stage))
    let form = stage.form(on: fact.kernel, for: fact.vendor)
    #expect(form?.markers.map(\.function).joined(separator: " ") == fact.markers)
    if let parents = fact.parents { #expect(form?.parents.joined(separator: " ") == parents) }
  }

  @Test(arguments: [
    ("lapic_init", "5.12", "removed in 5.12"), ("virtualization_enable", "6.1.192", "new in 6.12"),
    ("vmcs_config", "6.18.2", "since 6.18 done earlier, as early_vmcs_config"), ("kvm_init", "6.12", ""),
    ("user_return_msrs", "7.2", "since 6.19 static per-CPU data that needs no allocation"), ("x86_vendor_init", "6.2", "new in 6.3"),
    ("svm_cpu_data", "6.12", "only on AMD"),
  ])
  func absenceIsExplained(_ id: String, _ kernel: String, _ text: String) throws {
    let version = try #require(KernelVersion(release: kernel))
    #expect(try #require(Catalogue.stage(id)).absence(on: version, for: .intel) == text)
  }

  @Test(arguments: [
    ("6.12.107+deb13-amd64", KernelVersion(6, 12, 107)), ("5.14-rc5", KernelVersion(5, 14)), ("5.10.0-41-amd64", KernelVersion(5, 10)),
    ("7.3", KernelVersion(7, 3)), ("6.1.20", KernelVersion(6, 1, 20)),
  ])
  func releasesAreRead(_ release: String, _ version: KernelVersion) {
    #expect(KernelVersion(release: release) == version)
  }

  @Test(arguments: ["", "6", "linux-6.1", "v6.1", "six.one"]) func otherTextIsNoVersion(_ text: String) {
    #expect(KernelVersion(release: text) == nil)
  }

  @Test(arguments: [
    ("5.9", "legacy"), ("5.10.176", "legacy"), ("5.10.177", "legacy-misc-last"), ("5.15.100", "legacy"), ("6.1.16", "legacy-misc-last"),
    ("6.1.20", "hybrid-6.1"), ("6.2", "legacy"), ("6.3", "vendor-first"), ("6.11.11", "vendor-first"), ("6.12", "virt-at-load"),
    ("6.18", "virt-at-load-618"), ("7.0", "virt-at-load-618"), ("7.1", "core-virt"),
  ])
  func versionsFindTheirFlow(_ kernel: String, _ flow: String) throws {
    let version = try #require(KernelVersion(release: kernel))
    #expect(Catalogue.flow(on: version, for: .intel)?.id == flow)
    #expect(Catalogue.flow(on: version, for: .amd)?.id == flow)
  }

  @Test func stagesMoveInsideAFlow() throws {
    func order(_ kernel: KernelVersion, _ vendor: Vendor) -> [String] {
      Catalogue.flow(on: kernel, for: vendor)!.stages(on: kernel, for: vendor).map(\.id)
    }
    func isBefore(_ first: String, _ second: String, _ kernel: KernelVersion, _ vendor: Vendor = .intel) throws -> Bool {
      let ids = order(kernel, vendor)
      return try #require(ids.firstIndex(of: first)) < #require(ids.firstIndex(of: second))
    }
    #expect(try isBefore("set_kvm_x86_ops", "mmu_pte_masks", "5.4.59"))
    #expect(try isBefore("vendor_hardware_setup", "set_kvm_x86_ops", "5.7.14"))
    #expect(try isBefore("perf_callbacks", "lapic_init", "5.10.262"))
    #expect(try isBefore("posted_intr_wakeup", "vmxon_region_alloc", "5.14"))
    #expect(try isBefore("vmxon_region_alloc", "posted_intr_wakeup", "5.15"))
    #expect(try isBefore("cpuhp_register", "vcpu_cache", "6.6", .arm64))
    #expect(try isBefore("vcpu_cache", "cpuhp_register", "6.12", .arm64))
    #expect(order("6.1.192", .riscv).last == "misc_register")
    #expect(order("6.2", .riscv).last == "debugfs")
  }

  @Test func renamedFunctionsAreTheSameStep() {
    #expect(Catalogue.sameStep("kvm_init", "kvm_init"))
    #expect(Catalogue.sameStep("hardware_setup", "vmx_hardware_setup"))
    #expect(Catalogue.sameStep("kmem_cache_create", "__kmem_cache_create_args"))
    #expect(Catalogue.sameStep("kmem_cache_create_usercopy", "__kmem_cache_create_args"))
    #expect(!Catalogue.sameStep("kmem_cache_create", "kmem_cache_create_usercopy"))
    #expect(!Catalogue.sameStep("kvm_init", "kvm_exit"))
  }

  @Test func causesPointToTheirLogLines() throws {
    func pieces(_ id: String) throws -> Set<String> { try Set(#require(Catalogue.stage(id)).causes.flatMap(\.logPieces)) }
    #expect(try pieces("vendor_support_check").isSuperset(of: ["VMX not supported by CPU", "not enabled (by BIOS)"]))
    #expect(
      try pieces("cpu_feature_check").isSuperset(of: ["no hardware support", "disabled by bios", "already loaded", "host PAT[0] is not WB"])
    )
    #expect(try pieces("misc_register").contains("misc device register failed"))
    #expect(try pieces("virtualization_enable").contains("enabling virtualization on CPU"))
    for piece in Catalogue.stages.flatMap(\.causes).flatMap(\.logPieces) { #expect(!piece.contains("%") && piece.count >= 6) }
  }
}
