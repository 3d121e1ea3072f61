import Testing

@testable import KVMStages

/// What the catalogue says of a stage between two kernels.
@Suite struct StageHistoryTests {
  private func history(_ id: String, _ one: KernelVersion, _ other: KernelVersion, _ vendor: Vendor = .amd) throws -> StageHistory {
    StageHistory(try #require(Catalogue.stage(id)), vendor: vendor, between: one, and: other)
  }

  @Test func aNewStageNamesItsRelease() throws {
    #expect(try history("virtualization_enable", "5.10", "6.12.117").presence == "new in 6.12")
    #expect(try history("virtualization_enable", "6.12", "7.3").presence == nil)
  }

  @Test func whatAStableLineGotEarlyIsNamed() throws {
    #expect(try history("x86_vendor_init", "5.10", "6.12").presence == "new in 6.3 (6.1.x: since 6.1.20)")
    #expect(try history("x86_vendor_init", "5.10", "6.1.100").presence == "new in 6.1.20")
  }

  @Test func aStageThatIsGoneNamesWhatTookItsPlace() throws {
    let presence = try #require(try history("arch_hardware_setup", "6.2", "6.3").presence)
    #expect(presence == "since 6.3 part of x86_vendor_init")
    #expect(try history("fpu_cache", "5.10", "6.12").presence == "removed in 5.17")
  }

  @Test func whatBecamePartOfTheLoad() throws {
    #expect(try history("hardware_enable_cpu", "6.11", "6.12").presence == "part of the load since 6.12")
  }

  /// The history is that of the kernels, whichever of them comes first on the command line.
  @Test func theOrderOfTheSidesDoesNotMatter() throws {
    let there = try history("emulator_cache", "5.10", "6.12")
    let back = try history("emulator_cache", "6.12", "5.10")
    #expect(there.callers == "since 6.3 called by kvm_x86_vendor_init, before that by kvm_arch_init")
    #expect(there.callers == back.callers && there.callersDiffer && back.callersDiffer)
  }

  @Test func aMoveInTwoStepsTellsBoth() throws {
    #expect(
      try history("perf_callbacks", "5.10", "6.12").callers
        == "since 6.3 called by kvm_x86_vendor_init, before that by kvm_arch_hardware_setup; "
        + "since 5.15 called by kvm_arch_hardware_setup, before that by kvm_arch_init")
  }

  @Test func conditions() throws {
    #expect(try history("timer_init", "5.10", "7.3", .intel).condition == "since 6.2 only if the CPU lacks a constant TSC")
    #expect(try history("timer_init", "6.3", "7.3", .intel).condition == nil)
  }

  @Test func orders() throws {
    let mask = try #require(Catalogue.stage("cpu_kick_mask"))
    #expect(try history("irqfd_init", "6.1", "6.12").order(against: mask) == "since 6.3 after CPU masks for kicks")
    #expect(try history("irqfd_init", "6.3", "6.12").order(against: mask) == nil)
  }
}
