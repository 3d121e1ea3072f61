import Testing

@testable import KVMStages

/// When a time has changed.
@Suite struct DurationSampleTests {
  private func timing(
    _ before: [UInt64], _ after: [UInt64], threshold: Double = 0.1, single: Bool = false, resolution: UInt64 = 1
  ) -> Timing? {
    let judge = TimeJudge(options: DiffOptions(threshold: threshold, judgesSingleRuns: single), resolution: resolution)
    let forward = judge.timing(before: DurationSample(before), after: DurationSample(after))
    let backward = judge.timing(before: DurationSample(after), after: DurationSample(before))
    let mirrored: [Timing?: Timing?] = [.slower: .faster, .faster: .slower, .same: .same, nil: nil]
    #expect(mirrored[forward] == .some(backward), "\(before) \(after)")
    return forward
  }

  @Test func medians() {
    #expect(DurationSample([]).median == nil)
    #expect(DurationSample([7]).median == 7)
    #expect(DurationSample([30, 10]).median == 20)
    #expect(DurationSample([30, 10, 11]).median == 11)
    #expect(DurationSample([.max, .max - 1]).median == UInt64.max - 1)
  }

  @Test func spreads() {
    #expect(DurationSample([]).spread == 0)
    #expect(DurationSample([5]).spread == 0)
    #expect(DurationSample([5, 9, 6]).spread == 4)
    // From the first to the third quartile: one outlier says nothing.
    #expect(DurationSample([10, 11, 12, 13, 900]).spread == 2)
  }

  @Test func aSingleRunIsNotJudged() {
    #expect(timing([100], [900]) == nil)
    #expect(timing([100, 101], [900]) == nil)
    #expect(timing([], [900, 901]) == nil)
  }

  @Test func aSingleRunIsJudgedWhenAskedTo() {
    #expect(timing([100], [900], single: true) == .slower)
    #expect(timing([1000], [1050], single: true) == .same)
    #expect(timing([100], [], single: true) == nil)
  }

  @Test func beyondNoiseAndThreshold() {
    #expect(timing([1000, 1010, 1005], [1200, 1210, 1220]) == .slower)
    #expect(timing([1200, 1210, 1220], [1000, 1010, 1005]) == .faster)
  }

  @Test func withinTheNoiseIsTheSame() {
    #expect(timing([1000, 1500, 1200], [1400, 1900, 1700]) == .same)
  }

  @Test func belowTheThresholdIsTheSame() {
    #expect(timing([1000, 1001, 1002], [1050, 1051, 1052]) == .same)
    #expect(timing([1000, 1001, 1002], [1050, 1051, 1052], threshold: 0.02) == .slower)
  }

  /// Text has microseconds: 1 and 2 of them may be 1.9 and 2.0.
  @Test func whatTheTraceCannotTellApartIsTheSame() {
    #expect(timing([1000, 1000], [2000, 2000], resolution: 1000) == .same)
    #expect(timing([1000, 1000], [3000, 3000], resolution: 1000) == .slower)
  }
}
