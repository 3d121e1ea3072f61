import CallTrees
import SmallTraces
import Testing

@testable import KVMStages

/// What becomes of each expectation, on runs made by hand.
@Suite struct ExpectationJudgeTests {
  private typealias Outcome = ExpectationResult.Outcome

  /// A load 14 calls deep, so that no depth limit can hide anything.
  private static let calls = """
    do_init_module[] 900us { do_one_initcall 800us { vmx_init[kvm_intel] 790us { kvm_init[kvm] 400us { kvm_irqfd_init[kvm] 30us
      a1 { a2 { a3 { a4 { a5 { a6 { a7 { a8 { a9 { kfree } } } } } } } } } } } } }
    """

  private func recording(_ calls: String = calls) -> Recording {
    SmallTrace.recording(calls.replacing("[]", with: ""), kernel: "6.12.107")
  }

  private func run(
    _ verdict: Verdict = .ok, _ stages: [(String, StageStatus)] = [("irqfd_init", .ok)], module: String? = "kvm_intel",
    durationNS: UInt64? = 900_000
  ) -> Run {
    Run(
      task: 0, pid: 100, comm: "modprobe", module: module, vendor: module == nil ? nil : module == "kvm_amd" ? .amd : .intel, rootRow: 0,
      root: "do_init_module", verdict: verdict, reason: "because", startNS: 1_000_100, durationNS: durationNS,
      stages: stages.compactMap { id, status in
        Catalogue.stage(id).map {
          StageResult(stage: $0, status: status, durationNS: status == .ok ? 30_000 : nil, calls: status == .ok ? 1 : 0)
        }
      })
  }

  private func set(_ change: (inout ExpectationSet) -> Void) -> ExpectationSet {
    var set = ExpectationSet()
    change(&set)
    return set
  }

  private func judge(
    _ sets: [ExpectationSet], _ runs: [Run], _ recording: Recording? = nil, path: String = "a/trace.dat",
    kernel: KernelVersion? = "6.12.107",
    allowUnmatched: Bool = false
  ) -> [ExpectationResult] {
    ExpectationJudge.judge(
      Expectations(path: "e.yaml", sets: sets), path: path, recording ?? self.recording(), Analysis(runs: runs), kernel: kernel,
      allowUnmatched: allowUnmatched)
  }

  private func outcomes(_ results: [ExpectationResult], _ kind: ExpectationResult.Kind) -> [Outcome] {
    results.filter { $0.kind == kind }.map(\.outcome)
  }

  // MARK: verdict

  @Test(arguments: [
    (Verdict.ok, [Verdict.ok], ExpectationResult.Outcome.pass), (.failed, [.ok], .fail), (.ok, [.failed], .fail),
    (.incomplete, [.ok], .inconclusive),
    (.incomplete, [.failed], .inconclusive), (.unknown, [.ok], .inconclusive), (.incomplete, [.incomplete], .pass),
    (.unknown, [.ok, .unknown], .pass),
  ])
  func verdicts(_ found: Verdict, _ expected: [Verdict], _ outcome: ExpectationResult.Outcome) {
    #expect(outcomes(judge([set { $0.verdicts = expected }], [run(found)]), .verdict) == [outcome])
  }

  @Test func aMissingStageBreaksAnOKUnlessTolerated() {
    let missing = run(.ok, [("irqfd_init", .ok), ("vfio", .missing)])
    let results = judge([set { $0.verdicts = [.ok] }], [missing])
    #expect(outcomes(results, .missingStages) == [.fail])
    #expect(results.last?.subject == "vfio")
    #expect(outcomes(judge([set { ($0.verdicts, $0.toleratedStages) = ([.ok], ["vfio"]) }], [missing]), .missingStages) == [.pass])
    #expect(outcomes(judge([set { ($0.verdicts, $0.toleratedStatuses) = ([.ok], [.missing]) }], [missing]), .missingStages) == [.pass])
    // What the set says of the stage itself is judged there.
    let named = judge([set { ($0.verdicts, $0.stages) = ([.ok], [StageExpectation(stage: "vfio", statuses: [.ok])]) }], [missing])
    #expect(outcomes(named, .missingStages) == [.pass])
    #expect(outcomes(named, .stageStatus) == [.fail])
  }

  // MARK: stages

