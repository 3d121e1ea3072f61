import CallTrees
import SmallTraces
import Testing

@testable import KVMStages

/// What is found once for all runs of a trace: a run is judged as if it were alone.
struct RunsBesideOthersTests {
  private static let loads = [
    "vmx_init[kvm_intel] 7ms { kvm_init[kvm] 4ms { kvm_irqfd_init[kvm] 1us } }",
    "vmx_init[kvm_intel] 7ms { kvm_init[kvm] 4ms { kvm_irqfd_init[kvm] 1us } 0xffffffffc1000010 1us }",
    "vmx_init[kvm_intel] 7ms { kvm_x86_vendor_init[kvm] 2ms { mutex_lock 1us } kvm_init[kvm] 4ms { kvm_irqfd_init[kvm] 1us } }",
    "vmx_init[kvm_intel] 7ms { kvm_x86_vendor_init[kvm] 2ms { 0xffffffffc1000010 1us mutex_lock 1us } kvm_init[kvm] 4ms { kvm_x[kvm] } }",
  ].map { "do_init_module 9ms { do_one_initcall 8ms { \($0) } }" }

  private struct Judgement: Equatable {
    var version: KernelVersion?
    var verdict: Verdict
    var statuses: [StageStatus]
    var notes: [String]

    init(_ run: Run) { (version, verdict, statuses, notes) = (run.version, run.verdict, run.stages.map(\.status), run.notes) }
  }

  private func judgements(_ text: String, kernel: String?) -> [Judgement] {
    Analyser.analyse(SmallTrace.recording(text, kernel: kernel)).runs.map(Judgement.init)
  }

  @Test(arguments: [nil, "6.1.10", "6.12.107"]) func eachIsJudgedByItself(kernel: String?) {
    let alone = Self.loads.map { judgements($0, kernel: kernel) }
    for (first, one) in Self.loads.enumerated() {
      for (second, other) in Self.loads.enumerated() {
        #expect(judgements(one + " " + other, kernel: kernel) == alone[first] + alone[second])
      }
    }
  }
}
