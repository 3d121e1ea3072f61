import Corruption

/// Changes of the tables of an ELF64 file.
enum ELFChanges {
  /// Bytes of a section's header, and offsets and widths of what stands in it.
  private static let headerSize = 64
  private static let fields: [(offset: Int, width: Int)] = [
    (0, 4), (4, 4), (8, 8), (24, 8), (24, 8), (32, 8), (32, 8), (40, 4), (44, 4), (48, 8), (56, 8),
  ]
  private static let symbolSize = 24

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) {
    let headers = headers(bytes)
    guard let header = headers.randomElement(using: &dice) else { return Borders.put(into: &bytes, with: &dice) }
    switch UInt8.random(in: 0..<10, using: &dice) {
    case 0..<4:
      guard let field = fields.randomElement(using: &dice) else { return }
      Borders.put(into: &bytes, at: header + field.offset, width: field.width, with: &dice)
    case 4: exchange(&bytes, header, headers.randomElement(using: &dice) ?? header)
    case 5: overlap(&bytes, header, headers.randomElement(using: &dice) ?? header)
    case 6, 7: changeContent(&bytes, of: header, with: &dice)
    case 8: Borders.put(into: &bytes, at: Int.random(in: 16..<64, using: &dice), width: 2, with: &dice)
    default: bytes.withUnsafeMutableBytes { dice.change($0, from: 4) }
    }
  }

  /// Lets a section that holds a table reach over `size` bytes at `start`.
  static func widen(_ bytes: inout [UInt8], to size: Int, at start: Int, with dice: inout Corrupter) {
    guard let header = headers(bytes).randomElement(using: &dice) else { return }
    store(UInt64(start), into: &bytes, at: header + 24)
    store(UInt64(size / symbolSize * symbolSize), into: &bytes, at: header + 32)
  }

  /// Where the headers of the sections are.
  private static func headers(_ bytes: [UInt8]) -> [Int] {
    guard bytes.count >= 64, let start = Int(exactly: number(bytes, at: 40, width: 8)) else { return [] }
    let count = Int(number(bytes, at: 60, width: 2))
    return (0..<count).compactMap { index in
      let at = start.addingReportingOverflow(index * headerSize)
      return !at.overflow && at.partialValue >= 0 && at.partialValue <= bytes.count - headerSize ? at.partialValue : nil
    }
  }

  private static func exchange(_ bytes: inout [UInt8], _ one: Int, _ other: Int) {
    for index in 0..<headerSize { bytes.swapAt(one + index, other + index) }
  }

  /// Two sections hold the same bytes.
  private static func overlap(_ bytes: inout [UInt8], _ one: Int, _ other: Int) {
    for index in 24..<40 { bytes[one + index] = bytes[other + index] }
  }

  /// A symbol, a relocation or a note.
  private static func changeContent(_ bytes: inout [UInt8], of header: Int, with dice: inout Corrupter) {
    guard let start = Int(exactly: number(bytes, at: header + 24, width: 8)),
      let size = Int(exactly: number(bytes, at: header + 32, width: 8)), start < bytes.count, size > 0
    else { return }
    let end = min(bytes.count, start + min(size, bytes.count))
    let entry = Int.random(in: 0...(end - start - 1) / symbolSize, using: &dice) * symbolSize
    let place = start + entry + ([0, 4, 6, 8, 12, 16].randomElement(using: &dice) ?? 0)
    Borders.put(into: &bytes, at: place, with: &dice)
  }

  private static func number(_ bytes: [UInt8], at: Int, width: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
  }

  private static func store(_ value: UInt64, into bytes: inout [UInt8], at: Int) {
    for index in 0..<8 { bytes[at + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }
}