  @Test(arguments: [
    (StageStatus.ok, ExpectationResult.Outcome.pass), (.failed, .fail), (.missing, .fail), (.skipped, .fail), (.notReached, .fail),
    (.absent, .fail),
    (.notTraced, .inconclusive), (.notVisible, .inconclusive),
  ])
  func stagesThatMustBeOK(_ status: StageStatus, _ outcome: ExpectationResult.Outcome) {
    let expected = set { $0.stages = [StageExpectation(stage: "irqfd_init", statuses: [.ok])] }
    #expect(outcomes(judge([expected], [run(.ok, [("irqfd_init", status)])]), .stageStatus) == [outcome])
    let tolerant = set { ($0.stages, $0.toleratedStatuses) = ([StageExpectation(stage: "irqfd_init", statuses: [.ok])], [status]) }
    #expect(outcomes(judge([tolerant], [run(.ok, [("irqfd_init", status)])]), .stageStatus) == [.pass])
  }

  @Test func aStageOfAnotherVendorIsNotApplicable() {
    let expected = set { $0.stages = [StageExpectation(stage: "sev_setup", statuses: [.ok])] }
    #expect(outcomes(judge([expected], [run()]), .stageStatus) == [.notApplicable])
    #expect(outcomes(judge([expected], [run(module: nil)]), .stageStatus) == [.inconclusive])
  }

  @Test func stagesBehindAFailureAreNoNewsWhereTheVerdictSaysIt() {
    let stage = StageExpectation(stage: "irqfd_init", statuses: [.ok], calls: 1...1)
    let failed = run(.failed, [("irqfd_init", .notReached)])
    #expect(outcomes(judge([set { ($0.verdicts, $0.stages) = ([.ok], [stage]) }], [failed]), .stageStatus) == [.notApplicable])
    #expect(outcomes(judge([set { $0.stages = [stage] }], [failed]), .stageStatus) == [.fail])
  }

