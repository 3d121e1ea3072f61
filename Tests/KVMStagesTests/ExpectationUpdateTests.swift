import CallTrees
import SmallTraces
import Testing

@testable import KVMStages

/// What `check --update` makes of traces holds for these traces.
@Suite struct ExpectationUpdateTests {
  /// A trace with runs made by hand.
  private struct Trace {
    var path: String
    var runs: [Run]
    var kernel: KernelVersion? = "6.12.107"
  }

  private let recording = SmallTrace.recording("do_init_module { kvm_init[kvm] }", kernel: "6.12.107")

  private func run(_ verdict: Verdict = .ok, module: String? = "kvm_amd", time: UInt64? = 30_000, failure: String? = nil) -> Run {
    let stages: [(String, StageStatus, UInt64?)] = [("irqfd_init", .ok, time), ("vfio", .skipped, nil)]
    var run = Run(
      task: 0, pid: 100, comm: "modprobe", module: module, vendor: module == nil ? nil : .amd, rootRow: 0, root: "do_init_module",
      verdict: verdict, reason: "because", startNS: 1_000_100, durationNS: time.map { $0 * 9 },
      stages: verdict != .ok
        ? []
        : stages.compactMap { id, status, time in
          Catalogue.stage(id).map { StageResult(stage: $0, status: status, durationNS: time, calls: status == .ok ? 1 : 0) }
        })
    run.failure = failure.flatMap(Catalogue.stage).map {
      Failure(
        stage: $0, function: nil, path: [], errno: "EIO", code: -5, evidence: [], evidenceText: [], inferred: false, log: [], cause: nil,
        remedy: nil)
    }
    return run
  }

  private func sets(_ traces: [Trace], slack: Double? = nil) -> [ExpectationSet] {
    let observed = traces.map { ObservedTrace(path: $0.path, recording, Analysis(runs: $0.runs), kernel: $0.kernel) }
    return ExpectationUpdate(observed, slack: slack).sets()
  }

  /// What does not pass, of the traces' own expectations.
  private func broken(_ traces: [Trace], slack: Double? = nil) -> [ExpectationResult] {
    let expectations = Expectations(path: "e.yaml", sets: sets(traces, slack: slack))
    return traces.flatMap { trace in
      ExpectationJudge.judge(expectations, path: trace.path, recording, Analysis(runs: trace.runs), kernel: trace.kernel)
    }.filter { $0.outcome == .fail || $0.outcome == .inconclusive }
  }

  @Test func aFailedRunBesideOneOfAnUnknownModule() {
    let traces = [
      Trace(path: "a.dat", runs: [run()]), Trace(path: "b.dat", runs: [run(.failed, failure: "kvm_init"), run(.failed, module: nil)]),
    ]
    #expect(sets(traces).first?.traces.texts == ["!b.dat"])
    #expect(broken(traces).isEmpty, "\(broken(traces).map(\.title))")
  }

  /// The end of one path is the whole of another: no pattern for the other alone fits it alone.
  @Test(arguments: [
    (["trace.dat"], ["old/trace.dat", "a.dat"]), (["trace.dat", "x/old/trace.dat"], ["old/trace.dat", "a.dat"]),
    (["old/trace.dat"], ["trace.dat", "x/old/trace.dat", "a.dat"]), (["trace.dat", "b.dat", "c.dat"], ["old/trace.dat"]),
  ])
  func pathsThatAreEndsOfOthers(_ failed: [String], _ loaded: [String]) {
    let traces =
      failed.map { Trace(path: $0, runs: [run(.failed, failure: "kvm_init")]) } + loaded.map { Trace(path: $0, runs: [run()]) }
    #expect(broken(traces).isEmpty, "\(broken(traces).map(\.title))")
    #expect(broken(traces.reversed()).isEmpty, "\(broken(traces.reversed()).map(\.title))")
  }

  @Test func patternsOfPathsThatAreEndsOfOthers() {
    let traces = [
      Trace(path: "trace.dat", runs: [run(.failed, failure: "kvm_init")]), Trace(path: "old/trace.dat", runs: [run()]),
      Trace(path: "a.dat", runs: [run()]),
    ]
    #expect(sets(traces).map(\.traces.texts) == [["!trace.dat"], ["trace.dat", "!old/trace.dat"], ["old/trace.dat"]])
  }

  /// A limit for what was not measured would be inconclusive.
  @Test func limitsAreForWhatIsMeasured() {
    let timed = Trace(path: "a.dat", runs: [run(), run(time: 500_000)])
    #expect(sets([timed], slack: 3).first?.stages.map(\.maxDuration?.description) == ["1.6ms", nil])
    #expect(sets([timed], slack: 3).first?.maxDuration != nil)
    let untimed = Trace(path: "b.dat", runs: [run(time: nil)])
    #expect(sets([timed, untimed], slack: 3).map(\.stages[0].maxDuration) == [nil])
    #expect(sets([timed, untimed], slack: 3).map(\.maxDuration) == [nil])
    #expect(broken([timed, untimed], slack: 3).isEmpty)
  }
}
