/// A stretch of time laid over the width of a drawing.
struct Scale {
  /// Nanoseconds on the trace clock.
  let start: UInt64
  let length: UInt64

  /// The place of `time` in units of which the whole has `units`, within the drawing.
  func place(_ time: UInt64, units: Double) -> Double {
    guard time > start, length > 0 else { return 0 }
    return min(Double(time - start) / Double(length), 1) * units
  }

  /// `12.345%`.
  func percent(_ time: UInt64) -> String { Self.decimal(place(time, units: 100)) + "%" }

  /// The width of what lasts from `time` for `duration`, as far as it lies within the drawing.
  func width(from time: UInt64, for duration: UInt64) -> String {
    let (end, overflow) = time.addingReportingOverflow(duration)
    return Self.decimal(place(overflow ? .max : end, units: 100) - place(time, units: 100)) + "%"
  }

  /// Three decimals, without those that are zero; of 0 to 10^12, what is beyond is the nearer end.
  static func decimal(_ value: Double) -> String {
    let thousandths = Int((max(0, min(value, 1e12)) * 1000).rounded())
    guard thousandths % 1000 != 0 else { return "\(thousandths / 1000)" }
    var digits = String(thousandths % 1000 + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(thousandths / 1000).\(digits)"
  }

  /// Times for the marks of an axis, from the start: 1, 2 or 5 times a power of ten apart, at most `most`.
  func marks(most: UInt64) -> [UInt64] {
    guard length > 0, most > 0 else { return [] }
    var step: UInt64 = 1
    while length / step > most {
      for factor in [2, 5, 10] as [UInt64] where length / step > most {
        let (next, overflow) = Self.unit(below: step).multipliedReportingOverflow(by: factor)
        guard !overflow else { return [] }
        step = next
      }
    }
    return (0...length / step).map { $0 * step }
  }

  /// The power of ten at or below `step`.
  private static func unit(below step: UInt64) -> UInt64 {
    var unit: UInt64 = 1
    while step / unit >= 10 { unit *= 10 }
    return unit
  }
}
