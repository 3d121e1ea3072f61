import CallTrees

/// Writes a trace-cmd file: what was recorded, and what is needed to read it.
///
/// The events go from their spools through the filter into the file page by page, so that memory does not grow with the recording.
public struct DatFileWriter: Sendable {
  public enum Form: Sendable, Hashable {
    /// Version 7, compressed with zstd.
    case compressed
    /// Version 6, which older tools read too (trace-cmd 2.9): not compressed, with each CPU's events at a page's border.
    case compatible
  }

  /// How much was written.
  public struct Result: Sendable, Hashable {
    /// Size of the file.
    public var bytes: UInt64 = 0
    public var events: UInt64 = 0
  }

  public var form = Form.compressed
  public var format: RingBufferFormat
  /// What occurs in the pages: only those events' formats are written.
  public var scan: PageScan
  public var cpus: [SpooledPages]
  /// Says which events are written; nil: all. It must be the one that `scan` was made with.
  public var keep: EventFilter?
  public var symbols: SymbolSelection
  /// The text of `printk_formats`.
  public var printkFormats: [UInt8] = []
  /// The text of `saved_cmdlines`: lines of a PID and a name.
  public var commandLines: [UInt8] = []
  /// System, host, release and machine, separated by blanks, as `uname` gives them.
  public var uname: String
  /// The text of `trace_clock`, which has the selected clock in brackets.
  public var clocks = "[local]"
  /// Number of the machine's CPUs.
  public var cpuCount: Int
  /// The text of `per_cpu/cpuN/stats`, by CPU.
  public var statistics: [Int: String] = [:]
  public var facts: RecordingFacts
  /// Number that ties traces together that belong together.
  public var traceID = UInt64.random(in: 1...UInt64.max)

  public init(
    format: RingBufferFormat, scan: PageScan, cpus: [SpooledPages], symbols: SymbolSelection, uname: String, cpuCount: Int,
    facts: RecordingFacts
  ) {
    self.format = format
    self.scan = scan
    self.cpus = cpus
    self.symbols = symbols
    self.uname = uname
    self.cpuCount = cpuCount
    self.facts = facts
  }

  /// Writes the file from its beginning.
  ///
  /// - Parameters:
  ///   - descriptor: an open ordinary file; what it held before is gone.
  ///   - path: its name, for messages.
  /// - Throws: `DatWriteError` when the file cannot be written to its end, or a spool cannot be read; what stands in the file is then no
  ///   whole trace.
  public func write(to descriptor: Int32, path: String) throws(DatWriteError) -> Result {
    let sink = FileSink(descriptor: descriptor, path: path)
    var result: Result
    switch form {
    case .compressed:
      var file = try DatFileV7(sink, path: path, writer: self)
      result = try file.write()
    case .compatible: result = try DatFileV6(sink, writer: self).write()
    }
    sink.part = "its end"
    try sink.finish()
    result.bytes = sink.offset
    return result
  }

  // MARK: parts

  var order: ByteOrder { format.order }

  /// The first bytes of a file, up to the page size.
  func beginning(version: String) -> [UInt8] {
    FileKind.traceCmdMagic + Self.string(version) + [order.isBigEndian ? 1 : 0, UInt8(clamping: format.longSize)]
      + order.bytes(UInt32(clamping: format.pageSize))
  }

  var headerInfo: [UInt8] {
    Self.string("header_page") + order.bytes(UInt64(format.headerPage.count)) + format.headerPage
      + Self.string("header_event") + order.bytes(UInt64(format.headerEvent.count)) + format.headerEvent
  }

  /// trace-cmd looks for the returns as soon as it meets an entry, whether one occurs or not.
  private static let graphEvents: Set<String> = ["funcgraph_entry", "funcgraph_exit"]

  private var neededFormats: [EventFormat] {
    let occurring = format.events.filter { scan.counts[$0.id] != nil }
    let hasGraph = occurring.contains { $0.system == "ftrace" && Self.graphEvents.contains($0.name) }
    guard hasGraph else { return occurring }
    return format.events.filter { scan.counts[$0.id] != nil || ($0.system == "ftrace" && Self.graphEvents.contains($0.name)) }
  }

  private func list(_ formats: [EventFormat]) -> [UInt8] {
    order.bytes(UInt32(formats.count)) + formats.flatMap { order.bytes(UInt64($0.text.count)) + $0.text }
  }

  var ftraceFormats: [UInt8] { list(neededFormats.filter { $0.system == "ftrace" }) }

  var eventFormats: [UInt8] {
    let systems = Dictionary(grouping: neededFormats.filter { $0.system != "ftrace" }, by: \.system).sorted { $0.key < $1.key }
    return order.bytes(UInt32(systems.count)) + systems.flatMap { Self.string($0.key) + list($0.value) }
  }

  /// A text with its length in front.
  func counted32(_ text: [UInt8]) -> [UInt8] { order.bytes(UInt32(clamping: text.count)) + text }
  func counted64(_ text: [UInt8]) -> [UInt8] { order.bytes(UInt64(text.count)) + text }

  /// Numbers and data of the options that both versions have, in trace-cmd's order.
  var options: [(id: UInt16, data: [UInt8])] {
    typealias ID = DatOptions.ID
    var facts = facts
    if facts.loadedModules == nil { facts.loadedModules = symbols.modules }
    var list: [(id: UInt16, data: [UInt8])] = [
      (ID.traceClock, Self.string(clocks)), (ID.uname, Self.string(uname)), (ID.version, Self.string(facts.text)),
      (ID.traceID, order.bytes(traceID)),
    ]
    for (cpu, text) in statistics.sorted(by: { $0.key < $1.key }) {
      list.append((ID.cpuStatistics, Self.string("CPU: \(cpu)\n" + text)))
    }
    list.append((ID.cpuCount, order.bytes(UInt32(clamping: cpuCount))))
    return list
  }

  static func string(_ text: String) -> [UInt8] { text.utf8.filter { $0 != 0 } + [0] }

  /// Gives the pages of one CPU, filled anew.
  func rewrite(
    _ pages: SpooledPages, heads: RecordHeads, into result: inout Result, _ output: PageRewriter.Output
  ) throws(DatWriteError) {
    let rewriter = PageRewriter(cpu: pages.cpu, format: format, heads: heads, keep: keep)
    try pages.forEachPage(size: format.pageSize) { page throws(DatWriteError) in try rewriter.add(page, output) }
    try rewriter.finish(output)
    result.events += rewriter.keptEvents
  }
}
