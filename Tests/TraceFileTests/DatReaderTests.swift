import CallTrees
import Corruption
import Testing

@testable import TraceFile

/// Files of every shape, written by the tests.
@Suite struct DatReaderTests {
  static let kvmInit: UInt64 = 0xffff_ffff_8100_0004
  static let archInit: UInt64 = 0xffff_ffff_8100_0104

  /// `kvm_init 300 ns { kvm_arch_init 100 ns }` on CPU 1, in two pages.
  static func writer(
    _ version: DatWriter.Version = .v7, _ compression: Compression = .none, bigEndian: Bool = false, long: Int = 8
  ) -> DatWriter {
    var writer = DatWriter()
    writer.version = version
    writer.compression = compression
    writer.isBigEndian = bigEndian
    writer.longSize = long
    writer.formats = [("ftrace", [DatWriter.entryFormat(long: long), DatWriter.exitFormat(long: long)])]
    if long == 4 { writer.kallsyms = "c1000000 T kvm_init\nc1000100 t kvm_arch_init\t[kvm]\n" }
    writer.options = [
      (5, DatWriter.string("Linux host 6.1.0 x86_64")), (8, writer.number(UInt32(2))), (4, DatWriter.string("local [global] mono\n")),
    ]
    let (one, two) = long == 4 ? (0xc100_0004, 0xc100_0104) : (kvmInit, archInit)
    let first = writer.event(delta: 5, writer.enter(one, depth: 0)) + writer.event(delta: 100, writer.enter(two, depth: 1))
    let second =
      writer.event(delta: 0, writer.leave(two, depth: 1, from: 50, to: 150))
      + writer.event(delta: 100, writer.leave(one, depth: 0, from: 0, to: 300))
    writer.buffers = [
      ("", [(0, []), (1, [writer.page(time: 1000, events: first), writer.page(time: 1205, events: second)])])
    ]
    return writer
  }

  private static func shown(_ recording: Recording) -> [String] {
    recording.tasks.flatMap { task in
      zip(task.tree.calls, task.tree.cpus).map { call, cpu in
        "\(task.comm ?? "?")-\(task.pid ?? -1) \(cpu) \(call.start) \(recording.function(call.function).displayName)/\(call.depth) \(call.duration)"
      }
    }
  }

  private static let expected = ["modprobe-42 1 1005 kvm_init/0 300", "modprobe-42 1 1105 kvm_arch_init [kvm]/1 100"]

  @Test(arguments: [DatWriter.Version.v6, .v7], [false, true])
  func bothVersionsInBothByteOrders(version: DatWriter.Version, bigEndian: Bool) throws {
    for long in [4, 8] {
      let recording = try TraceReader.read(Self.writer(version, bigEndian: bigEndian, long: long).file().bytes)
      #expect(Self.shown(recording) == Self.expected)
      #expect(recording.damage.isEmpty, "\(recording.damage)")
      #expect(recording.losses.isEmpty)
      #expect(recording.source.kernel == "6.1.0")
      #expect(recording.source.machine == "x86_64")
      #expect(recording.source.cpus == 2)
      #expect(recording.source.kind == (version == .v6 ? .traceCmdV6 : .traceCmdV7))
      #expect(recording.source.events == 4)
    }
  }

  /// Since 6.8 a page of the ring buffer may have up to 1 MiB, of which `header_page` tells the data.
  @Test(arguments: [DatWriter.Version.v6, .v7], [1 << 16, 1 << 17, 1 << 20])
  func largeSubBuffers(version: DatWriter.Version, size: Int) throws {
    var writer = Self.writer(version)
    writer.pageSize = size
    let pages = writer.buffers[0].cpus[1].pages.map { $0 + Array(repeating: 0, count: size - $0.count) }
    writer.buffers[0].cpus[1].pages = pages
    #expect(writer.usualHeaderPage.contains("field: char data;\toffset:16;\tsize:\(size - 16);"))
    let recording = try TraceReader.read(writer.file().bytes)
    #expect(Self.shown(recording) == Self.expected)
    #expect(recording.damage.isEmpty, "\(recording.damage)")
  }

  @Test(arguments: [Compression.zlib, .zstd])
  func compressedSectionsAndChunks(compression: Compression) throws {
    let recording = try TraceReader.read(Self.writer(.v7, compression).file().bytes)
    #expect(Self.shown(recording) == Self.expected)
    #expect(recording.damage.isEmpty, "\(recording.damage)")
  }

  /// Reads the events of one page on CPU 0.
  private func read(_ events: [UInt8], _ writer: DatWriter, missed: Int? = nil) throws -> Recording {
    var writer = writer
    writer.buffers = [("", [(0, [writer.page(time: 1 << 60 | 1000, events: events, missed: missed)])])]
    let recording = try TraceReader.read(writer.file().bytes)
    #expect(recording.damage.isEmpty, "\(recording.damage)")
    return recording
  }

