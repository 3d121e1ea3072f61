import CallTrees
import KVMStages
import SmallTraces
import Testing

/// Verdicts of traces that hold no whole answer.
@Suite struct VerdictTests {
  private func run(_ calls: String, kernel: String? = "6.12.107") throws -> Run {
    var recording = SmallTrace.recording(calls, kernel: kernel)
    NameChecks.apply(to: &recording)
    return try #require(Analyser.analyse(recording).runs.first)
  }

  @Test func anEmptyTraceIsUnknownAndSaysWhy() throws {
    let run = try run("")
    #expect(run.verdict == .unknown)
    #expect(run.reason.contains("already loaded"))
    #expect(run.reason.contains("do_init_module"))
    #expect(Analysis(runs: [run]).exitStatus == 2)
  }

  @Test func anotherModulesInitIsNoRun() throws {
    let run = try run("do_init_module { do_one_initcall { sp_mod_init[ccp] { sp_pci_init[ccp] } } }")
    #expect(run.verdict == .unknown)
    #expect(run.reason.contains("the trace holds 1 module init, but none of kvm_intel or kvm_amd"))
  }

  @Test func lostEventsWithoutARunAreIncomplete() throws {
    let run = try run("do_init_module { !lost kfree }")
    #expect(run.verdict == .incomplete)
    #expect(run.reason.contains("larger buffer"))
  }

  @Test func aRunThatNeverReturnsIsIncomplete() throws {
    let run = try run(
      "do_init_module open { do_one_initcall open { svm_init[kvm_amd] open { kvm_x86_vendor_init[kvm] open { mutex_lock } } } }")
    #expect(run.verdict == .incomplete)
    #expect(run.module == "kvm_amd")
    #expect(run.integrity.openCalls == 4)
  }

  @Test func aSystemCallsResultIsEvidence() throws {
    let run = try run(
      "!load kvm_intel; do_init_module { do_one_initcall { 0xc0000004 { migrate_disable 0xc0000104 { _printk } "
        + "!console kvm_intel: VMX not supported by CPU 0; migrate_enable } } klp_module_going free_module } !syscall finit_module -95;")
    let failure = try #require(run.failure)
    #expect(run.verdict == .failed)
    #expect(run.module == "kvm_intel")
    #expect(failure.code == -95)
    #expect(failure.errno == "EOPNOTSUPP")
    #expect(failure.evidence.contains(.syscall))
    #expect(failure.evidence.contains(.kernelLog))
    #expect(failure.log == ["kvm_intel: VMX not supported by CPU 0"])
    #expect(failure.path.map(\.function) == ["do_init_module", "do_one_initcall", "0xc0000004", "0xc0000104"])
    #expect(failure.path.map(\.role) == [nil, nil, "vmx_init", "__kvm_is_vmx_supported"])
    #expect(failure.remedy != nil)
  }

  /// On 6.12 both vendors' checks have the same shape: without another sign, the module must not be guessed.
  @Test func theVendorIsNotGuessed() throws {
    let run = try run(
      "do_init_module { do_one_initcall { 0xc0000004 { migrate_disable 0xc0000104 { _printk } migrate_enable } } klp_module_going free_module }"
    )
    #expect(run.verdict == .failed)
    #expect(run.module == nil)
    #expect(run.failure?.stage.id == "vendor_support_check")
    #expect(run.failure?.path.allSatisfy { $0.role == nil } == true)
    #expect(run.notes.contains { $0.contains("kvm_intel or kvm_amd") })
  }

  /// The kernel can print the init function of one module under the name of another that took its freed memory.
  @Test func aNameThatContradictsTheTreeIsDoubtful() throws {
    var recording = SmallTrace.recording(
      "do_init_module { do_one_initcall { svm_get_interrupt_shadow[kvm_amd] { sp_pci_init[ccp] } } }", kernel: "7.3.4")
    NameChecks.apply(to: &recording)
    let call = recording.tasks[0].tree.calls[2]
    #expect(recording.function(call.function).doubt == .contradictsTree)
    #expect(Analyser.analyse(recording).runs.map(\.verdict) == [.unknown])
  }

  @Test func stepsOutsideTheRootAreNotTraced() throws {
    let run = try run(
      "kvm_init[kvm] { __kmem_cache_create_args __kmalloc_node_noprof kvm_irqfd_init[kvm] kvm_async_pf_init[kvm] debugfs_create_dir "
        + String(repeating: "debugfs_create_file ", count: 12)
        + "kvm_vfio_ops_init[kvm] kvm_gmem_init[kvm] kvm_enable_virtualization[kvm] { mutex_lock kvm_arch_enable_virtualization[kvm] { "
        + "cpu_emergency_register_virt_callback } __cpuhp_setup_state { cpuhp_issue_call cpuhp_issue_call } register_syscore_ops mutex_unlock } "
        + "misc_register { a { b { c { d { e { f { g { h { i { j { k } } } } } } } } } } } }")
    #expect(run.verdict == .ok, "\(run.reason)")
    let vendor = try #require(run.stages.first { $0.stage.id == "x86_vendor_init" })
    #expect(vendor.status == .notTraced)
    #expect(vendor.note?.contains("do_init_module") == true)
    #expect(run.stages.first { $0.stage.id == "misc_register" }?.status == .ok)
    #expect(run.stages.filter { $0.status == .missing }.isEmpty)
    let enabling = try #require(run.stages.first { $0.stage.id == "hardware_enable_cpu" })
    #expect(enabling.perCPU.map(\.cpu) == [0, 1])
  }

  @Test func aStepThatDidNotComeIsMissing() throws {
    let run = try run(
      "kvm_init[kvm] { __kmem_cache_create_args kvm_irqfd_init[kvm] kvm_vfio_ops_init[kvm] misc_register { a { b { c { d { e { f { g { h { i { "
        + "j { k } } } } } } } } } } } }")
    #expect(run.verdict == .ok)
    #expect(run.stages.filter { $0.status == .missing }.map(\.stage.id) == ["async_pf"])
    #expect(Analysis(runs: [run]).exitStatus == 1)
  }

  @Test func withoutAKernelTheCallsTellTheVersions() throws {
    let run = try run("kvm_init[kvm] { kvm_arch_init[kvm] { 0xc0002000 } }", kernel: nil)
    #expect(run.notes.contains { $0.contains("the trace names no kernel") })
  }
}
