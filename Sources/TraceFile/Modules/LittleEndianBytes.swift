/// Reads numbers and names out of untrusted little-endian bytes: nil for what does not lie within.
struct LittleEndianBytes: Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// The number of `size` bytes (at most 8) at an offset.
  private func number(at offset: UInt64, size: UInt64) -> UInt64? {
    guard let range = range(at: offset, count: size) else { return nil }
    var value: UInt64 = 0
    for index in range.reversed() { value = value << 8 | UInt64(bytes[index]) }
    return value
  }

  func u16(at offset: UInt64) -> UInt16? { number(at: offset, size: 2).map { UInt16(truncatingIfNeeded: $0) } }
  func u32(at offset: UInt64) -> UInt32? { number(at: offset, size: 4).map { UInt32(truncatingIfNeeded: $0) } }
  func u64(at offset: UInt64) -> UInt64? { number(at: offset, size: 8) }
  func u8(at offset: UInt64) -> UInt8? { number(at: offset, size: 1).map { UInt8(truncatingIfNeeded: $0) } }

  /// Where `count` bytes from `offset` on lie, when all of them do.
  func range(at offset: UInt64, count: UInt64) -> Range<Int>? {
    let total = UInt64(bytes.count)
    guard offset <= total, count <= total - offset else { return nil }
    return Int(offset)..<Int(offset + count)
  }

  /// The text up to the NUL that ends it before `end`; nil where there is none within `limit` bytes.
  func name(at offset: UInt64, before end: Int, limit: Int) -> String? {
    guard let start = range(at: offset, count: 0)?.lowerBound, start < end, end <= bytes.count else { return nil }
    let window = bytes[start..<min(end, start + limit + 1)]
    guard let terminator = window.firstIndex(of: 0) else { return nil }
    return String(decoding: window[..<terminator], as: UTF8.self)
  }
}
