/// Numbers as people read them.
enum Quantity {
  private static let units: [(text: String, ascii: String, nanoseconds: UInt64)] = [
    ("ns", "ns", 1), ("µs", "us", 1_000), ("ms", "ms", 1_000_000), ("s", "s", 1_000_000_000),
  ]

  /// `340 ns`, `1.234 µs`, `12.35 ms`: up to four digits that count, rounded.
  static func time(_ nanoseconds: UInt64, unicode: Bool = true) -> String {
    guard nanoseconds >= 1000 else { return "\(nanoseconds) ns" }
    for unit in units.dropFirst() {
      let isLast = unit.nanoseconds == 1_000_000_000
      for decimals in [3, 2, 1] {
        let scale: UInt64 = decimals == 3 ? 1000 : decimals == 2 ? 100 : 10
        let step = unit.nanoseconds / scale
        let scaled = nanoseconds / step &+ ((nanoseconds % step) * 2 >= step ? 1 : 0)
        guard scaled < 10_000 else { continue }
        return decimal(scaled, scale: scale, decimals: decimals) + " " + (unicode ? unit.text : unit.ascii)
      }
      if isLast { return "\(nanoseconds / unit.nanoseconds) s" }
    }
    return "\(nanoseconds) ns"
  }

  private static func decimal(_ scaled: UInt64, scale: UInt64, decimals: Int) -> String {
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
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

  /// `EOPNOTSUPP`, or the number where no name is known.
  static func result(_ code: Int64, errnoName: (Int64) -> String?) -> String {
    errnoName(code).map { "-" + $0 } ?? String(code)
  }
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