  @Test func timesOfEveryForm() throws {
    let writer = Self.writer()
    let enter = writer.enter(Self.kvmInit, depth: 0)
    let extend = writer.word(type: 30, delta: 7) + writer.number(UInt32(2))
    let absolute = writer.word(type: 31, delta: 9) + writer.number(UInt32(1 << 20))
    let discarded = writer.word(type: 29, delta: 3) + writer.number(UInt32(12)) + [0, 0, 0, 0, 0, 0, 0, 0]
    let end = writer.word(type: 29, delta: 0) + Array(repeating: 0xff, count: 40)
    let events =
      writer.event(delta: 1, enter) + extend + writer.event(delta: 1, enter, longForm: true) + discarded
      + writer.event(delta: 1, enter) + absolute + writer.event(delta: 2, enter) + end
    let recording = try read(events, writer)
    let base: UInt64 = 1 << 60 | 1000
    let extended = base + 1 + (2 << 27) + 7 + 1
    // The absolute time has the upper bits of the time before.
    let afterAbsolute: UInt64 = (1 << 60) + (1 << 47) + 11
    let expected: [UInt64] = [base + 1, extended, extended + 4, afterAbsolute]
    #expect(recording.tasks[0].tree.calls.map(\.start) == expected)
  }

  @Test func lostEvents() throws {
    let writer = Self.writer()
    let events = writer.event(delta: 1, writer.enter(Self.kvmInit, depth: 0))
    #expect(try read(events, writer, missed: 17).losses.map(\.count) == [17])
    #expect(try read(events, writer, missed: -1).losses.map(\.count) == [nil])
  }

  /// The statistics tell of 20 losses on CPU 0, the page of 17; and of 5 on CPU 1, which has no page.
  @Test func lostEventsOfTheStatistics() throws {
    var writer = Self.writer()
    for (cpu, count) in [(0, 20), (1, 5)] {
      writer.options.append((2, DatWriter.string("CPU: \(cpu)\nentries: 1\noverrun: \(count)\ncommit overrun: 0\ndropped events: 0\n")))
    }
    let recording = try read(writer.event(delta: 1, writer.enter(Self.kvmInit, depth: 0)), writer, missed: 17)
    #expect(recording.losses.map(\.count) == [17, 3, 5])
    #expect(recording.losses.map(\.cpu) == [0, 0, 1])
    #expect(recording.losses[1].after == nil && recording.losses[1].before == nil)
  }

  @Test func returnValuesAndLongRecords() throws {
    var writer = Self.writer()
    let exit = DatWriter.format(
      "funcgraph_exit", id: 10,
      [
        ("unsigned long func", 8, 8, false), ("unsigned long retval", 16, 8, false), ("int depth", 24, 4, true),
        ("unsigned int overrun", 28, 4, false), ("unsigned long long calltime", 32, 8, false),
        ("unsigned long long rettime", 40, 8, false),
      ])
    let returning = DatWriter.format(
      "fgraph_retaddr_entry", id: 12,
      [("unsigned long func", 8, 8, false), ("unsigned long depth", 16, 8, false), ("unsigned long retaddr", 24, 8, false)])
    writer.formats = [("ftrace", [DatWriter.entryFormat(), returning, exit])]
    let enter =
      writer.common(12) + writer.number(Self.kvmInit) + writer.number(UInt64(0)) + writer.number(UInt64(1)) + Array(repeating: 1, count: 48)
    let leave =
      writer.common(10) + writer.number(Self.kvmInit) + writer.number(Int64(-22)) + writer.number(UInt64(0))
      + writer.number(UInt64(10)) + writer.number(UInt64(35)) + Array(repeating: 0, count: 16)
    let recording = try read(writer.event(delta: 1, enter) + writer.event(delta: 30, leave), writer)
    let tree = recording.tasks[0].tree
    #expect(tree.calls.map(\.duration) == [25])
    #expect(tree.returnValues == [0: -22])
  }

