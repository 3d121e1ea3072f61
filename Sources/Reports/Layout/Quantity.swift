import KVMStages

/// Numbers as people read them.
enum Quantity {
  private static let units: [(text: StaticString, ascii: StaticString, nanoseconds: UInt64)] = [
    (" µs", " us", 1_000), (" ms", " ms", 1_000_000), (" s", " s", 1_000_000_000),
  ]

  /// `340 ns`, `1.234 µs`, `12.35 ms`: rounded to `digits` digits that count, 3 or 4.
  static func time(_ nanoseconds: UInt64, digits: Int = 4, unicode: Bool = true) -> String {
    var bytes: [UInt8] = []
    append(time: nanoseconds, digits: digits, unicode: unicode, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends what `time` gives.
  static func append(time nanoseconds: UInt64, digits: Int = 4, unicode: Bool = true, to bytes: inout [UInt8]) {
    guard nanoseconds >= 1000 else { return append(nanoseconds, scale: 1, " ns", to: &bytes) }
    let limit: UInt64 = digits == 3 ? 1000 : 10_000
    for unit in units {
      for decimals in stride(from: digits - 1, through: digits == 3 ? 0 : 1, by: -1) {
        let scale = [1, 10, 100, 1000][decimals] as UInt64
        let step = unit.nanoseconds / scale
        let scaled = nanoseconds / step &+ ((nanoseconds % step) * 2 >= step ? 1 : 0)
        guard scaled < limit else { continue }
        return append(scaled, scale: scale, unicode ? unit.text : unit.ascii, to: &bytes)
      }
    }
    append(nanoseconds / 1_000_000_000, scale: 1, " s", to: &bytes)
  }

  /// `scaled` divided by `scale`, a power of ten, and the unit.
  private static func append(_ scaled: UInt64, scale: UInt64, _ unit: StaticString, to bytes: inout [UInt8]) {
    JSONText.appendInteger(scaled / scale, to: &bytes)
    if scale > 1 {
      bytes.append(UInt8(ascii: "."))
      var (rest, place) = (scaled % scale, scale / 10)
      while place > 0 {
        bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / place))
        (rest, place) = (rest % place, place / 10)
      }
    }
    unit.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// `1,234,567`.
  static func count(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `1 call`, `1,200 calls`.
  static func count(_ number: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
    count(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
  }

  /// `-EOPNOTSUPP`, or the number where no name is known.
  static func result(_ code: Int64) -> String { ErrnoName.name(code).map { "-" + $0 } ?? String(code) }
}

/// A sum of times, of which some may be unknown: those are counted, and not guessed.
struct TimeSum {
  var nanoseconds: UInt64 = 0
  var measured = 0
  var unmeasured = 0

  mutating func add(_ duration: UInt64?) {
    guard let duration else {
      unmeasured += 1
      return
    }
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration)
    nanoseconds = overflow ? .max : sum
    measured += 1
  }

  var count: Int { measured + unmeasured }
}
