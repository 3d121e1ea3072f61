/// The layout of a version 7 file: sections, to which the options point, and the options' place in the header.
struct DatFileV7 {
  private typealias ID = DatOptions.ID

  private let sink: FileSink
  private let writer: DatFileWriter
  private let chunks: ChunkWriter
  /// The sections' names, as trace-cmd calls them; they are the last section.
  private var names: [UInt8] = []

  init(_ sink: FileSink, path: String, writer: DatFileWriter) throws(DatWriteError) {
    self.sink = sink
    self.writer = writer
    chunks = try ChunkWriter(sink, path: path, format: writer.format, level: Self.level(size: writer.cpus.reduce(0) { $0 + $1.size }))
  }

  /// The level at which so many bytes of pages are compressed, so that this takes some 3 s at most, or runs as fast as a disk.
  ///
  /// Measured on the 7.1 MB of a kvm_amd load on one core of 2026: level 16 packs 3.9 MB/s into 18.2 % (trace-cmd: 23.9 %), 12 packs
  /// 15 MB/s into 21.0 %, 2 packs 287 MB/s into 22.2 %; 3 to 11 are worse than 2 in both, or hardly better in one.
  private static func level(size: Int) -> Int32 {
    switch size {
    case ...(10 << 20): 16
    case ...(40 << 20): 12
    default: 2
    }
  }

  mutating func write() throws(DatWriteError) -> DatFileWriter.Result {
    let order = writer.order
    sink.part = "the formats and symbols"
    try sink.append(writer.beginning(version: "7"))
    try sink.append(DatFileWriter.string("zstd") + DatFileWriter.string(Compressor.version))
    let firstOptions = sink.offset
    try sink.append(order.bytes(UInt64(0)))
    var options: [UInt8] = []
    for (id, name, data) in [
      (ID.headerInfo, "headers", writer.headerInfo), (ID.ftraceFormats, "ftrace events", writer.ftraceFormats),
      (ID.eventFormats, "events format", writer.eventFormats), (ID.kallsyms, "kallsyms", writer.counted32(writer.symbols.text)),
      (ID.printkFormats, "printk", writer.counted32(writer.printkFormats)),
      (ID.commandLines, "command lines", writer.counted64(writer.commandLines)),
    ] {
      options += option(id, order.bytes(try section(id, name, data)))
    }
    for each in writer.options { options += option(each.id, each.data) }
    var result = DatFileWriter.Result()
    options += option(ID.buffer, try events(&result))
    options += option(ID.done, order.bytes(UInt64(0)))
    sink.part = "its end"
    let place = try beginSection(ID.done, "options", isCompressed: false)
    try sink.append(options)
    try endSection(place)
    _ = try section(ID.strings, "strings", names + DatFileWriter.string("strings"))
    try sink.patch(order.bytes(place), at: firstOptions)
    return result
  }

  private func option(_ id: UInt16, _ data: [UInt8]) -> [UInt8] {
    writer.order.bytes(id) + writer.order.bytes(UInt32(clamping: data.count)) + data
  }

  // MARK: sections

  /// Begins a section, and returns where it is.
  private mutating func beginSection(_ id: UInt16, _ name: String, isCompressed: Bool) throws(DatWriteError) -> UInt64 {
    let order = writer.order
    let place = sink.offset
    let nameOffset = UInt32(clamping: names.count)
    names += DatFileWriter.string(name)
    try sink.append(order.bytes(id) + order.bytes(UInt16(isCompressed ? 1 : 0)) + order.bytes(nameOffset) + order.bytes(UInt64(0)))
    return place
  }

  /// Fills in the size of the section that began at `place`.
  private func endSection(_ place: UInt64) throws(DatWriteError) {
    try sink.patch(writer.order.bytes(sink.offset - place - 16), at: place + 8)
  }

  private mutating func section(_ id: UInt16, _ name: String, _ data: [UInt8]) throws(DatWriteError) -> UInt64 {
    let place = try beginSection(id, name, isCompressed: true)
    try chunks.appendBlock(data)
    try endSection(place)
    return place
  }

  // MARK: events

  /// Writes the events of all CPUs, and returns the option that says where they are. A CPU without events is not in it, as in trace-cmd's.
  private mutating func events(_ result: inout DatFileWriter.Result) throws(DatWriteError) -> [UInt8] {
    let order = writer.order
    let place = try beginSection(ID.buffer, "buffer flyrecord ", isCompressed: true)
    let heads = RecordHeads(writer.format)
    let chunks = chunks
    var places: [UInt8] = []
    var count: UInt32 = 0
    for pages in writer.cpus.sorted(by: { $0.cpu < $1.cpu }) {
      sink.part = "the events of CPU \(pages.cpu)"
      let start = sink.offset
      try writer.rewrite(pages, heads: heads, into: &result) { page throws(DatWriteError) in try chunks.append(page: page) }
      if try chunks.finish() == 0 { continue }
      count += 1
      // The number of chunks in front is not counted.
      places += order.bytes(UInt32(clamping: pages.cpu)) + order.bytes(start) + order.bytes(sink.offset - start - 4)
    }
    try endSection(place)
    let clock = DatOptions.selectedClock(writer.clocks) ?? "local"
    return order.bytes(place) + DatFileWriter.string("") + DatFileWriter.string(clock)
      + order.bytes(UInt32(clamping: writer.format.pageSize)) + order.bytes(count) + places
  }
}
