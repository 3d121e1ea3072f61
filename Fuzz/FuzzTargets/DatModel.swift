import Corruption

/// A trace-cmd file of version 7 taken apart, so that it can be changed and put together with valid compression and valid offsets.
struct DatModel {
  /// A section that an option points to: formats, symbols, names.
  struct Part {
    var id: UInt16
    /// Not compressed.
    var content: [UInt8]
  }

  struct Option {
    var id: UInt16
    var data: [UInt8]
  }

  /// The ring buffer's pages of one CPU.
  struct CPU {
    var number: UInt32
    /// Not compressed.
    var chunks: [[UInt8]]
  }

  struct Buffer {
    var name: [UInt8]
    var clock: [UInt8]
    var pageSize: UInt32
    var cpus: [CPU] = []
  }

  /// The first bytes, up to the name of the compression.
  var start: [UInt8]
  var isBigEndian: Bool
  var packing: Packing
  var parts: [Part] = []
  var options: [Option] = []
  var buffers: [Buffer] = []

  static let done: UInt16 = 0
  static let bufferID: UInt16 = 3
  static let stringsID: UInt16 = 15
  static let partIDs: ClosedRange<UInt16> = 16...21

  /// What is taken apart is small: a block, and all that blocks of one file unpack to.
  private static let limit = 1 << 20
  private var room = 16 << 20

  /// nil: the bytes are no such file, or its header is damaged. What else is damaged is left out.
  init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard bytes.starts(with: [0x17, 0x08, 0x44]), let magic = reader.take(10), let version = reader.string(), version == Array("7".utf8),
      let order = reader.number(UInt8.self), reader.take(5) != nil
    else { return nil }
    start = Array(magic) + version + [0] + bytes[(reader.at - 6)..<reader.at]
    isBigEndian = order == 1
    reader.isBigEndian = isBigEndian
    guard let name = reader.string(), reader.string() != nil, let packing = Packing.allCases.first(where: { Array($0.name.utf8) == name }),
      reader.number(UInt64.self) != nil
    else { return nil }
    self.packing = packing
    readSections(reader)
  }

  private mutating func readSections(_ cursor: ByteReader) {
    var reader = cursor
    while let id = reader.number(UInt16.self), let flags = reader.number(UInt16.self), reader.number(UInt32.self) != nil,
      let size = reader.number(UInt64.self), let data = reader.take(Int(clamping: size))
    {
      guard Self.partIDs.contains(id) || id == Self.done, let content = content(data, isPacked: flags & 1 != 0, reader) else { continue }
      if id == Self.done { readOptions(content, of: cursor.bytes) } else { parts.append(Part(id: id, content: content)) }
    }
  }

  private mutating func content(_ data: ArraySlice<UInt8>, isPacked: Bool, _ reader: ByteReader) -> [UInt8]? {
    guard isPacked else { return Array(data) }
    var inner = ByteReader(Array(data))
    inner.isBigEndian = reader.isBigEndian
    return unpacked(&inner)
  }

  /// A block with its two sizes in front.
  private mutating func unpacked(_ reader: inout ByteReader) -> [UInt8]? {
    guard let packed = reader.number(UInt32.self), let size = reader.number(UInt32.self), size <= min(Self.limit, room),
      let data = reader.take(Int(packed))
    else { return nil }
    room -= Int(size)
    return packing.unpack(data, size: Int(size))
  }

  private mutating func readOptions(_ content: [UInt8], of file: [UInt8]) {
    var reader = ByteReader(content)
    reader.isBigEndian = isBigEndian
    while let id = reader.number(UInt16.self), let size = reader.number(UInt32.self), let data = reader.take(Int(size)) {
      switch id {
      case Self.done: return
      case Self.partIDs: continue
      case Self.bufferID: readBuffer(Array(data), of: file)
      default: options.append(Option(id: id, data: Array(data)))
      }
    }
  }

  private mutating func readBuffer(_ option: [UInt8], of file: [UInt8]) {
    var reader = ByteReader(option)
    reader.isBigEndian = isBigEndian
    guard let offset = reader.number(UInt64.self), let name = reader.string(), let clock = reader.string(),
      let pageSize = reader.number(UInt32.self), let count = reader.number(UInt32.self)
    else { return }
    var section = ByteReader(file, at: Int(clamping: offset))
    section.isBigEndian = isBigEndian
    guard section.number(UInt16.self) != nil, let flags = section.number(UInt16.self) else { return }
    var buffer = Buffer(name: name, clock: clock, pageSize: pageSize)
    for _ in 0..<min(count, 64) {
      guard let cpu = reader.number(UInt32.self), let start = reader.number(UInt64.self), let size = reader.number(UInt64.self) else {
        break
      }
      var data = ByteReader(file, at: Int(clamping: start))
      data.isBigEndian = isBigEndian
      buffer.cpus.append(CPU(number: cpu, chunks: chunks(&data, size: Int(clamping: size), isPacked: flags & 1 != 0)))
    }
    buffers.append(buffer)
  }

  private mutating func chunks(_ data: inout ByteReader, size: Int, isPacked: Bool) -> [[UInt8]] {
    guard isPacked else { return data.take(size).map { [Array($0)] } ?? [] }
    var chunks: [[UInt8]] = []
    for _ in 0..<min(data.number(UInt32.self) ?? 0, 64) {
      guard let chunk = unpacked(&data) else { break }
      chunks.append(chunk)
    }
    return chunks
  }
}
