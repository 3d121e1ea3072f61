import CallTrees
import KVMStages
import Testing

/// No name in any report is wrong.
@Suite struct NameTests {
  /// The functions of a module that is gone are addresses, not neighbours' names.
  @Test(arguments: ["5.10", "6.1", "6.12", "6.18", "7.3"]) func aFailedLoadHasAddressesForItsFunctions(_ kernel: String) throws {
    let recording = try #require(Sample.named("\(kernel)-kvm_intel-fail")).read()
    let run = try #require(Analyser.analyse(recording).runs.first)
    let path = try #require(run.failure).path
    let initcall = try #require(path.firstIndex { $0.function == "do_one_initcall" })
    #expect(path.count > initcall + 1)
    for step in path[(initcall + 1)...] where !step.function.hasSuffix("[kvm]") {
      #expect(step.function.hasPrefix("0xffff"), "\(step.function)")
    }
    for function in recording.functions where function.trustedName != nil {
      #expect(function.module != "kvm_intel", "\(function.displayName): kvm_intel was freed")
      #expect(function.name != "ftrace_trampoline")
    }
  }

  /// The symbol table leaves one saved init function out and lists another twice: nothing may carry a neighbour's name.
  @Test(arguments: ["5.10", "6.1", "6.12", "6.18", "7.3"]) func aLeftOutInitFunctionHasNoNeighboursName(_ kernel: String) throws {
    let recording = try #require(Sample.named("\(kernel)-kvm_amd")).read()
    let tree = try #require(recording.tasks.max { $0.tree.calls.count < $1.tree.calls.count }).tree
    let checks = tree.calls.indices.filter { recording.function(tree.calls[$0].function).trustedName == "svm_check_processor_compat" }
    for row in checks {
      let parent = Int(tree.calls[row].parent)
      let caller = parent >= 0 ? recording.function(tree.calls[parent].function).name : nil
      let callers = ["kvm_arch_check_processor_compat", "kvm_x86_check_processor_compatibility"]
      #expect(callers.contains(caller ?? ""), "called by \(caller ?? "nobody")")
    }
    let run = try #require(Analyser.analyse(recording).runs.first)
    #expect(run.stages.first { $0.stage.id == "vendor_hardware_setup" }?.status == .ok)
    #expect(run.stages.first { $0.stage.id == "vendor_entry" }?.status == .ok)
  }

  /// The kernel lists ccp's freed init function and a function of irqbypass at one address: neither name is believed, whichever comes first.
  @Test func aPlaceThatSeveralModulesHadHasNoName() throws {
    let recording = try #require(Sample.named("5.10-kvm_amd-again")).read()
    let places = recording.functions.filter { $0.address == 0xffff_ffff_c02e_6000 }
    #expect(!places.isEmpty && places.allSatisfy { $0.trustedName == nil }, "\(places)")
    #expect(Analyser.analyse(recording).runs.map(\.verdict) == [.ok, .ok])
  }
}
