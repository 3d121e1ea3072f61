/// The layout of a version 6 file: the parts follow one another, and the CPUs' pages come last.
struct DatFileV6 {
  private let sink: FileSink
  private let writer: DatFileWriter

  init(_ sink: FileSink, writer: DatFileWriter) {
    self.sink = sink
    self.writer = writer
  }

  func write() throws(DatWriteError) -> DatFileWriter.Result {
    let order = writer.order
    sink.part = "the formats and symbols"
    try sink.append(writer.beginning(version: "6"))
    try sink.append(writer.headerInfo)
    try sink.append(writer.ftraceFormats)
    try sink.append(writer.eventFormats)
    try sink.append(writer.counted32(writer.symbols.text))
    try sink.append(writer.counted32(writer.printkFormats))
    try sink.append(writer.counted64(writer.commandLines))
    // The list has a place for each CPU up to the last one, whether it has events or not.
    let count = max(writer.cpuCount, (writer.cpus.map(\.cpu).max() ?? -1) + 1)
    try sink.append(order.bytes(UInt32(clamping: count)))
    try sink.append(DatFileWriter.string("options  "))
    for option in writer.options {
      let data = option.id == DatOptions.ID.cpuCount ? order.bytes(UInt32(clamping: count)) : option.data
      try sink.append(order.bytes(option.id) + order.bytes(UInt32(clamping: data.count)) + data)
    }
    try sink.append(order.bytes(DatOptions.ID.done))
    try sink.append(DatFileWriter.string("flyrecord"))
    let list = sink.offset
    try sink.append(repeatElement(0, count: count * Self.entrySize))
    // The clocks stand here once more.
    try sink.append(writer.counted64(DatFileWriter.string(writer.clocks)))
    return try writeEvents(list: list)
  }

  /// Bytes of a CPU in the list: where its pages are, and their size.
  private static let entrySize = 16

  private func writeEvents(list: UInt64) throws(DatWriteError) -> DatFileWriter.Result {
    var result = DatFileWriter.Result()
    let heads = RecordHeads(writer.format)
    let sink = sink
    for pages in writer.cpus.sorted(by: { $0.cpu < $1.cpu }) {
      sink.part = "the events of CPU \(pages.cpu)"
      try sink.align(to: writer.format.pageSize)
      let start = sink.offset
      try writer.rewrite(pages, heads: heads, into: &result) { page throws(DatWriteError) in try sink.append(page) }
      let entry = writer.order.bytes(start) + writer.order.bytes(sink.offset - start)
      try sink.patch(entry, at: list + UInt64(pages.cpu * Self.entrySize))
    }
    return result
  }
}
