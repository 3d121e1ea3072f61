import Glibc

/// Writes blocks of a version 7 file compressed: sections whole, pages in chunks.
final class ChunkWriter {
  private let sink: FileSink
  private let path: String
  private let order: ByteOrder
  private let compressor: Compressor
  private let chunkSize: Int
  private var chunk: [UInt8] = []
  /// Where the number of the chunks stands, and how many there are. nil: no page came yet.
  private var countPlace: UInt64?
  private var count: UInt32 = 0

  /// Bytes of pages that are compressed together, about. Larger chunks make smaller files, but hardly so from here on; a reader has one
  /// chunk of each CPU in memory. trace-cmd writes 10 pages to a chunk, and reads chunks of any size.
  private static let chunkTarget = 512 << 10

  init(_ sink: FileSink, path: String, format: RingBufferFormat, level: Int32) throws(DatWriteError) {
    guard let compressor = Compressor(level: level) else {
      throw DatWriteError(errno: ENOMEM, action: .write, part: sink.part, path: path)
    }
    self.sink = sink
    self.path = path
    self.compressor = compressor
    order = format.order
    chunkSize = max(1, Self.chunkTarget / format.pageSize) * format.pageSize
    chunk.reserveCapacity(chunkSize)
  }

  /// Writes one block: its size with and without compression, and its data.
  func appendBlock(_ data: [UInt8]) throws(DatWriteError) {
    let packed = data.withUnsafeBytes { compressor.compress($0) }
    guard let packed else { throw DatWriteError(errno: ENOMEM, action: .write, part: sink.part, path: path) }
    try sink.append(order.bytes(UInt32(clamping: packed.count)) + order.bytes(UInt32(clamping: data.count)))
    try sink.append(packed)
  }

  /// Takes a page of a CPU's events.
  func append(page: UnsafeRawBufferPointer) throws(DatWriteError) {
    if countPlace == nil {
      countPlace = sink.offset
      try sink.append(order.bytes(UInt32(0)))
    }
    chunk.append(contentsOf: page)
    if chunk.count >= chunkSize { try closeChunk() }
  }

  /// Ends a CPU's events.
  ///
  /// - Returns: how many chunks they have. 0: there are none, and nothing was written.
  func finish() throws(DatWriteError) -> UInt32 {
    guard let countPlace else { return 0 }
    try closeChunk()
    try sink.patch(order.bytes(count), at: countPlace)
    defer {
      self.countPlace = nil
      count = 0
    }
    return count
  }

  private func closeChunk() throws(DatWriteError) {
    if chunk.isEmpty { return }
    try appendBlock(chunk)
    count += 1
    chunk.removeAll(keepingCapacity: true)
  }
}
