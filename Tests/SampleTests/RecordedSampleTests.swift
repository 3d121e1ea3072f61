import CallTrees
import KVMStages
import Testing

/// What the recordings of `kvm-inittrace record` must tell, written by hand from the commands that made them.
@Suite struct RecordedSampleTests {
  private func recording(_ name: String) throws -> Recording {
    try #require(Sample.named(name), "there is no sample \(name)").read()
  }

  static let loads = [
    "5.10-kvm_amd-record-full", "5.10-kvm_amd-record-stages", "6.12-kvm_amd-record-full", "6.12-kvm_amd-record-stages",
    "6.12-kvm_amd-record-nested-off", "7.3-kvm_amd-record-full", "7.3-kvm_amd-record-stages",
  ]
  static let failures = ["5.10-kvm_intel-fail-record", "6.12-kvm_intel-fail-record", "7.3-kvm_intel-fail-record"]

  @Test(arguments: loads) func aLoadIsWhole(_ name: String) throws {
    let recording = try recording(name)
    let analysis = Analyser.analyse(recording)
    #expect(analysis.runs.map(\.verdict) == [.ok])
    #expect(analysis.runs.map(\.module) == ["kvm_amd"])
    #expect(analysis.exitStatus == 0)
    #expect(recording.lostEvents == 0 && recording.losses.isEmpty && recording.damage.isEmpty)
    let recorder = try #require(recording.source.recorder)
    #expect(recorder.exitCode == 0)
    #expect(recorder.program == "modprobe")
    #expect(recorder.lostEvents.isEmpty)
  }

  /// By return probes: no kernel of the samples has funcgraph-retval.
  @Test(arguments: loads) func stepsHaveReturnValues(_ name: String) throws {
    let recording = try recording(name)
    let run = try #require(Analyser.analyse(recording).runs.first)
    let task = try #require(recording.tasks.first { $0.pid == run.pid })
    for function in ["svm_init", "kvm_init", "kvm_irqfd_init"] {
      let row = try #require(
        task.tree.calls.indices.first { recording.function(task.tree.calls[$0].function).name == function }, "\(function)")
      #expect(task.tree.returnValues[UInt32(row)] == 0, "\(function)")
    }
  }

  @Test(arguments: loads.filter { !$0.hasPrefix("5.10") }) func bothCPUsAreEnabled(_ name: String) throws {
    let run = try #require(Analyser.analyse(try recording(name)).runs.first)
    let stage = try #require(run.stages.first { $0.stage.id == "hardware_enable_cpu" })
    #expect(stage.status == .ok)
    #expect(stage.perCPU.map(\.cpu) == [0, 1])
    #expect(stage.perCPU.map(\.result) == [0, 0])
  }

  @Test(arguments: failures) func aFailureIsMeasuredAndNamed(_ name: String) throws {
    let recording = try recording(name)
    let analysis = Analyser.analyse(recording)
    #expect(analysis.runs.map(\.verdict) == [.failed])
    let failure = try #require(analysis.runs.first?.failure)
    #expect(failure.errno == "EOPNOTSUPP" && failure.code == -95)
    #expect(failure.evidence == [.returnValue, .syscall, .unwind, .kernelLog])
    #expect(failure.log.contains { $0.contains("VMX not supported by CPU") || $0.contains("no hardware support") }, "\(failure.log)")
    let names = Set(recording.functions.compactMap(\.trustedName))
    // The module is gone: its names are those that were recorded with it.
    #expect(names.contains("vmx_init"))
    #expect(!failure.path.contains { $0.function.hasPrefix("0x") }, "\(failure.path)")
    #expect(recording.source.recorder?.exitCode == 1)
    #expect(recording.source.recorder?.loadedModules?.contains("kvm_intel") == false)
  }

  /// In Bochs, which has VMX: the only recording here in which Intel's init succeeds under the recorder.
  @Test func intelLoads() throws {
    let recording = try recording("6.12-kvm_intel-record")
    let run = try #require(Analyser.analyse(recording).runs.first)
    #expect(run.verdict == .ok && run.module == "kvm_intel")
    #expect(recording.lostEvents == 0 && recording.losses.isEmpty && recording.damage.isEmpty)
    #expect(recording.source.recorder?.exitCode == 0 && recording.source.recorder?.detail == .kvm)
    // Each step that this kernel and this CPU must show: none is missing, none is out of the recording.
    #expect(!run.stages.contains { [.missing, .failed, .notTraced, .notReached].contains($0.status) })
    let enabling = try #require(run.stages.first { $0.stage.id == "hardware_enable_cpu" })
    #expect(enabling.perCPU.map(\.result) == [0])
    let tree = try #require(recording.tasks.first { $0.pid == run.pid }).tree
    for function in ["vmx_init", "kvm_x86_vendor_init", "vmx_hardware_setup", "kvm_init"] {
      let rows = tree.calls.indices.filter { recording.function(tree.calls[$0].function).name == function }
      #expect(rows.map { tree.returnValues[UInt32($0)] } == [0], "\(function)")
    }
  }

  @Test func aParameterIsInTheFile() throws {
    let parameters = try #require(try recording("6.12-kvm_amd-record-nested-off").source.recorder?.parameters)
    #expect(parameters.first { $0.module == "kvm_amd" && $0.name == "nested" }?.value == "0")
  }

  @Test func withoutNestingItsSetupIsNotTaken() throws {
    let recording = try recording("6.12-kvm_intel-record-nested-off")
    let run = try #require(Analyser.analyse(recording).runs.first)
    #expect(run.verdict == .ok)
    #expect(run.stages.first { $0.stage.id == "nested_setup" }?.status == .skipped)
    #expect(recording.source.recorder?.parameters.first { $0.module == "kvm_intel" && $0.name == "nested" }?.value == "N")
  }
}
