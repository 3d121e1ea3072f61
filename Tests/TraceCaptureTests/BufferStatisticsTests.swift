import Testing

@testable import TraceCapture

@Suite struct BufferStatisticsTests {
  @Test func lostEvents() {
    let text = """
      entries: 129
      overrun: 5
      commit overrun: 20
      bytes: 6196
      oldest event ts:  4747.371893
      now ts:  4747.372245
      dropped events: 300
      read events: 1000

      """
    #expect(BufferStatistics(text).lost == 325)
    #expect(BufferStatistics("").lost == 0)
    #expect(BufferStatistics("overrun: x\noverrun\ndropped events: -1\nread events: 7\n").lost == 0)
  }

  /// A power of two that takes what was kept and what was lost.
  @Test func theBufferThatWouldHaveDone() {
    // 1,000 events in 48,000 bytes: 100,000 lost ones take 4.6 MB.
    #expect(BufferStatistics.needed(kilobytes: 2048, lost: 100_000, kept: 48_000, events: 1000) == 8192)
    #expect(BufferStatistics.needed(kilobytes: 2048, lost: 1, kept: 48_000, events: 1000) == 2048)
    #expect(BufferStatistics.needed(kilobytes: 100, lost: 1, kept: 0, events: 0) == 1024)
    #expect(BufferStatistics.needed(kilobytes: 3000, lost: 1_000_000, kept: 0, events: 0) == 65_536)
    #expect(BufferStatistics.needed(kilobytes: 1 << 20, lost: .max, kept: .max, events: 1) == 1 << 30)
  }
}
