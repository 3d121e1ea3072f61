/// Walks over the bytes of an input; nil at its end.
struct ByteReader {
  let bytes: [UInt8]
  var at = 0
  var isBigEndian = false

  init(_ bytes: [UInt8], at: Int = 0) {
    self.bytes = bytes
    self.at = at
  }

  var remaining: Int { bytes.count - at }

  mutating func number<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> T? {
    guard let part = take(MemoryLayout<T>.size) else { return nil }
    return (isBigEndian ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | T($1) }
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard at >= 0, count >= 0, count <= remaining else { return nil }
    defer { at += count }
    return bytes[at..<at + count]
  }

  /// Up to a NUL, which is passed over.
  mutating func string() -> [UInt8]? {
    guard at >= 0, at <= bytes.count, let end = bytes[at...].firstIndex(of: 0) else { return nil }
    defer { at = end + 1 }
    return Array(bytes[at..<end])
  }
}
