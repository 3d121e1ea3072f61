import KVMStages
import Testing

/// What the samples must say, written by hand from the commands that recorded them.
@Suite struct SampleVerdictTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    var sample: String
    var verdicts: [Verdict]
    var module: String?
    var stage: String?
    var status: Int32

    var testDescription: String { sample }

    static func ok(_ sample: String, _ module: String) -> Expectation {
      Expectation(sample: sample, verdicts: [.ok], module: module, stage: nil, status: 0)
    }

    static func failed(_ sample: String, _ module: String?, at stage: String) -> Expectation {
      Expectation(sample: sample, verdicts: [.failed], module: module, stage: stage, status: 1)
    }
  }

  static let kernels = ["5.10", "6.1", "6.12", "6.18", "7.3"]

  static func checkStage(of kernel: String) -> String { ["5.10", "6.1"].contains(kernel) ? "cpu_feature_check" : "vendor_support_check" }

  static let expectations: [Expectation] =
    kernels.map { .ok("\($0)-kvm_amd", "kvm_amd") }
    // On 6.12 both vendors' checks have the same shape, and the plain recipe records nothing else that names the module.
    + kernels.map { .failed("\($0)-kvm_intel-fail", $0 == "6.12" ? nil : "kvm_intel", at: checkStage(of: $0)) }
    + kernels.map { .failed("\($0)-kvm_intel-fail-events", "kvm_intel", at: checkStage(of: $0)) }
    + ["5.10", "6.12", "7.3"].map { .ok("\($0)-kvm_intel", "kvm_intel") }

  private func analysis(of name: String) throws -> Analysis {
    let sample = try #require(Sample.named(name), "there is no sample \(name)")
    return Analyser.analyse(try sample.read())
  }

  private func run(of name: String) throws -> Run { try #require(analysis(of: name).runs.first) }

  @Test(arguments: expectations) func theVerdictIsRight(_ expected: Expectation) throws {
    let analysis = try analysis(of: expected.sample)
    #expect(analysis.runs.map(\.verdict) == expected.verdicts)
    let run = try #require(analysis.runs.first)
    #expect(run.module == expected.module)
    #expect(run.failure?.stage.id == expected.stage)
    #expect(run.failure.map { $0.errno == "EOPNOTSUPP" } ?? true)
    #expect(analysis.exitStatus == expected.status)
    #expect(run.stages.filter { $0.status == .missing }.map(\.stage.id) == [])
  }

  @Test(arguments: kernels) func eventsGiveTheReturnValueAndTheKernelsLine(_ kernel: String) throws {
    let run = try run(of: "\(kernel)-kvm_intel-fail-events")
    let failure = try #require(run.failure)
    #expect(failure.code == -95)
    #expect(failure.evidence == [.returnValue, .syscall, .unwind, .kernelLog])
    let line = ["5.10": "no hardware support", "6.1": "no hardware support for 'kvm_intel'"][kernel] ?? "VMX not supported by CPU"
    #expect(failure.log.contains { $0.contains(line) }, "\(failure.log)")
    #expect(failure.cause?.isEmpty == false && failure.remedy?.isEmpty == false)
  }

  @Test func aSmallBufferIsIncomplete() throws {
    let analysis = try analysis(of: "5.10-kvm_amd-lost")
    #expect(analysis.runs.allSatisfy { $0.verdict == .incomplete })
    #expect(analysis.exitStatus == 2)
  }

  @Test func aLoadedModuleIsUnknownAndSaysWhy() throws {
    let analysis = try analysis(of: "5.10-kvm_amd-loaded")
    #expect(analysis.runs.map(\.verdict) == [.unknown])
    #expect(analysis.runs.first?.reason.contains("already loaded") == true || analysis.runs.first?.reason.contains("loaded before") == true)
    #expect(analysis.exitStatus == 2)
  }

  @Test func stepsBeforeTheRootAreNotTraced() throws {
    let run = try run(of: "6.12-kvm_amd-root-kvm_init")
    #expect(run.verdict == .ok)
    let inVendorInit = [
      "x86_vendor_init", "cpu_feature_check", "emulator_cache", "user_return_msrs", "mmu_vendor_init", "vendor_hardware_setup", "msr_list",
    ]
    for id in inVendorInit {
      let stage = try #require(run.stages.first { $0.stage.id == id })
      #expect(stage.status == .notTraced, "\(id)")
      #expect(stage.note?.contains("record with the root do_init_module") == true, "\(id)")
    }
  }

  /// The init function is a leaf without a name: nothing tells whose it is.
  @Test func aNamelessLeafIsNotGuessed() throws {
    let run = try run(of: "6.12-kvm_amd-depth")
    #expect(run.verdict == .unknown)
    #expect(run.reason.contains("cannot be told"))
  }

  @Test func aDepthLimitLeavesStagesUntold() throws {
    let run = try run(of: "6.12-kvm_amd-depth-events")
    #expect(run.verdict == .ok)
    #expect(run.stages.first { $0.stage.id == "x86_vendor_init" }?.status == .notTraced)
    #expect(!run.stages.contains { $0.status == .missing })
  }

  /// The first of three loads lost the names of kvm too, when that was unloaded and loaded elsewhere: it is no run, and the report says so.
  @Test func severalLoadsAreSeveralRuns() throws {
    let analysis = try analysis(of: "5.10-several")
    #expect(analysis.runs.map(\.verdict) == [.ok, .failed])
    #expect(analysis.runs.map(\.module) == ["kvm_amd", "kvm_intel"])
    #expect(analysis.runs.first?.notes.contains { $0.contains("modprobe-101") } == true)
  }
}
