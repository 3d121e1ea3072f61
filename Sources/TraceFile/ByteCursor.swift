/// Reading went past the end of what is there.
struct CutOff: Error {
  /// Byte offset in the file (or in the decompressed section) where the missing bytes should be.
  var offset: UInt64
}

/// Byte order of a file, compared with that of this machine.
struct ByteOrder: Sendable, Hashable {
  var isBigEndian: Bool

  /// That of this machine.
  static let native = ByteOrder(isBigEndian: Int(bigEndian: 1) == 1)

  /// Whether numbers must be swapped on this machine.
  var isSwapped: Bool { isBigEndian != (Int(bigEndian: 1) == 1) }

  /// A number of the file for this machine, or the other way round.
  @inline(__always) func host<T: FixedWidthInteger>(_ value: T) -> T { isSwapped ? value.byteSwapped : value }

  /// A number as it stands in the file.
  func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: host(value)) { Array($0) } }
}

/// Walks over untrusted bytes: every read is checked, and every one but an empty one moves on.
struct ByteCursor {
  let bytes: UnsafeRawBufferPointer
  var order: ByteOrder
  /// Offset of `bytes` in the file, for messages.
  let origin: UInt64
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer, order: ByteOrder, origin: UInt64) {
    self.bytes = bytes
    self.order = order
    self.origin = origin
  }

  var remaining: Int { bytes.count - position }
  /// Offset of the next byte in the file.
  var offset: UInt64 { origin &+ UInt64(position) }
  private var cutOff: CutOff { CutOff(offset: origin &+ UInt64(bytes.count)) }

  private mutating func number<T: FixedWidthInteger>(_ type: T.Type) throws(CutOff) -> T {
    guard remaining >= MemoryLayout<T>.size else { throw cutOff }
    let value = bytes.loadUnaligned(fromByteOffset: position, as: type)
    position += MemoryLayout<T>.size
    return order.host(value)
  }

  mutating func u8() throws(CutOff) -> UInt8 { try number(UInt8.self) }
  mutating func u16() throws(CutOff) -> UInt16 { try number(UInt16.self) }
  mutating func u32() throws(CutOff) -> UInt32 { try number(UInt32.self) }
  mutating func u64() throws(CutOff) -> UInt64 { try number(UInt64.self) }

  /// The next `count` bytes, in place.
  mutating func take(_ count: UInt64) throws(CutOff) -> UnsafeRawBufferPointer {
    guard count <= UInt64(remaining) else { throw cutOff }
    let length = Int(count)
    let slice = UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
    position += length
    return slice
  }

  /// A string up to its NUL, which is passed over.
  mutating func cString() throws(CutOff) -> String {
    guard let end = bytes[position...].firstIndex(of: 0) else { throw cutOff }
    let text = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end + 1
    return text
  }

  /// Whether `text` comes next; it is passed over only then.
  mutating func skip(_ text: StaticString) throws(CutOff) -> Bool {
    let length = text.utf8CodeUnitCount
    guard remaining >= length else { throw cutOff }
    let isThere = text.withUTF8Buffer { $0.elementsEqual(bytes[position..<position + length]) }
    if isThere { position += length }
    return isThere
  }
}
