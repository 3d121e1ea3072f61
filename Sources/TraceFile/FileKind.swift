/// What a file is, told from its first bytes.
public enum FileKind: Sendable, Hashable {
  /// A trace-cmd `.dat`.
  case traceCmd
  /// Text, perhaps a trace.
  case text
  case gzip
  case xz
  case zstd
  case perfData
  case elf
  case binary

  static let traceCmdMagic: [UInt8] = [0x17, 0x08, 0x44] + Array("tracing".utf8)

  static let elfMagic: [UInt8] = [0x7f] + Array("ELF".utf8)

  private static let signatures: [(bytes: [UInt8], kind: FileKind)] = [
    (traceCmdMagic, .traceCmd),
    (Array("PERFILE2".utf8), .perfData),
    (Array("2ELIFREP".utf8), .perfData),
    (elfMagic, .elf),
    (CompressedInput.Format.gzip.magic, .gzip),
    (CompressedInput.Format.xz.magic, .xz),
    (CompressedInput.Format.zstd.magic, .zstd),
  ]

  init(_ bytes: UnsafeRawBufferPointer) {
    let head = bytes.prefix(4096)
    if let match = Self.signatures.first(where: { head.starts(with: $0.bytes) }) {
      self = match.kind
    } else {
      // A trace's text has tabs and newlines, and names from anywhere, but no NUL.
      self = head.contains(0) ? .binary : .text
    }
  }

  /// Whether the bytes are the beginning of a trace-cmd file, perhaps cut off within its magic number.
  static func isTraceCmdStump(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count < traceCmdMagic.count && bytes.first == traceCmdMagic[0] && traceCmdMagic.starts(with: bytes)
  }

  /// The kind with its article, as the object of a sentence.
  var article: String {
    switch self {
    case .traceCmd: "a trace-cmd file"
    case .text: "a text"
    case .gzip: "a gzip file"
    case .xz: "an xz file"
    case .zstd: "a zstd file"
    case .perfData: "a perf.data file"
    case .elf: "an ELF program or library"
    case .binary: "an unknown binary file"
    }
  }

  /// What to do to get a trace.
  var advice: String {
    switch self {
    case .perfData: "record with trace-cmd, or copy the text of /sys/kernel/tracing/trace"
    default: "name a trace-cmd .dat or the text of /sys/kernel/tracing/trace"
    }
  }
}
