import Corruption
import Testing

@testable import TraceFile

@Suite struct PageScanTests {
  private static let function: UInt64 = 0xffff_ffff_8100_0000

  private static let formats: [(system: String, text: String)] = [
    ("ftrace", DatWriter.entryFormat()), ("ftrace", DatWriter.exitFormat()),
    (
      "sched",
      DatWriter.format("sched_process_fork", id: 30, [("pid_t parent_pid", 8, 4, true), ("pid_t child_pid", 12, 4, true)])
    ),
    ("sched", DatWriter.format("sched_switch", id: 31, [("pid_t prev_pid", 8, 4, true), ("pid_t next_pid", 12, 4, true)])),
    (
      "kprobes",
      DatWriter.format("r_vmx_init", id: 32, [("unsigned long __probe_func", 8, 8, false), ("unsigned long __probe_ret_ip", 16, 8, false)])
        .replacing("%ps", with: "%lx")
    ),
    (
      "cpuhp",
      DatWriter.format("cpuhp_enter", id: 33, [("unsigned int cpu", 8, 4, false), ("int idx", 12, 4, true), ("void * fun", 16, 8, false)])
    ),
    ("module", DatWriter.format("module_put", id: 34, [("unsigned long ip", 8, 8, false), ("int refcnt", 16, 4, true)])),
    ("initcall", DatWriter.format("initcall_start", id: 35, [("initcall_t func", 8, 8, true)])),
  ]

  private static func scan(_ pages: [[UInt8]], keep: EventFilter? = nil) throws -> PageScan {
    let writer = DatWriter()
    return try PageScan([try PageTesting.spool(pages.flatMap { $0 })], format: PageTesting.format(writer, events: formats), keep: keep)
  }

  private static func pages() -> [[UInt8]] {
    let writer = DatWriter()
    let records = [
      writer.enter(function, depth: 0), writer.leave(function + 64, depth: 0, from: 1, to: 2),
      writer.common(30) + writer.number(Int32(42)) + writer.number(Int32(43)),
      writer.common(31, pid: 43) + writer.number(Int32(43)) + writer.number(Int32(0)),
      writer.common(32, pid: 43) + writer.number(function + 128) + writer.number(function + 200),
      writer.common(33, pid: 20) + writer.number(UInt32(1)) + writer.number(Int32(5)) + writer.number(function + 256),
      writer.common(34) + writer.number(function + 300) + writer.number(Int32(1)),
      writer.common(35) + writer.number(function + 384),
      // Numbers without a format, and records that end early.
      writer.common(99), writer.common(11), writer.common(30),
    ]
    return [writer.page(time: 100, events: records.flatMap { writer.event(delta: 1, $0) })]
  }

  @Test func whatOccursIsFound() throws {
    let scan = try Self.scan(Self.pages())
    #expect(scan.counts == [11: 2, 10: 1, 30: 2, 31: 1, 32: 1, 33: 1, 34: 1, 35: 1, 99: 1])
    #expect(scan.events == 11)
    #expect(scan.entries == [Self.function, Self.function + 64, Self.function + 128, Self.function + 256])
    #expect(scan.initcalls == [Self.function + 384] && scan.functions == scan.entries.union(scan.initcalls))
    #expect(scan.places == [Self.function + 300])
    #expect(scan.forks == [PageScan.Fork(parent: 42, child: 43)])
    #expect(scan.probes == [PageScan.Probe(event: "r_vmx_init", function: Self.function + 128)])
    #expect(scan.gaps.isEmpty && scan.damagedPages == 0)
  }

  @Test func onlyWhatIsKeptIsLookedAt() throws {
    let scan = try Self.scan(Self.pages()) { $0.pid == 43 || $0.otherPID == 43 }
    #expect(scan.counts == [30: 1, 31: 1, 32: 1])
    #expect(scan.functions == [Self.function + 128])
  }

  @Test func gapsAndDamageAreCounted() throws {
    let writer = DatWriter()
    let good = writer.event(delta: 1, writer.common(11))
    let scan = try Self.scan([
      writer.page(time: 1, events: good, missed: 7), writer.page(time: 2, events: good, missed: 8),
      writer.page(time: 3, events: good, missed: -1),
      writer.page(time: 4, events: good + writer.word(type: 28, delta: 1)), writer.page(time: 5, events: writer.event(delta: 1, [1, 2])),
      [1, 2, 3],
    ])
    var gaps = PageScan.Gaps()
    (gaps.count, gaps.lostEvents, gaps.unknown) = (3, 15, 1)
    #expect(scan.gaps == [0: gaps])
    #expect(scan.damagedPages == 3)
    #expect(scan.counts == [11: 4])
  }

  @Test func garbageDoesNoHarm() throws {
    for seed in 1...30 as ClosedRange<UInt64> {
      var dice = Dice(seed)
      _ = try Self.scan([(0..<10_000).map { _ in UInt8(truncatingIfNeeded: dice.roll(256) & dice.roll(256)) }])
    }
  }

  @Test func aSpoolThatEndsEarlyIsAnError() throws {
    let pages = try PageTesting.spool([UInt8](repeating: 0, count: 4096), cpu: 3, size: 8192)
    let error = #expect(throws: DatWriteError.self) { try PageScan([pages], format: PageTesting.format(DatWriter())) }
    #expect(
      "\(try #require(error))" == "pages: the events of CPU 3 cannot be read back: the file ends early; name another file, and record again"
    )
  }
}
