import Glibc

/// A stretch of a text's bytes. Reading past its end gives 0, so that no line, however cut, can be read out of bounds.
struct TextBytes {
  let base: UnsafePointer<UInt8>
  let count: Int

  @inline(__always)
  init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  @inline(__always)
  subscript(_ index: Int) -> UInt8 {
    UInt(bitPattern: index) < UInt(bitPattern: count) ? base[index] : 0
  }

  /// The bytes from `start` up to `end`, both cut to what is there.
  @inline(__always)
  func slice(_ start: Int, _ end: Int) -> TextBytes {
    let first = min(max(start, 0), count)
    return TextBytes(base: base + first, count: max(min(end, count) - first, 0))
  }

  @inline(__always)
  func from(_ start: Int) -> TextBytes { slice(start, count) }

  var isEmpty: Bool { count == 0 }

  /// The text, with bytes that are no UTF-8 replaced.
  var string: String { String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }

  // MARK: looking

  @inline(__always)
  func skippingSpaces(_ index: Int) -> Int {
    var at = index
    // Indentation is long: eight bytes at a time.
    while let word = word(at) {
      let others = word ^ 0x2020_2020_2020_2020
      if others != 0 { return at + others.trailingZeroBitCount >> 3 }
      at += 8
    }
    while self[at] == .space { at += 1 }
    return at
  }

  /// Eight bytes, the first one lowest, or nil where fewer are left.
  @inline(__always)
  func word(_ index: Int) -> UInt64? {
    guard index >= 0, index <= count - 8 else { return nil }
    return UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The first parenthesis, blank or control byte from `index` on, or `count`.
  @inline(__always)
  func endOfName(_ index: Int) -> Int {
    var at = index
    while let word = word(at) {
      // The lowest marked byte is right; those above it may be marked wrongly.
      let low = 0x0101_0101_0101_0101 as UInt64
      let high = low << 7
      let parentheses = (word ^ 0x2828_2828_2828_2828) & 0xfefe_fefe_fefe_fefe
      let marks = ((word &- low &* 0x21) & ~word | (parentheses &- low) & ~parentheses) & high
      if marks != 0 { return at + marks.trailingZeroBitCount >> 3 }
      at += 8
    }
    while at < count, base[at] > .space, base[at] & 0xfe != .openParenthesis { at += 1 }
    return at
  }

  /// Where the spaces at the end start.
  @inline(__always)
  var endWithoutSpaces: Int {
    var end = count
    while end > 0, self[end - 1].isBlank { end -= 1 }
    return end
  }

  var trimmed: TextBytes {
    let end = endWithoutSpaces
    return slice(min(skippingSpaces(0), end), end)
  }

  func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    guard start >= 0, start < count, let found = memchr(base + start, Int32(byte), count - start) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  func lastIndex(of byte: UInt8, before end: Int) -> Int? {
    var index = min(end, count) - 1
    while index >= 0 {
      if base[index] == byte { return index }
      index -= 1
    }
    return nil
  }

  @inline(__always)
  func has(_ literal: StaticString, at index: Int) -> Bool {
    index >= 0 && literal.utf8CodeUnitCount <= count - index
      && memcmp(base + index, literal.utf8Start, literal.utf8CodeUnitCount) == 0
  }

  func hasSuffix(_ literal: StaticString) -> Bool { has(literal, at: count - literal.utf8CodeUnitCount) }

  func firstRange(of literal: StaticString, from start: Int = 0) -> Range<Int>? {
    var search = start
    while let index = firstIndex(of: literal.utf8Start[0], from: search) {
      if has(literal, at: index) { return index..<index + literal.utf8CodeUnitCount }
      search = index + 1
    }
    return nil
  }

  func lastRange(of literal: StaticString) -> Range<Int>? {
    var index = count - literal.utf8CodeUnitCount
    while index >= 0 {
      if has(literal, at: index) { return index..<index + literal.utf8CodeUnitCount }
      index -= 1
    }
    return nil
  }

  // MARK: numbers

  /// The decimal number at `index`, which moves behind it. nil when there is none, or one of more than 19 digits.
  @inline(__always)
  func decimal(_ index: inout Int) -> UInt64? {
    var value: UInt64 = 0
    var at = index
    while true {
      let digit = self[at] &- .zero
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt64(digit)
      at += 1
    }
    guard at > index, at - index <= 19 else { return nil }
    index = at
    return value
  }

  /// The hexadecimal number of at most 16 digits at `index`, which moves behind it.
  func hexadecimal(_ index: inout Int) -> UInt64? {
    var value: UInt64 = 0
    var at = index
    while let digit = self[at].hexDigitValue {
      value = value << 4 | UInt64(digit)
      at += 1
    }
    guard at > index, at - index <= 16 else { return nil }
    index = at
    return value
  }

  /// A register as the kernel prints results: `-22`, `0xffffffea`, `4294967274`.
  func result(_ index: inout Int) -> Int64? {
    var at = index
    let isNegative = self[at] == .minus
    if isNegative { at += 1 }
    let magnitude: UInt64
    if self[at] == .zero, self[at + 1] == .lowerX {
      at += 2
      guard let value = hexadecimal(&at) else { return nil }
      magnitude = value
    } else {
      guard let value = decimal(&at) else { return nil }
      magnitude = value
    }
    index = at
    if isNegative { return Int64(truncatingIfNeeded: 0 &- magnitude) }
    return Int64(bitPattern: magnitude)
  }
}

extension UInt8 {
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let hash = UInt8(ascii: "#")
  static let openParenthesis = UInt8(ascii: "(")
  static let closeParenthesis = UInt8(ascii: ")")
  static let star = UInt8(ascii: "*")
  static let minus = UInt8(ascii: "-")
  static let dot = UInt8(ascii: ".")
  static let slash = UInt8(ascii: "/")
  static let zero = UInt8(ascii: "0")
  static let colon = UInt8(ascii: ":")
  static let semicolon = UInt8(ascii: ";")
  static let less = UInt8(ascii: "<")
  static let equals = UInt8(ascii: "=")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let lowerX = UInt8(ascii: "x")
  static let openBrace = UInt8(ascii: "{")
  static let bar = UInt8(ascii: "|")
  static let closeBrace = UInt8(ascii: "}")

  @inline(__always)
  var isDigit: Bool { self &- .zero < 10 }

  /// A blank, or what ends a line. A NUL is none: blocks of them are holes that a crash left in a file.
  @inline(__always)
  var isBlank: Bool { self == .space || self == .tab || self == .newline || self == .carriageReturn }

  var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