  @Test func timesAndCalls() {
    func stage(max: String, calls: ClosedRange<Int>) -> ExpectationSet {
      set { $0.stages = [StageExpectation(stage: "irqfd_init", maxDuration: TimeLimit(max), calls: calls)] }
    }
    let within = judge([stage(max: "30us", calls: 1...Int.max)], [run()])
    #expect(within.map(\.outcome) == [.pass, .pass])
    #expect(within.map(\.expected) == ["at most 30us", "at least 1"])
    #expect(judge([stage(max: "29us", calls: 2...2)], [run()]).map(\.outcome) == [.fail, .fail])
    #expect(
      judge([stage(max: "29us", calls: 1...1)], [run(.ok, [("irqfd_init", .notTraced)])]).map(\.outcome) == [.inconclusive, .inconclusive])
    #expect(judge([stage(max: "29us", calls: 0...0)], [run(.ok, [("irqfd_init", .skipped)])]).map(\.outcome) == [.notApplicable, .pass])
  }

  @Test(arguments: [(900_000 as UInt64?, "1ms", ExpectationResult.Outcome.pass), (900_000, "899us", .fail), (nil, "1s", .inconclusive)])
  func theTimeOfTheRun(_ found: UInt64?, _ limit: String, _ outcome: ExpectationResult.Outcome) {
    #expect(judge([set { $0.maxDuration = TimeLimit(limit) }], [run(durationNS: found)]).map(\.outcome) == [outcome])
  }

  // MARK: functions

  private func functions(_ required: String? = nil, forbidden: String? = nil) -> ExpectationSet {
    set { set in
      set.requiredFunctions = required.map { [FunctionPattern($0)] } ?? []
      set.forbiddenFunctions = forbidden.map { [FunctionPattern($0)] } ?? []
    }
  }

  @Test func functionsThatAreThereOrNot() throws {
    let found = judge([functions("kvm_init", forbidden: "kfree")], [run()])
    #expect(found.map(\.outcome) == [.pass, .fail])
    #expect(found.map(\.found) == ["a call of kvm_init [kvm]", "a call of kfree"])
    #expect(found.first?.place.offsetNS == 300)
    #expect(judge([functions("kvm_gone", forbidden: "kvm_gone")], [run()]).map(\.outcome) == [.fail, .pass])
    #expect(judge([functions("kvm_init [kvm]", forbidden: "kvm_init [kvm_intel]")], [run()]).map(\.outcome) == [.pass, .pass])
  }

  @Test func functionsUnderOtherNames() {
    let renamed = recording(Self.calls.replacing("a1 ", with: "kvm_mmu_vendor_module_init "))
    #expect(judge([functions("kvm_mmu_module_init")], [run()], renamed).map(\.outcome) == [.pass])
    // It stands for kmem_cache_create and for others.
    let shared = recording(Self.calls.replacing("a1 ", with: "__kmem_cache_create_args "))
    #expect(
      judge([functions("kmem_cache_create", forbidden: "kmem_cache_create_usercopy")], [run()], shared).map(\.outcome) == [
        .inconclusive, .inconclusive,
      ])
  }

  @Test(arguments: [
    ("a name is gone", "a1 ", "0xc0123456 ", "has no name"),
    ("the root is kvm_init", "do_init_module[] 900us { do_one_initcall 800us {", "kvm_init { a {", "record with the root"),
    ("events are lost", "a3 ", "!lost a3 ", "events were lost"),
  ])
  func functionsThatCannotBeTold(_: String, _ old: String, _ new: String, _ reason: String) {
    var run = run()
    let recording = recording(Self.calls.replacing(old, with: new))
    run.integrity.lostEvents = recording.lostEvents
    let results = judge([functions("kvm_gone", forbidden: "kvm_gone")], [run], recording)
    #expect(results.map(\.outcome) == [.inconclusive, .inconclusive])
    #expect(results.allSatisfy { $0.reason?.contains(reason) == true }, "\(results.map(\.reason))")
  }

  /// Text without times does not tell when the run was on: what other tasks call may have been called then.
  @Test func functionsInOtherTasksWithoutTimes() {
    var recording = recording(Self.calls + " !task 7 kworker; kvm_far[kvm]")
    recording.hasTimes = false
    let results = judge([functions("kvm_far", forbidden: "kvm_far")], [run()], recording)
    #expect(results.map(\.outcome) == [.inconclusive, .inconclusive])
    #expect(results.allSatisfy { $0.reason?.hasPrefix("called in another task") == true }, "\(results.map(\.reason))")
    #expect(judge([functions("kvm_gone", forbidden: "kvm_gone")], [run()], recording).map(\.outcome) == [.fail, .pass])
    // Where the end of the run is not known, neither.
    recording.hasTimes = true
    #expect(judge([functions(forbidden: "kvm_far")], [run(durationNS: nil)], recording).map(\.outcome) == [.inconclusive])
  }

  @Test func aDepthLimitAndTheRecordersDetailHideFunctions() {
    let shallow = recording("do_init_module { do_one_initcall { vmx_init { kvm_init } } }")
    #expect(judge([functions(forbidden: "kvm_gone")], [run()], shallow).first?.reason?.contains("depth limit") == true)
    var sparse = recording()
    sparse.source.recorder = RecordingFacts(toolVersion: "1")
    sparse.source.recorder?.detail = .stages
    #expect(judge([functions("kvm_gone")], [run()], sparse).map(\.outcome) == [.inconclusive])
    // A step's own function is recorded at every detail.
    #expect(judge([functions("kvm_vfio_ops_init")], [run()], sparse).map(\.outcome) == [.fail])
  }

  // MARK: the trace

  @Test func lostEventsAndRuns() {
    #expect(judge([set { $0.maxLostEvents = 0 }], [run()]).map(\.outcome) == [.pass])
    let lossy = recording(Self.calls.replacing("a3 ", with: "!lost a3 "))
    #expect(judge([set { $0.maxLostEvents = 9 }], [run()], lossy).map(\.outcome) == [.fail])
    #expect(judge([set { $0.maxLostEvents = 10 }], [run()], lossy).map(\.outcome) == [.pass])
    func runs(_ count: Int) -> ExpectationSet { set { ($0.modules, $0.runs) = (["kvm_intel"], count) } }
    #expect(outcomes(judge([runs(1)], [run(), run(module: "kvm_amd")], allowUnmatched: true), .runs) == [.pass])
    #expect(outcomes(judge([runs(2)], [run()]), .runs) == [.fail])
    #expect(outcomes(judge([runs(2)], [run()], lossy), .runs) == [.inconclusive])
    #expect(outcomes(judge([runs(2)], [run(), run(module: nil)]), .runs) == [.inconclusive])
  }

  // MARK: which set

  @Test func everySetThatFitsIsChecked() {
    let sets = [
      set { $0.verdicts = [.ok] }, set { ($0.modules, $0.verdicts) = (["kvm_intel"], [.failed]) },
      set { ($0.modules, $0.verdicts) = (["kvm_amd"], [.failed]) },
      set { ($0.vendors, $0.verdicts) = ([.amd], [.failed]) }, set { ($0.traces, $0.verdicts) = (PathPatterns(["b/*"]), [.failed]) },
      set { ($0.kernels, $0.verdicts) = ([KernelCondition("6.1")].compactMap { $0 }, [.failed]) },
    ]
    #expect(outcomes(judge(sets, [run()]), .verdict) == [.pass, .fail])
  }

  @Test func aRunThatNoSetFitsIsInconclusive() {
    let other = set { ($0.modules, $0.verdicts) = (["kvm_amd"], [.ok]) }
    #expect(judge([other], [run()]).map(\.outcome) == [.inconclusive])
    #expect(judge([other], [run()]).map(\.kind) == [.matchingSet])
    #expect(judge([other], [run()], allowUnmatched: true).map(\.outcome) == [.notApplicable])
  }

  /// Whether the set is the run's is not known: then neither does it break, nor pass.
  @Test func anUntoldModuleOrKernelIsInconclusive() {
    let intel = set { ($0.modules, $0.verdicts) = (["kvm_intel"], [.ok]) }
    let results = judge([intel], [run(.failed, module: nil)])
    #expect(outcomes(results, .verdict) == [.inconclusive])
    #expect(results.first?.reason?.contains("--vendor") == true)
    let kernel = set { ($0.kernels, $0.verdicts) = ([KernelCondition(">=6.3")].compactMap { $0 }, [.ok]) }
    #expect(outcomes(judge([kernel], [run()], kernel: nil), .verdict) == [.inconclusive])
    // A set that fits for certain goes first.
    #expect(outcomes(judge([kernel, set { $0.verdicts = [.ok] }], [run()], kernel: nil), .verdict) == [.pass])
  }

  // MARK: failures

  @Test func theFailureItself() throws {
    var failed = run(.failed)
    let stage = try #require(Catalogue.stage("cpu_feature_check"))
    failed.failure = Failure(
      stage: stage, function: "0xffffffffc02bd074", path: [PathStep(function: "0xffffffffc02bd074", role: nil, row: 3)],
      errno: "EOPNOTSUPP",
      code: -95, evidence: [], evidenceText: [], inferred: false, log: [], cause: nil, remedy: nil)
    func failure(_ stage: String?, _ errno: String?, _ function: String?) -> [ExpectationResult.Outcome] {
      judge([set { $0.failure = FailureExpectation(stage: stage, errno: errno, function: function.map { FunctionPattern($0) }) }], [failed])
        .map(\.outcome)
    }
    #expect(failure("cpu_feature_check", "EOPNOTSUPP", nil) == [.pass, .pass])
    #expect(failure("vfio", "EIO", "cpu_has_kvm_support") == [.fail, .fail, .inconclusive])
    failed.failure?.path[0].role = "cpu_has_kvm_support"
    #expect(failure(nil, nil, "cpu_has_kvm_support") == [.pass])
    // Two modules may have functions of one name.
    #expect(failure(nil, nil, "cpu_has_kvm_support [kvm_intel]") == [.inconclusive])
    failed.failure?.function = "cpu_has_kvm_support [kvm]"
    #expect(failure(nil, nil, "cpu_has_kvm_support [kvm_intel]") == [.fail])
    #expect(failure(nil, nil, "cpu_has_kvm_support [kvm]") == [.pass])
    // Another function's name stands in the place of the one that failed, and its module with it.
    failed.failure?.function = "svm_get_interrupt_shadow [kvm]"
    #expect(failure(nil, nil, "cpu_has_kvm_support [kvm]") == [.inconclusive])
    failed.failure?.errno = nil
    failed.failure?.code = nil
    #expect(failure(nil, "EIO", nil) == [.inconclusive])
    failed.failure = nil
    failed.verdict = .ok
    #expect(failure("vfio", nil, nil) == [.fail])
    failed.verdict = .incomplete
    #expect(failure("vfio", nil, nil) == [.inconclusive])
  }

  /// They are told no statuses, and one that succeeds may not miss a stage that nobody tolerates.
  @Test func whatUpdateMakesOfRunsThatEndDifferentlyHolds() {
    let runs = [run(.failed, []), run(.ok, [("irqfd_init", .ok), ("arch_init", .missing)])]
    let observed = ObservedTrace(path: "a/trace.dat", recording(), Analysis(runs: runs), kernel: "6.12.107")
    let sets = ExpectationUpdate([observed]).sets()
    #expect(sets.map(\.toleratedStages) == [["arch_init"]])
    #expect(!judge(sets, runs).contains { $0.outcome == .fail })
  }
}
