import CallTrees
import Foundation
import Testing

@testable import TraceFile

/// A recording taken apart into what a recorder has in its hands: raw pages in files, and the texts of tracefs.
final class SampleSpool {
  let path: String
  let contents: DatContents
  var format: RingBufferFormat
  private(set) var cpus: [SpooledPages] = []
  let kallsyms: [UInt8]
  private let folder: URL

  static let headerEvent = """
    # compressed entry header
    \ttype_len    :    5 bits
    \ttime_delta  :   27 bits
    \tarray       :   32 bits

    \tpadding     : type == 29
    \ttime_extend : type == 30
    \ttime_stamp : type == 31
    \tdata max type_len  == 28

    """

  /// Samples that are small enough for a build without optimisation: with and without events, with losses, of several tasks, cut by depth.
  static let small: [String] = Samples.recordings.filter { path in
    Samples.isThorough
      || [
        "5.10-kvm_amd-lost", "5.10-kvm_intel-fail-v6", "6.12-kvm_amd-depth-events", "6.12-kvm_amd-events", "6.12-kvm_intel-fail-kretprobes",
        "7.3-kvm_intel-fail-events",
      ].contains { path.hasSuffix("/\($0)/trace.dat") }
  }

  init(_ path: String) throws {
    self.path = path
    let file = try FileLoader.load(path: path, limit: 1 << 30)
    let header = try DatHeader(file, path: path)
    contents =
      header.version == .v6
      ? try DatReaderV6.read(file, header: header, path: path) : try DatReaderV7.read(file, header: header, path: path)
    folder = FileManager.default.temporaryDirectory.appending(path: "spool-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let buffer = try #require(contents.buffers.first)
    format = try #require(
      RingBufferFormat(
        headerPage: contents.headerPage.map { Array($0.bytes) } ?? [], headerEvent: Array(Self.headerEvent.utf8),
        events: contents.formats.compactMap { EventFormat(system: $0.system, text: Array($0.text)) }, pageSize: buffer.pageSize,
        longSize: header.longSize))
    format.order = header.order
    kallsyms = try contents.kallsyms.map { Self.copy(try $0().get()) } ?? []
    for cpu in buffer.cpus { cpus.append(try spool(try Self.pages(cpu, of: buffer, header: header), cpu: cpu.cpu)) }
  }

  deinit {
    for pages in cpus { close(pages.descriptor) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Puts pages into a file of their own.
  func spool(_ bytes: [UInt8], cpu: Int) throws -> SpooledPages {
    let name = folder.appending(path: "cpu\(cpu)-\(UUID().uuidString)").path
    try Data(bytes).write(to: URL(filePath: name))
    return SpooledPages(cpu: cpu, descriptor: open(name, O_RDONLY), size: bytes.count, path: name)
  }

  private static func copy(_ block: ByteBlock) -> [UInt8] { withExtendedLifetime(block) { Array(block.bytes) } }

  private static func pages(_ cpu: DatContents.CPU, of buffer: DatContents.Buffer, header: DatHeader) throws -> [UInt8] {
    guard buffer.isCompressed else { return Array(cpu.data.bytes) }
    var cursor = cpu.data.cursor(order: header.order)
    let decompressor = Decompressor(header.compression)
    var pages: [UInt8] = []
    for _ in 0..<(try cursor.u32()) { pages += copy(try decompressor.section(&cursor)) }
    return pages
  }

  /// The writer that a recorder would make of it.
  func writer(keep: EventFilter? = nil) throws -> DatFileWriter {
    let scan = try PageScan(cpus, format: format, keep: keep)
    let symbols = SymbolSelection(kallsyms: kallsyms, functions: scan.functions, places: scan.places)
    let machine = [contents.options.kernel, contents.options.machine].compactMap { $0 }.joined(separator: " ")
    var writer = DatFileWriter(
      format: format, scan: scan, cpus: cpus, symbols: symbols, uname: "Linux host \(machine)",
      cpuCount: contents.options.cpuCount ?? (cpus.map(\.cpu).max() ?? 0) + 1,
      facts: RecordingFacts(toolVersion: "1.0"))
    writer.keep = keep
    writer.printkFormats = contents.printkFormats.map { Array($0.bytes) } ?? []
    writer.commandLines = contents.commandLines.map { Array($0.bytes) } ?? []
    writer.clocks = contents.options.clock.map { "[\($0)] other" } ?? "[local]"
    for (cpu, count) in contents.options.lostEvents { writer.statistics[cpu] = "entries: 0\noverrun: \(count)\n" }
    return writer
  }

  /// Writes into a file, and returns its path.
  func write(_ writer: DatFileWriter) throws -> String {
    let name = folder.appending(path: "\(UUID().uuidString).dat").path
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    defer { close(descriptor) }
    let result = try writer.write(to: descriptor, path: name)
    #expect(try FileManager.default.attributesOfItem(atPath: name)[.size] as? UInt64 == result.bytes)
    return name
  }
}
