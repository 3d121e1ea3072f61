import CCompression
import CallTrees

/// Compressed text traces: gzip, xz and zstd, told from their first bytes.
enum CompressedInput {
  enum Format: String, CaseIterable {
    case gzip
    case xz
    case zstd

    /// What every file of the format begins with.
    var magic: [UInt8] {
      switch self {
      case .gzip: [0x1f, 0x8b]
      case .xz: [0xfd] + Array("7zXZ".utf8) + [0]
      case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
      }
    }
  }

  /// No text of more than 4 GiB is unpacked.
  static let maximumSize = 4 << 30

  /// Text of a trace packs to a hundredth at best. What unpacks to more than this many times its size, and to more than
  /// `freeSize`, is no trace.
  static let maximumRatio = 250
  static let freeSize = 32 << 20
  /// What takes time is the calls, not the bytes. Packed traces have a line for each three bytes, small ones for each byte.
  private static let freeLines = 1 << 16
  private static let linesPerByte = 1

  static func format(_ bytes: UnsafeRawBufferPointer) -> Format? { Format.allCases.first { bytes.starts(with: $0.magic) } }

  /// Unpacks `bytes`.
  ///
  /// - Parameters:
  ///   - limit: the greatest size of the unpacked text.
  ///   - freeSize: the size up to which the ratio does not matter.
  ///   - isText: whether its lines are counted too.
  /// - Returns: the text, and the damage where the compressed data ends early or is broken: the text up to there.
  /// - Throws: `TextTraceError` when the data are not compressed, are too large, or nothing of them can be unpacked.
  static func decompress(
    _ bytes: UnsafeRawBufferPointer, limit: Int = maximumSize, freeSize: Int = freeSize, isText: Bool = true
  ) throws -> (bytes: [UInt8], damage: Damage?) {
    guard let format = format(bytes), let decoder = decoder(format) else {
      throw TextTraceError(message: "the data are not compressed with gzip, xz or zstd", hint: "give the trace as it was recorded")
    }
    defer { decoder.close() }
    let ratioLimit = max(freeSize, bytes.count > Int.max / maximumRatio ? Int.max : bytes.count * maximumRatio)
    var lines = freeLines + bytes.count * linesPerByte
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var consumed = 0
    var damage: Damage?
    while damage == nil {
      let input = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
      let step = chunk.withUnsafeMutableBytes { decoder.step(input, into: $0) }
      consumed += step.consumed
      output.append(contentsOf: chunk[..<step.produced])
      if output.count > min(limit, ratioLimit) { throw tooLarge(output.count, limit: limit) }
      if isText {
        lines -= chunk.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0.prefix(step.produced)).lineFeeds }
        if lines < 0 { throw TextTraceError(message: "the compressed text has more lines than a trace of its size", hint: advice) }
      }
      switch step.state {
      case .finished:
        guard consumed < bytes.count else { return (output, nil) }
        damage = Damage(offset: UInt64(consumed), message: "data that are not \(format.rawValue) follow the compressed text")
      case .running:
        if step.consumed == 0, step.produced == 0 {
          damage = Damage(offset: UInt64(consumed), message: "the \(format.rawValue) data end early: the text is cut here")
        }
      case .broken(let reason):
        damage = Damage(offset: UInt64(consumed), message: "the \(format.rawValue) data are broken (\(reason)): the text is cut here")
      }
    }
    if output.isEmpty, let damage {
      throw TextTraceError(message: damage.message, hint: "copy the file again: nothing of it can be unpacked")
    }
    return (output, damage)
  }

  /// The first bytes, up to about `size`, of what is packed in the beginning of a file; nil when nothing can be unpacked.
  static func start(of bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
    guard let format = format(bytes), let decoder = decoder(format) else { return nil }
    defer { decoder.close() }
    var output = [UInt8](repeating: 0, count: size)
    var (consumed, produced) = (0, 0)
    while produced < size, consumed < bytes.count {
      let input = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
      let step = output.withUnsafeMutableBytes { decoder.step(input, into: UnsafeMutableRawBufferPointer(rebasing: $0[produced...])) }
      consumed += step.consumed
      produced += step.produced
      guard case .running = step.state, step.consumed + step.produced > 0 else { break }
    }
    return produced == 0 ? nil : Array(output[..<produced])
  }

  private static func tooLarge(_ size: Int, limit: Int) -> TextTraceError {
    let reason =
      size > limit
      ? "the compressed text is longer than \(limit) bytes"
      : "the compressed text grows to more than \(maximumRatio) times its size, which no trace does"
    return TextTraceError(message: reason, hint: advice)
  }

  private static let advice = "unpack it by hand, and cut it to the module load"

  private static func decoder(_ format: Format) -> (any StreamDecoder)? {
    switch format {
    case .gzip: GzipDecoder()
    case .xz: XZDecoder()
    case .zstd: ZstdDecoder()
    }
  }
}

/// One step of unpacking.
struct DecoderStep {
  enum State {
    case running
    /// All that was given is a whole.
    case finished
    case broken(String)
  }

  var consumed: Int
  var produced: Int
  var state: State
}

/// A decompressor that takes its input and gives its output in pieces.
protocol StreamDecoder: AnyObject {
  /// Unpacks from `input`, all that is left, as much as `output` takes.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep
  func close()
}
