/// Where a field is within a record.
struct FieldSlot: Sendable, Hashable {
  /// How the bytes of a field are to be taken.
  enum Form: UInt8, Sendable {
    case unsigned
    case signed
    /// Text in place; a size of 0 reaches to the end of the record.
    case text
    /// 16 bits of offset from the record's start and 16 bits of length (`__data_loc`).
    case located
    /// The same, with the offset from the end of the field (`__rel_loc`).
    case relativelyLocated
  }

  /// No field: readers give 0 or an empty text.
  static let absent = FieldSlot(offset: 0, size: 0, form: .unsigned, isPresent: false)

  var offset: UInt16
  var size: UInt16
  var form: Form
  var isPresent = true

  var end: Int { Int(offset) + Int(size) }

  /// The number in a record, sign-extended if the field is signed. The record must reach to `end`.
  @inline(__always)
  func number(_ record: UnsafeRawPointer, swapped: Bool) -> UInt64 {
    let at = Int(offset)
    switch size {
    case 8:
      let value = record.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      return swapped ? value.byteSwapped : value
    case 4:
      let raw = record.loadUnaligned(fromByteOffset: at, as: UInt32.self)
      let value = swapped ? raw.byteSwapped : raw
      return form == .signed ? UInt64(bitPattern: Int64(Int32(bitPattern: value))) : UInt64(value)
    case 2:
      let raw = record.loadUnaligned(fromByteOffset: at, as: UInt16.self)
      let value = swapped ? raw.byteSwapped : raw
      return form == .signed ? UInt64(bitPattern: Int64(Int16(bitPattern: value))) : UInt64(value)
    case 1:
      let value = record.load(fromByteOffset: at, as: UInt8.self)
      return form == .signed ? UInt64(bitPattern: Int64(Int8(bitPattern: value))) : UInt64(value)
    default: return 0
    }
  }

  /// The bytes of a text in a record, up to its NUL. nil: it does not lie within the record.
  func text(_ record: UnsafeRawBufferPointer, order: ByteOrder) -> Slice<UnsafeRawBufferPointer>? {
    var start = Int(offset)
    var length = size == 0 ? max(0, record.count - start) : Int(size)
    if form == .located || form == .relativelyLocated {
      guard size == 4, end <= record.count else { return nil }
      let place = order.host(record.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      start = Int(place & 0xffff) + (form == .relativelyLocated ? end : 0)
      length = Int(place >> 16)
    }
    guard start <= record.count, length <= record.count - start else { return nil }
    let whole = record[start..<start + length]
    return whole[..<(whole.firstIndex(of: 0) ?? whole.endIndex)]
  }
}
