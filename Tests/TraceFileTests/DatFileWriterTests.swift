import CallTrees
import Corruption
import Foundation
import Testing

@testable import TraceFile

/// Files that the writer makes of real recordings, against those recordings.
@Suite struct DatFileWriterTests {
  /// What a reader tells, line by line.
  private static func shown(_ recording: Recording) -> [String] {
    var lines = recording.tasks.flatMap { task in
      ["task \(task.pid ?? -1) \(task.comm ?? "?")"]
        + task.tree.calls.indices.map { row in
          let call = task.tree.calls[row]
          return "\(call.start) \(call.duration) \(call.depth) \(call.flags) \(task.tree.cpus[row]) \(call.function.index)"
        }
    }
    lines += recording.functions.map { "\($0)" }
    lines += recording.events.map { "\($0.time ?? 0) \($0.cpu) \($0.pid ?? -1) \($0.payload) \($0.sequence)" }
    lines += recording.losses.map { "\($0)" } + recording.damage.map { "\($0)" }
    lines += recording.eventFunctions.sorted { $0.key < $1.key }.map { "\($0.value)" }
    let source = recording.source
    lines.append("\(source.kernel ?? "") \(source.machine ?? "") \(source.clock ?? "") \(source.events)")
    lines.append("\(recording.loadedModules?.sorted() ?? [])")
    return lines
  }

  private static func expectSame(_ one: [String], _ other: [String], _ comment: Comment) {
    #expect(one.count == other.count, comment)
    guard let place = zip(one, other).first(where: { $0 != $1 }) else { return }
    Issue.record("\(comment): \(place.0) became \(place.1)")
  }

  @Test(arguments: SampleSpool.small)
  func aWrittenFileIsTheRecording(path: String) throws {
    let spool = try SampleSpool(path)
    var writer = try spool.writer()
    writer.facts.command = ["modprobe", "kvm_amd"]
    let expected = Self.shown(try TraceReader.read(path: path))
    let symbols = try SymbolTableTests.table(spool.kallsyms)
    let original = TraceCmd.report(path)
    if original == nil { print("skipped: trace-cmd is not installed, or cannot read \(path)") }
    for form in [DatFileWriter.Form.compressed, .compatible] {
      writer.form = form
      let file = try spool.write(writer)
      let written = try TraceReader.read(path: file)
      Self.expectSame(expected, Self.shown(written), "\(path)")
      #expect(written.source.kind == (form == .compressed ? .traceCmdV7 : .traceCmdV6))
      #expect(written.source.recorder?.command == ["modprobe", "kvm_amd"])
      #expect(written.source.cpus == writer.cpuCount)
      if let original {
        let lines = try #require(TraceCmd.report(file))
        #expect(lines.errors == [])
        Self.compare(original.lines, lines.lines, symbols: symbols)
      }
    }
  }

