import ArgumentParser

/// A duration as a user writes it: `10us`, `1.5ms`, `2s`, `300ns`. A number without a unit is an error.
struct Duration {
  var nanoseconds: UInt64

  /// - Throws: `ValidationError` that says which forms are taken.
  init(_ text: String) throws {
    let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number >= 0, number.isFinite, number * factor < 9e18
    else { throw ValidationError("'\(text)' is no duration: write a number with its unit, such as 10us, 1.5ms or 2s.") }
    nanoseconds = UInt64(number * factor)
  }
}
