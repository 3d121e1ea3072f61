import CallTrees
import Testing

@testable import KVMStages

/// Which stages differ, in traces written here.
@Suite struct StageDiffTests {
  private static let whole = """
    do_init_module 900us { do_one_initcall 800us =0 { svm_init[kvm_amd] 700us =0 {
      __kvm_is_svm_supported[kvm_amd] 1us =1 kvm_x86_vendor_init[kvm] 300us =0 { svm_hardware_setup[kvm_amd] 100us =0 }
      kvm_init[kvm] 200us =0 { kvm_irqfd_init[kvm] 10us =0 kvm_vfio_ops_init[kvm] 5us =0 misc_register 20us =0 { mutex_lock device_add } } } } }
    """
  private static let failing = """
    do_init_module 900us { do_one_initcall 800us =-95 { svm_init[kvm_amd] 700us =-95 { __kvm_is_svm_supported[kvm_amd] 1us =0 } } free_module }
    """

  private func kinds(_ diff: RunDiff) -> [String: StageChange.Kind] {
    Dictionary(uniqueKeysWithValues: diff.stages.map { ($0.stage.id, $0.kind) })
  }

  @Test func theSameTrace() throws {
    let diff = try SmallDiff.diff([Self.whole], [Self.whole])
    #expect(!diff.isDifferent && diff.differentStages == 0)
  }

  @Test func aStageThatIsMissingChanged() throws {
    let less = Self.whole.replacing("kvm_irqfd_init[kvm] 10us =0", with: "")
    let diff = try SmallDiff.diff([Self.whole], [less])
    #expect(kinds(diff)["irqfd_init"] == .status)
    #expect(diff.stages.first { $0.stage.id == "irqfd_init" }?.after?.status == .missing)
    #expect(diff.exitStatus == 1)
  }

  @Test func whereALoadEnded() throws {
    let diff = try SmallDiff.diff([Self.whole], [Self.failing])
    #expect(diff.verdictsDiffer && diff.after.failure?.stage.id == "vendor_support_check")
    let kinds = kinds(diff)
    #expect(kinds["vendor_support_check"] == .status && kinds["kvm_init"] == .status)
    #expect(diff.stages.first { $0.stage.id == "kvm_init" }?.after?.status == .notReached)
  }

  @Test func anotherOrder() throws {
    let other = Self.whole.replacing(
      "kvm_irqfd_init[kvm] 10us =0 kvm_vfio_ops_init[kvm] 5us =0", with: "kvm_vfio_ops_init[kvm] 5us =0 kvm_irqfd_init[kvm] 10us =0")
    let diff = try SmallDiff.diff([Self.whole], [other])
    let moved = diff.stages.filter { $0.kind == .moved }
    #expect(moved.count == 1)
    #expect(moved.first?.reasons.first?.hasPrefix("now ") ?? false, "\(moved.map(\.reasons))")
  }

  @Test func anotherCallerThanTheSourcesKnow() throws {
    let other = Self.whole.replacing("kvm_irqfd_init[kvm] 10us =0", with: "kvm_other[kvm] 12us { kvm_irqfd_init[kvm] 10us =0 }")
    let diff = try SmallDiff.diff([Self.whole], [other])
    let change = try #require(diff.stages.first { $0.stage.id == "irqfd_init" })
    #expect(change.kind == .moved)
    #expect(change.reasons == ["called by kvm_other, before by kvm_init"])
  }

  @Test func slowerStagesOfSeveralRuns() throws {
    func run(_ time: Int) -> String { Self.whole.replacing("kvm_irqfd_init[kvm] 10us", with: "kvm_irqfd_init[kvm] \(time)us") }
    let diff = try SmallDiff.diff([run(10), run(11), run(10)], [run(30), run(31), run(33)])
    #expect(kinds(diff)["irqfd_init"] == .slower)
    #expect(diff.stages.count { $0.isDifference } == 1)
    let single = try SmallDiff.diff([run(10)], [run(30)])
    #expect(!single.isDifferent && single.isTooFewToJudge)
  }

  /// Interrupts are not the stage's.
  @Test func timeInInterruptsIsNotJudged() throws {
    func run(_ irq: Int) -> String {
      let times = irq == 0 ? "10us" : "\(10 + irq)us { irq_enter_rcu \(irq)us }"
      return Self.whole.replacing("kvm_irqfd_init[kvm] 10us =0", with: "kvm_irqfd_init[kvm] \(times)")
    }
    let diff = try SmallDiff.diff([run(0), run(0), run(0)], [run(50), run(51), run(52)])
    #expect(kinds(diff)["irqfd_init"] == .same)
  }

  /// What a side does not tell is neither the same, nor another.
  @Test func aRunWhoseEndIsNotToldIsUndecided() throws {
    let lossy = Self.whole.replacing("kvm_vfio_ops_init[kvm] 5us =0", with: "!lost kvm_vfio_ops_init[kvm] 5us =0")
    for diff in [try SmallDiff.diff([Self.whole], [lossy]), try SmallDiff.diff([lossy], [Self.whole])] {
      #expect(!diff.verdictsDiffer && diff.exitStatus == 2, "\(diff.before.verdicts) \(diff.after.verdicts)")
    }
    // Beside runs that tell it, too; and a failure is one all the same.
    #expect(try SmallDiff.diff([Self.whole, lossy], [Self.whole, Self.whole]).exitStatus == 2)
    #expect(try SmallDiff.diff([Self.whole, lossy], [Self.failing]).verdictsDiffer)
  }

  @Test func aStageThatOneOfTheRunsDoesNotTell() throws {
    func side(_ statuses: [StageStatus]) throws -> DiffSide {
      let digests = try statuses.map { status in
        var digest = try SmallDiff.digest(Self.whole)
        let index = try #require(digest.run.stages.firstIndex { $0.stage.id == "vfio" })
        digest.run.stages[index].status = status
        digest.run.stages[index].note = status.rawValue
        return digest
      }
      return try #require(DiffSide(digests))
    }
    func change(_ old: [StageStatus], _ new: [StageStatus]) throws -> StageChange {
      try #require(RunDiff(try side(old), try side(new)).stages.first { $0.stage.id == "vfio" })
    }
    let first = try change([.skipped, .notTraced], [.skipped, .skipped])
    #expect(first.kind == .undecided)
    #expect(first.reasons == ["cannot be told from before: not-traced"])
    #expect(try change([.ok, .skipped], [.notTraced]).kind == .undecided)
    #expect(try change([.ok, .notTraced], [.ok, .skipped]).kind == .undecided)
    #expect(try change([.ok, .notTraced], [.skipped]).kind == .gone)
    #expect(try change([.skipped], [.ok, .notTraced]).kind == .appeared)
  }

  @Test func runsThatDoNotAgree() throws {
    let mixed = try SmallDiff.diff([Self.whole, Self.failing], [Self.whole])
    #expect(mixed.verdictsDiffer && mixed.exitStatus == 1)
    let change = try #require(mixed.stages.first { $0.stage.id == "kvm_init" })
    #expect(change.kind == .status && change.before?.status == nil)
    #expect(try !SmallDiff.diff([Self.whole, Self.failing], [Self.failing, Self.whole]).isDifferent)
  }
}
