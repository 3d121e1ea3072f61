/// Where an export goes: bytes, which need not be text.
public protocol ByteOutput: TextOutputStream {
  mutating func write(bytes: [UInt8])
}

extension [UInt8] {
  /// A piece that is worth handing on.
  private static let pieceSize = 1 << 17

  /// Hands the bytes on when enough have gathered.
  mutating func drain(into output: inout some ByteOutput, all: Bool = false) {
    guard all || count >= Self.pieceSize else { return }
    output.write(bytes: self)
    removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
