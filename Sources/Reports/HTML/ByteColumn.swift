/// A column of numbers as bytes: seven bits each, the lowest first, the eighth bit set in all but the last byte of a number.
struct ByteColumn {
  private(set) var bytes: [UInt8] = []
  private var last = 0

  mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func append(_ value: Int) { append(UInt64(clamping: value)) }

  /// A number of either sign: 0, -1, 1, -2, 2 … are 0, 1, 2, 3, 4 ….
  mutating func append(signed value: Int64) { append(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

  /// The distance from the place that was appended last; places ascend.
  mutating func append(place: Int) {
    append(max(0, place - last))
    last = place
  }
}
