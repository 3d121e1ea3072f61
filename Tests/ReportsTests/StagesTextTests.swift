import KVMStages
import Reports
import Testing

/// The catalogue as a person reads it.
struct StagesTextTests {
  private func text(_ query: StagesQuery, isColored: Bool = false, width: Int = 100) -> String {
    var text = ""
    StagesText(query, options: ReportOptions(width: width, color: isColored)).write(to: &text)
    return text
  }

  @Test func oneStageInFull() throws {
    let stage = try #require(Catalogue.stage("lapic_init"))
    #expect(
      text(StagesQuery(stages: [stage])) == """
        lapic_init - Local APIC init (section 5.1.8)

        Set up switches that make the common case of an enabled local APIC fast.
        Kernels: 4.19 to before 5.12 on Intel, AMD.

        4.19 to before 5.12
          called by   kvm_arch_init
          function    kvm_lapic_init [kvm]
          visible     as a call of its own
          runs        always
          note        kvm_lapic_exit still exists in later kernels.
          source      arch/x86/kvm/x86.c:7947 (kvm_arch_init) in 5.11.0

        """)
  }

  @Test func aStageWithCausesOnOneKernel() throws {
    let stage = try #require(Catalogue.stage("irqfd_init"))
    #expect(
      text(StagesQuery(stages: [stage], kernel: "6.12")) == """
        irqfd_init - Workqueue for irqfd (section 5.2)

        Creates the workqueue that cleans up event file descriptors with which devices inject interrupts
        into guests.
        Kernels: 4.19 and later on all vendors.

        6.12 and later
          called by   kvm_init
          function    kvm_irqfd_init [kvm]
          visible     as a call of its own
          runs        always
          fails with  -ENOMEM
          then calls  [kfree], kmem_cache_destroy
          source      virt/kvm/kvm_main.c:6565 (kvm_init) in 7.3.4

        Why it fails, and what to do
        1. No memory for the workqueue. (ENOMEM)
           Do: Free memory and load the module again; look for allocation failures in the kernel log (dmesg
               | grep -i "page allocation failure").

        """)
  }

  @Test func vendorsThatLostAStageAreTold() throws {
    let shown = try text(StagesQuery(stages: [#require(Catalogue.stage("cpu_compat_check"))]))
    #expect(shown.contains("Kernels: 4.19 and later on Intel, AMD; 4.19 to before 6.3 on arm64, riscv.\n"))
    #expect(shown.contains("\n6.3 and later, x86\n"))
  }

  @Test func anAbsentStageSaysWhatTookItsPlace() throws {
    let stage = try #require(Catalogue.stage("vmcs_config"))
    let shown = text(StagesQuery(stages: [stage], kernel: "6.18"))
    #expect(shown.contains("Linux 6.18 does not have it: since 6.18 done earlier, as early_vmcs_config.\n"))
    #expect(!shown.contains("called by"))
  }

  @Test func theListOfAKernelIsInItsOrder() {
    let lines = text(StagesQuery(kernel: "6.12", vendor: .riscv)).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "Linux 6.12 on riscv, flow riscv-new: riscv_kvm_init does the checks, then calls kvm_init.")
    let ids = lines.dropFirst(3).prefix { !$0.isEmpty }.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
    #expect(ids.prefix(5) == ["module_load", "vendor_entry", "riscv_ext_check", "riscv_gstage", "riscv_aia"])
    #expect(ids.last == "misc_register")
    #expect(lines.contains("  riscv_nacl              new in 6.13"))
  }

  @Test(arguments: [100, 80]) func everyPageFitsTheColumns(_ width: Int) {
    func text(_ query: StagesQuery) -> String { self.text(query, width: width) }
    var pages = [text(StagesQuery())]
    pages += Catalogue.stages.map { text(StagesQuery(stages: [$0])) }
    for vendor in Vendor.allCases {
      pages.append(text(StagesQuery(vendor: vendor)))
      for kernel: KernelVersion in ["4.19", "5.10.262", "6.1.192", "6.2", "6.11", "6.12", "7.3"] {
        pages.append(text(StagesQuery(kernel: kernel, vendor: vendor)))
      }
    }
    for line in pages.joined().split(separator: "\n") {
      #expect(line.count <= width && line.last != " ", "\(line)")
    }
  }

  /// Titles give way; what stands behind them stays.
  @Test func narrowTerminals() {
    let lines = text(StagesQuery(), width: 80).split(separator: "\n")
    #expect(lines.first?.hasSuffix("KERNELS      FOR") == true)
    #expect(lines.contains { $0.hasPrefix("-        x86_vendor_init         Common x86 init") && $0.hasSuffix("6.1.20+ *    x86") })
    #expect(lines.contains { $0.contains("…") })
    #expect(!text(StagesQuery()).contains("…"))
  }

  @Test func colourOnlyWhenAsked() {
    #expect(!text(StagesQuery()).contains("\u{1B}"))
    #expect(text(StagesQuery(), isColored: true).contains("\u{1B}[1mkvm_init\u{1B}[0m"))
  }
}
