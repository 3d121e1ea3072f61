/// Writes messages in the wire format of Protocol Buffers, field by field, into one run of bytes.
///
/// A library with generated messages would need Perfetto's whole schema in this program, and would make an object for every event and
/// drop it again; here an event is some twenty bytes that are appended. Tests decode the result with the published schema.
struct ProtobufWriter {
  private enum WireType: UInt64 {
    case varint = 0
    case lengthDelimited = 2
  }

  var bytes: [UInt8] = []

  /// A field of type uint32, uint64, int32, int64, bool or an enumeration.
  @inline(__always)
  mutating func field(_ number: UInt64, _ value: some FixedWidthInteger) {
    tag(number, .varint)
    // Negative numbers take all 64 bits, of whatever width the field is.
    varint(UInt64(truncatingIfNeeded: value))
  }

  mutating func field(_ number: UInt64, _ text: String) {
    tag(number, .lengthDelimited)
    varint(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A field that holds a message, whose fields `body` writes.
  @inline(__always)
  mutating func message(_ number: UInt64, _ body: (inout ProtobufWriter) -> Void) {
    tag(number, .lengthDelimited)
    // Nearly all messages are shorter than 128 bytes: then the length is one byte.
    let place = bytes.count
    bytes.append(0)
    body(&self)
    let count = bytes.count - place - 1
    if count < 0x80 { bytes[place] = UInt8(truncatingIfNeeded: count) } else { widen(place, count: count) }
  }

  /// Puts a length of several bytes in the place of one.
  @inline(never)
  private mutating func widen(_ place: Int, count: Int) {
    var length = ProtobufWriter()
    length.varint(UInt64(count))
    bytes.replaceSubrange(place...place, with: length.bytes)
  }

  @inline(__always)
  private mutating func tag(_ number: UInt64, _ type: WireType) { varint(number << 3 | type.rawValue) }

  @inline(__always)
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
