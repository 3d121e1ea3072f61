import Testing

@testable import TraceFile

/// A prepared field gives the number that its slot gives, wherever it lies and whatever the byte order.
struct NumberFieldTests {
  private static let record = (0..<48).map { UInt8(truncatingIfNeeded: $0 &* 0x5b &+ 0x83) }

  @Test(arguments: [false, true])
  func isTheSlotsNumber(isBigEndian: Bool) {
    let order = ByteOrder(isBigEndian: isBigEndian)
    for size in UInt16(0)...9 {
      for offset in 0...UInt16(Self.record.count) - size {
        for form in [FieldSlot.Form.unsigned, .signed, .text] {
          let slot = FieldSlot(offset: offset, size: size, form: form)
          let numbers = Self.record.withUnsafeBytes { bytes in
            bytes.baseAddress.map { base in
              (slot.number(base, swapped: order.isSwapped), NumberField(slot, order: order).number(base, swapped: order.isSwapped))
            }
          }
          #expect(numbers?.0 == numbers?.1, "\(size) bytes at \(offset), \(form)")
        }
      }
    }
  }

  @Test func anAbsentFieldIsZero() {
    let number = Self.record.withUnsafeBytes { bytes in bytes.baseAddress.map { NumberField.absent.number($0, swapped: false) } }
    #expect(number == 0)
    #expect(!NumberField.absent.isPresent)
  }
}
