import Glibc

/// Tells from the first bytes of a file whether it is a trace, without reading all of it.
enum TraceStart {
  /// Bytes that are looked at, of the file and of the text that is packed in it.
  private static let size = 1 << 16

  /// Whether the file begins as a trace. One that cannot be opened, or unpacked, is called a trace: who reads it learns why it is not.
  static func isTrace(_ path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return true }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: size)
    let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    guard count >= 0 else { return true }
    return bytes.withUnsafeBytes { isTrace(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  private static func isTrace(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch FileKind(bytes) {
    case .traceCmd: return true
    case .text: return isText(bytes)
    case .perfData, .elf, .binary: return false
    case .gzip, .xz, .zstd:
      guard let text = CompressedInput.start(of: bytes, size: size) else { return true }
      return text.withUnsafeBytes { FileKind($0) == .text && isText($0) }
    }
  }

  private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return false }
    let head = TextHead(TextBytes(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count))
    if case .unknown = head.kind { return false }
    return true
  }
}
