import Corruption

/// Numbers at which lengths, counts and offsets go wrong, put where such numbers are.
enum Borders {
  private static let numbers: [UInt64] = [
    0, 1, 2, 3, 4, 7, 8, 15, 16, 0x7f, 0x80, 0xff, 0x100, 0x1ff, 0x200, 0xfff, 0x1000, 0x1001, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x1_0000,
    0x1_0001, 1 << 20, 1 << 24, (1 << 26) - 1, 1 << 26, (1 << 26) + 1, (1 << 27) - 1, 1 << 27, (1 << 30) - 1, 1 << 30, (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 2, (1 << 32) - 1, 1 << 32, (1 << 62), (1 << 63) - 1, 1 << 63, .max - 1, .max,
  ]

  /// A number at a border: a usual one, or one of or beside the `own` sizes of the input.
  static func number(near own: [Int], with dice: inout Corrupter) -> UInt64 {
    if let size = own.randomElement(using: &dice), Bool.random(using: &dice) {
      return UInt64(bitPattern: Int64(size &+ Int.random(in: -1...1, using: &dice)))
    }
    return numbers.randomElement(using: &dice) ?? 0
  }

  /// Puts a border into 2, 4 or 8 bytes at `place`, or somewhere, in either byte order.
  static func put(into bytes: inout [UInt8], at place: Int? = nil, width: Int? = nil, with dice: inout Corrupter) {
    guard let width = width ?? [2, 4, 4, 8].randomElement(using: &dice), bytes.count >= width else { return }
    let step = Bool.random(using: &dice) ? 1 : min(width, 4)
    let at = place ?? Int.random(in: 0...(bytes.count - width) / step, using: &dice) * step
    guard at >= 0, at <= bytes.count - width else { return }
    let isBig = UInt8.random(in: 0..<8, using: &dice) == 0
    var value = number(near: [bytes.count, bytes.count - at], with: &dice)
    // Beside what is there, now and then.
    if UInt8.random(in: 0..<4, using: &dice) == 0 {
      value = (0..<width).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) } &+ (Bool.random(using: &dice) ? 1 : .max)
    }
    for index in 0..<width { bytes[at + (isBig ? width - 1 - index : index)] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }
}
