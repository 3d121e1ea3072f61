/// A duration as a user writes it: `50ms`, `1.5us`, `2s`, `300ns`.
public struct TimeLimit: Sendable, Hashable, CustomStringConvertible {
  public var nanoseconds: UInt64

  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  private static let units: [(text: String, nanoseconds: UInt64)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
  ]

  /// nil for a number without a unit, and for what is no number.
  public init?(_ text: String) {
    guard let unit = Self.units.first(where: { text.hasSuffix($0.text) }),
      case let digits = text.dropLast(unit.text.count).filter({ $0 != " " }),
      digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits), number * Double(unit.nanoseconds) < 9e18
    else { return nil }
    nanoseconds = UInt64((number * Double(unit.nanoseconds)).rounded())
  }

  /// `12.345ms`: as it can be written in an expectations file.
  public var description: String {
    let unit = Self.units.last { $0.text != "µs" && nanoseconds >= $0.nanoseconds } ?? Self.units[0]
    let rest = nanoseconds % unit.nanoseconds / max(1, unit.nanoseconds / 1000)
    var fraction = unit.nanoseconds == 1 || rest == 0 ? "" : "." + String(String(1000 + rest).dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(nanoseconds / unit.nanoseconds)\(fraction)\(unit.text)"
  }
}