  @Test func otherEvents() throws {
    var writer = Self.writer()
    let located = "__data_loc char[] "
    writer.formats += [
      ("printk", [DatWriter.format("console", id: 20, [(located + "msg", 8, 4, true)])]),
      ("module", [DatWriter.format("module_load", id: 21, [("unsigned int taints", 8, 4, false), (located + "name", 12, 4, true)])]),
      ("syscalls", [DatWriter.format("sys_exit_finit_module", id: 22, [("int __syscall_nr", 8, 4, true), ("long ret", 16, 8, true)])]),
      (
        "kprobes",
        [
          DatWriter.format(
            "r_vmx_init", id: 23,
            [("unsigned long __probe_func", 8, 8, false), ("unsigned long __probe_ret_ip", 16, 8, false), ("u64 ret", 24, 8, false)])
        ]
      ),
      ("other", [DatWriter.format("nothing", id: 24, [("int x", 8, 4, true)])]),
    ]
    func text(_ id: UInt16, _ front: [UInt8], _ text: String) -> [UInt8] {
      let place = UInt32(12 + front.count) | UInt32(text.utf8.count + 1) << 16
      return writer.common(id) + front + writer.number(place) + DatWriter.string(text)
    }
    let events = [
      text(20, [], "[   12.345678] kvm: no hardware support\n"), text(21, [0, 0, 0, 0], "kvm_intel"),
      writer.common(22) + writer.number(UInt64(313)) + writer.number(Int64(-95)),
      writer.common(23) + writer.number(Self.kvmInit) + writer.number(UInt64(1)) + writer.number(UInt64(4_294_967_201)),
      writer.common(24) + writer.number(UInt32(1)),
    ]
    let recording = try read(events.flatMap { writer.event(delta: 1, $0) }, writer)
    #expect(
      recording.events.map(\.payload) == [
        .console("kvm: no hardware support"), .moduleLoad(name: "kvm_intel"), .syscallExit(name: "finit_module", result: -95),
        .probe(name: "r_vmx_init", function: Self.kvmInit, result: -95),
      ])
    #expect(recording.source.events == 5)
  }

  @Test func instances() throws {
    var writer = Self.writer()
    let page = writer.page(time: 1100, events: writer.event(delta: 0, writer.enter(Self.archInit, depth: 0, pid: 7)))
    for version in [DatWriter.Version.v6, .v7] {
      writer.version = version
      writer.buffers = [Self.writer().buffers[0], ("kvm", [(0, [page]), (1, [])])]
      let recording = try TraceReader.read(writer.file().bytes)
      #expect(recording.damage.isEmpty, "\(recording.damage)")
      #expect(recording.tasks.map(\.pid) == [42, 7])
    }
  }

  @Test func offsetsAndCyclesOfTheClock() throws {
    var writer = Self.writer()
    writer.options.append((7, DatWriter.string("-1000")))
    #expect(try TraceReader.read(writer.file().bytes).tasks[0].tree.calls.map(\.start) == [5, 105])
    writer.options = [(14, writer.number(UInt32(3)) + writer.number(UInt32(1)) + writer.number(UInt64(0)))]
    #expect(try TraceReader.read(writer.file().bytes).tasks[0].tree.calls.map(\.start) == [1507, 1657])
  }

  /// trace-cmd 2 writes an option without content, and the clocks behind the list of CPUs.
  @Test func theClockBehindTheListOfCPUs() throws {
    var writer = Self.writer(.v6)
    writer.options = [(4, [])]
    var bytes = writer.file().bytes
    #expect(try TraceReader.read(bytes).source.clock == "local")
    let place = try #require(bytes.firstRange(of: Array("[local]".utf8)))
    bytes.replaceSubrange(place, with: Array("x [tai]".utf8))
    let recording = try TraceReader.read(bytes)
    #expect(recording.source.clock == "tai" && recording.hasTimes)
    #expect(recording.damage.isEmpty, "\(recording.damage)")
  }

  /// Cycles are no nanoseconds; what the tracer measured is. With the factor of trace-cmd's `tsc2nsec` they are made so.
  @Test(arguments: ["x86-tsc", "counter", "ppc-tb"]) func clocksThatDoNotCountNanoseconds(clock: String) throws {
    var writer = Self.writer(.v6)
    writer.options = [(4, DatWriter.string("local global [\(clock)]"))]
    writer.formats.append(("initcall", [DatWriter.format("initcall_start", id: 30, [("void * func", 8, 8, false)])]))
    let start = writer.page(time: 2000, events: writer.event(delta: 0, writer.common(30) + writer.number(Self.kvmInit)), missed: 3)
    writer.buffers[0].cpus[1].pages.append(start)
    let recording = try TraceReader.read(writer.file().bytes)
    #expect(recording.source.clock == clock && !recording.hasTimes)
    #expect(recording.tasks[0].tree.calls.map(\.knownStart) == [nil, nil])
    #expect(recording.tasks[0].tree.calls.map(\.measuredDuration) == [300, 100])
    #expect(recording.events.map(\.time) == [nil])
    #expect(recording.losses == [Loss(cpu: 1, count: 3, after: nil, before: nil, sequence: 4)])
    #expect(recording.damage.isEmpty, "\(recording.damage)")
    writer.options.append((14, writer.number(UInt32(3)) + writer.number(UInt32(1)) + writer.number(UInt64(0))))
    #expect(try TraceReader.read(writer.file().bytes).hasTimes)
  }

  /// A chunk of sub-buffers of 1 MiB has some hundred thousand events of other kinds, a small chunk that claims so many was made to.
  @Test func aBatchHoldsWhatItsBytesCan() {
    let batch = EventBatch()
    batch.admit(bytes: 4096)
    for time in 0...UInt64(1 << 17) { batch.mark(.lost(1), time: time) }
    #expect(batch.isFull)
    batch.admit(bytes: 1 << 20)
    #expect(!batch.isFull)
  }

  @Test func anyNumberOfThreadsGivesTheSame() throws {
    let bytes = Self.writer(.v7, .zstd).file().bytes
    for threads in 0...3 { #expect(Self.shown(try TraceReader.read(bytes, options: ReadOptions(threads: threads))) == Self.expected) }
  }
}
