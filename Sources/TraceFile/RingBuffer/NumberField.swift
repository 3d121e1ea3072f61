/// A number in a record, prepared so that it is taken without a branch: eight bytes of the record, shifted and masked.
///
/// `FieldSlot` says the same of any field; this is for those of the events that come by the million.
struct NumberField: Sendable {
  /// Records must have these bytes at least, whatever their fields are.
  static let shortestRecord = 8

  /// Where the eight bytes start: they end with the field, or lie at the record's start.
  private var start: UInt32 = 0
  private var shift: UInt8 = 0
  /// 0 for a field that is not there: its number is 0.
  private var mask: UInt64 = 0
  /// The sign's bit, or 0.
  private var sign: UInt64 = 0
  private(set) var isPresent = false

  /// A field that is not there.
  static let absent = NumberField(.absent, order: .native)

  init(_ slot: FieldSlot, order: ByteOrder) {
    isPresent = slot.isPresent
    // As `FieldSlot.number` has it: a number has one of these sizes.
    guard slot.isPresent, [1, 2, 4, 8].contains(slot.size) else { return }
    let bits = Int(slot.size) * 8
    let first = max(0, slot.end - Self.shortestRecord)
    let before = (Int(slot.offset) - first) * 8
    start = UInt32(truncatingIfNeeded: first)
    shift = UInt8(truncatingIfNeeded: order.isBigEndian ? 64 - before - bits : before)
    mask = .max >> UInt64(64 - bits)
    if slot.form == .signed { sign = 1 << UInt64(bits - 1) }
  }

  /// The number in a record, sign-extended if the field is signed. The record must reach to the field's end, and have `shortestRecord`
  /// bytes: so it holds the eight bytes.
  @inline(__always)
  func number(_ record: UnsafeRawPointer, swapped: Bool) -> UInt64 {
    let raw = record.loadUnaligned(fromByteOffset: Int(start), as: UInt64.self)
    let value = ((swapped ? raw.byteSwapped : raw) &>> UInt64(shift)) & mask
    return (value ^ sign) &- sign
  }
}