  /// Whoever changes the tracing while it is recorded may have kept events out anywhere.
  @Test func aDisturbedRecordingHasGaps() throws {
    let spool = try SampleSpool(try #require(SampleSpool.small.first))
    var writer = try spool.writer()
    func gaps() throws -> Int {
      try TraceReader.read(path: spool.write(writer)).losses.count { $0.count == nil && $0.after == nil && $0.before == nil }
    }
    #expect(try gaps() == 0)
    writer.facts.disturbed = ["tracing_on was '1', and is '0'"]
    for form in [DatFileWriter.Form.compressed, .compatible] {
      writer.form = form
      #expect(try gaps() > 0)
    }
  }

  /// trace-cmd prints the same of both files, with two exceptions: a function without a name has its address in the place of the nearest
  /// lower symbol's name, and a function above the last of the recorded symbols has its name in the place of its address.
  private static func compare(_ old: [String], _ new: [String], symbols: SymbolTable) {
    #expect(old.count == new.count)
    for (old, new) in zip(old, new) where old != new {
      #expect(isBetter(old, new, symbols: symbols), "\(old) became \(new)")
    }
  }

  private static func isBetter(_ old: String, _ new: String, symbols: SymbolTable) -> Bool {
    if let place = new.range(of: "0x[0-9a-f]+", options: .regularExpression), let address = UInt64(new[place].dropFirst(2), radix: 16),
      symbols.match(address) == nil
    {
      return old.hasPrefix(new[..<place.lowerBound]) && old.hasSuffix(new[place.upperBound...].replacing("+0x0", with: ""))
    }
    guard let place = old.range(of: "ffff[0-9a-f]{12}", options: .regularExpression), let address = UInt64(old[place], radix: 16),
      let name = symbols.match(address)?.name
    else { return false }
    return new == old.replacingCharacters(in: place, with: name)
  }

  @Test func theFilterAppliesToAll() throws {
    let path = try #require(SampleSpool.small.first { $0.contains("6.12-kvm_amd-events") })
    let spool = try SampleSpool(path)
    let original = try TraceReader.read(path: path)
    let task = try #require(original.tasks.first { $0.comm == "modprobe" })
    let pid = try #require(task.pid)
    let writer = try spool.writer { $0.pid == pid }
    let written = try TraceReader.read(path: try spool.write(writer))
    #expect(written.tasks.map(\.pid) == [pid])
    #expect(written.tasks.first?.tree.calls.map(\.start) == task.tree.calls.map(\.start))
    #expect(written.events.allSatisfy { $0.pid == pid })
    #expect(written.damage.isEmpty)
    #expect(written.source.events < original.source.events)
  }

  @Test func onlyOccurringFormatsAreWritten() throws {
    let path = try #require(SampleSpool.small.first { $0.contains("6.12-kvm_amd-depth-events") })
    let spool = try SampleSpool(path)
    let unused = EventFormat(system: "kvm", text: Array(DatWriter.format("kvm_entry", id: 4000, []).utf8))
    spool.format.events.append(try #require(unused))
    let file = try spool.write(try spool.writer())
    let block = try FileLoader.load(path: file, limit: 1 << 30)
    let contents = try DatReaderV7.read(block, header: try DatHeader(block, path: file), path: file)
    let names = contents.formats.compactMap { FormatTitle($0.text).map { String($0.name) } }
    #expect(names.contains("funcgraph_entry") && names.contains("funcgraph_exit"))
    #expect(!names.contains("kvm_entry") && !names.contains("kernel_stack"))
  }

  // MARK: small files

  private static func small(_ pages: [[UInt8]], cpu: Int = 0) throws -> DatFileWriter {
    let format = try PageTesting.format(DatWriter(), events: [("ftrace", DatWriter.entryFormat()), ("ftrace", DatWriter.exitFormat())])
    let cpus = [try PageTesting.spool(pages.flatMap { $0 }, cpu: cpu)]
    let scan = try PageScan(cpus, format: format)
    let symbols = SymbolSelection(kallsyms: [], functions: scan.functions)
    return DatFileWriter(
      format: format, scan: scan, cpus: cpus, symbols: symbols, uname: "Linux h 6.12 x86_64", cpuCount: 2,
      facts: RecordingFacts(toolVersion: "1"))
  }

  private static func read(_ writer: DatFileWriter) throws -> (recording: Recording, traceCmd: (lines: [String], errors: [String])?) {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).dat").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    defer {
      close(descriptor)
      unlink(path)
    }
    // What was there before is gone.
    #expect(pwrite(descriptor, [1, 2, 3], 3, 1 << 20) == 3)
    _ = try writer.write(to: descriptor, path: path)
    return (try TraceReader.read(path: path), TraceCmd.report(path))
  }

  @Test(arguments: [DatFileWriter.Form.compressed, .compatible])
  func aRecordingWithoutEventsIsWhole(form: DatFileWriter.Form) throws {
    var writer = try Self.small([])
    writer.form = form
    let (recording, traceCmd) = try Self.read(writer)
    #expect(recording.damage.isEmpty && recording.tasks.isEmpty)
    #expect(recording.loadedModules == [])
    if let traceCmd { #expect(traceCmd.errors == []) }
  }

  @Test(arguments: [DatFileWriter.Form.compressed, .compatible])
  func aGapAtTheEndIsTold(form: DatFileWriter.Form) throws {
    let pages = DatWriter()
    let event = pages.event(delta: 1, pages.enter(0xffff_ffff_8100_0000, depth: 0))
    var writer = try Self.small([pages.page(time: 100, events: event), pages.page(time: 200, events: [], missed: 9)], cpu: 3)
    writer.form = form
    let (recording, traceCmd) = try Self.read(writer)
    #expect(recording.damage.isEmpty, "\(recording.damage)")
    #expect(recording.losses.map(\.count) == [9])
    #expect(recording.losses.map(\.cpu) == [3])
    if let traceCmd { #expect(traceCmd.errors == [] && traceCmd.lines.contains { $0.contains("0xffffffff81000000") }) }
  }

  @Test(arguments: [DatFileWriter.Form.compressed, .compatible])
  func aFullDiskIsAnError(form: DatFileWriter.Form) throws {
    var writer = try Self.small([])
    writer.form = form
    let full = open("/dev/full", O_RDWR)
    defer { close(full) }
    let error = #expect(throws: DatWriteError.self) { try writer.write(to: full, path: "trace.dat") }
    #expect(error?.errno == ENOSPC)
    #expect("\(try #require(error))".hasPrefix("trace.dat: "))
    #expect(
      "\(try #require(error))".hasSuffix(": No space left on device; free some space, or name a file on another disk, and record again"))
  }

  @Test func aPipeIsAnError() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let writer = try Self.small([])
    let error = #expect(throws: DatWriteError.self) { try writer.write(to: ends[1], path: "-") }
    #expect(error?.errno == ESPIPE)
  }
}
