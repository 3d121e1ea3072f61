/// The first bytes of a trace-cmd file: what is needed to read all others.
struct DatHeader {
  enum Version {
    case v6
    case v7
  }

  var version: Version
  var order: ByteOrder
  /// Bytes of a `long` in the recorded machine's user space.
  var longSize: Int
  /// Bytes of a ring buffer page.
  var pageSize: Int
  /// Version 7 only.
  var compression: Compression
  /// Version 7 only: where the first options section is.
  var firstOptions: UInt64
  /// Where the sections begin.
  var end: UInt64

  /// Smallest and largest page that a ring buffer can have: 4 KiB is the smallest page of Linux; a sub-buffer has at most 1 MiB, because
  /// its write counter has 20 bits (kernel/trace/ring_buffer.c, RB_WRITE_MASK).
  private static let pageSizes = 512...(1 << 20)

  init(_ file: ByteBlock, path: String) throws(TraceReadError) {
    let parsed: Result<DatHeader, TraceReadError>
    do {
      parsed = try Self.parse(file, path: path)
    } catch {
      parsed = .failure(TraceReadError(.cutOff, path: path, offset: error.offset))
    }
    self = try parsed.get()
  }

  private init(
    version: Version, order: ByteOrder, longSize: Int, pageSize: Int, compression: Compression, firstOptions: UInt64, end: UInt64
  ) {
    self.version = version
    self.order = order
    self.longSize = longSize
    self.pageSize = pageSize
    self.compression = compression
    self.firstOptions = firstOptions
    self.end = end
  }

  static func isPlausible(pageSize: Int) -> Bool { pageSizes.contains(pageSize) && pageSize & (pageSize - 1) == 0 }

  private static func parse(_ file: ByteBlock, path: String) throws(CutOff) -> Result<DatHeader, TraceReadError> {
    var cursor = file.cursor(order: ByteOrder(isBigEndian: false))
    _ = try cursor.take(UInt64(FileKind.traceCmdMagic.count))
    let versionText = try cursor.cString()
    let version: Version
    switch versionText {
    case "6": version = .v6
    case "7": version = .v7
    default: return .failure(TraceReadError(.unsupportedVersion(shown(versionText)), path: path))
    }
    let endianness = try cursor.u8()
    let longSize = try cursor.u8()
    guard endianness <= 1, longSize == 4 || longSize == 8 else {
      return .failure(TraceReadError(.damaged("its byte order or word size is not valid"), path: path, offset: cursor.offset - 2))
    }
    let order = ByteOrder(isBigEndian: endianness == 1)
    cursor.order = order
    let pageSize = Int(try cursor.u32())
    guard isPlausible(pageSize: pageSize) else {
      return .failure(TraceReadError(.damaged("a page size of \(pageSize) bytes"), path: path, offset: cursor.offset - 4))
    }
    var compression = Compression.none
    var firstOptions: UInt64 = 0
    if version == .v7 {
      let name = try cursor.cString()
      _ = try cursor.cString()
      guard let known = Compression(name: name) else {
        return .failure(TraceReadError(.unsupportedCompression(shown(name)), path: path))
      }
      compression = known
      firstOptions = try cursor.u64()
    }
    return .success(
      DatHeader(
        version: version, order: order, longSize: Int(longSize), pageSize: pageSize, compression: compression,
        firstOptions: firstOptions, end: cursor.offset))
  }

  /// The beginning of a string from the file, fit for a message.
  private static func shown(_ text: String) -> String { String(text.prefix(20)) }
}
