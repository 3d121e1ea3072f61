import CallTrees
import KVMStages
import Testing

/// What the samples of arm64 and riscv64 must say, written by hand from the machines that recorded them.
@Suite struct OtherArchSampleTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    var sample: String
    var vendor: Vendor
    var verdict = Verdict.ok
    var stage: String?
    var errno: String?
    /// A piece of the kernel's line, where the sample has the log.
    var line: String?

    var testDescription: String { sample }
  }

  static let ok =
    ["6.1-arm64", "6.12-arm64-text", "6.12-arm64-dat", "7.3-arm64-events", "6.12-arm64-cpus", "7.3-arm64-nvhe"]
    .map { Expectation(sample: $0, vendor: .arm64) }
    + ["6.12-riscv64", "7.2-riscv64-text"].map { Expectation(sample: $0, vendor: .riscv) }

  static let failed = [
    Expectation(sample: "6.12-arm64-fail-no-el2-text", vendor: .arm64, verdict: .failed, stage: "arm_hyp_mode", errno: "ENODEV"),
    Expectation(sample: "6.12-arm64-fail-no-el2-dat", vendor: .arm64, verdict: .failed, stage: "arm_hyp_mode", errno: "ENODEV"),
    Expectation(
      sample: "7.3-arm64-fail-no-el2-events", vendor: .arm64, verdict: .failed, stage: "arm_hyp_mode", errno: "ENODEV",
      line: "HYP mode not available"),
    Expectation(
      sample: "6.12-arm64-fail-mode-none", vendor: .arm64, verdict: .failed, stage: "arm_hyp_mode", errno: "ENODEV",
      line: "KVM disabled from command line"),
    // The steps of this stage fail with several errors, and the trace has none.
    Expectation(sample: "6.12-arm64-fail-no-vtimer", vendor: .arm64, verdict: .failed, stage: "arm_subsystems", errno: nil),
    Expectation(
      sample: "7.3-arm64-fail-no-vtimer-events", vendor: .arm64, verdict: .failed, stage: "arm_subsystems", errno: "ENODEV",
      line: "kvm_arch_timer: invalid virtual timer IRQ"),
    Expectation(
      sample: "6.12-riscv64-fail-text-events", vendor: .riscv, verdict: .failed, stage: "riscv_ext_check", errno: "ENODEV",
      line: "hypervisor extension not available"),
    Expectation(
      sample: "7.2-riscv64-fail-events", vendor: .riscv, verdict: .failed, stage: "riscv_ext_check", errno: "ENODEV",
      line: "hypervisor extension not available"),
  ]

  private func recording(_ name: String) throws -> Recording {
    try #require(Sample.named(name), "there is no sample \(name)").read()
  }

  @Test(arguments: ok + failed) func theVerdictIsRight(_ expected: Expectation) throws {
    let analysis = Analyser.analyse(try recording(expected.sample))
    #expect(analysis.runs.map(\.verdict) == [expected.verdict])
    #expect(analysis.exitStatus == (expected.verdict == .ok ? 0 : 1))
    let run = try #require(analysis.runs.first)
    #expect(run.vendor == expected.vendor)
    #expect(run.module == "kvm")
    #expect(run.failure?.stage.id == expected.stage)
    #expect(run.failure?.errno == expected.errno)
    #expect(run.stages.filter { $0.status == .missing }.map(\.stage.id) == [])
    guard let line = expected.line, let failure = run.failure else { return }
    #expect(failure.log.contains { $0.contains(line) }, "\(failure.log)")
    #expect(failure.code == -19)
    #expect(failure.evidence.contains(.returnValue) && failure.evidence.contains(.kernelLog))
    #expect(failure.cause?.hasPrefix("One of") == false, "the kernel's line tells the cause: \(failure.cause ?? "none")")
  }

  @Test(arguments: ok) func theStepsAreInTheirOrder(_ expected: Expectation) throws {
    let run = try #require(Analyser.analyse(try recording(expected.sample)).runs.first)
    let seen = run.stages.filter { $0.status == .ok && $0.level > 0 && $0.startNS != nil && $0.stage.id != "hardware_enable_cpu" }
    #expect(seen.count >= 8)
    #expect(seen.compactMap(\.startNS) == seen.compactMap(\.startNS).sorted(), "\(seen.map(\.stage.id))")
  }

  /// Kernels of riscv list the assembler's labels at functions' addresses, those of arm64 and riscv mapping symbols.
  @Test(arguments: ok + failed) func labelsAreNoNames(_ expected: Expectation) throws {
    let names = try recording(expected.sample).functions.compactMap(\.name)
    #expect(!names.isEmpty)
    #expect(names.filter { $0.hasPrefix(".") || $0.hasPrefix("$") } == [])
  }

  @Test func withoutEventsAFailedRISCVLoadIsUnknownUntilTheUserTells() throws {
    let recording = try recording("6.12-riscv64-fail-text")
    let untold = Analyser.analyse(recording)
    #expect(untold.runs.map(\.verdict) == [.unknown])
    #expect(untold.runs.first?.reason.contains("--vendor riscv") == true)
    let told = Analyser.analyse(recording, hints: AnalysisHints(vendor: .riscv))
    #expect(told.runs.map(\.verdict) == [.failed])
    #expect(told.runs.first?.failure?.stage.id == "riscv_ext_check")
    #expect(told.runs.first?.failure?.errno == "ENODEV")
  }

  @Test(arguments: ["6.12-arm64-cpus", "7.3-arm64-events"]) func bothCPUsAreEnabled(_ name: String) throws {
    let run = try #require(Analyser.analyse(try recording(name)).runs.first)
    let stage = try #require(run.stages.first { $0.stage.id == "hardware_enable_cpu" })
    #expect(stage.status == .ok)
    #expect(stage.perCPU.map(\.cpu) == [0, 1])
    #expect(stage.function == "kvm_online_cpu")
  }

  @Test func withoutVHEThereIsHypervisorCode() throws {
    let statuses = try ["7.3-arm64-nvhe", "7.3-arm64-events"].map { name in
      let run = try #require(Analyser.analyse(try recording(name)).runs.first)
      return run.stages.first { $0.stage.id == "arm_hyp_init" }?.status
    }
    #expect(statuses == [.ok, .skipped])
  }

  @Test func aFailureDeepInTheInitNamesItsFunction() throws {
    for name in ["6.12-arm64-fail-no-vtimer", "7.3-arm64-fail-no-vtimer-events"] {
      let failure = try #require(Analyser.analyse(try recording(name)).runs.first?.failure)
      #expect(failure.function == "kvm_timer_hyp_init", "\(name)")
    }
  }
}
