import ArgumentParser

/// A duration as a user writes it: `10us`, `1.5ms`, `2s`, `300ns`. A number without a unit is an error.
struct Duration: ExpressibleByArgument {
  var nanoseconds: UInt64

  init?(argument: String) {
    let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
    guard let (unit, factor) = units.first(where: { argument.hasSuffix($0.0) }),
      let number = Double(argument.dropLast(unit.count)), number >= 0, number.isFinite, number * factor < 9e18
    else { return nil }
    nanoseconds = UInt64(number * factor)
  }
}
