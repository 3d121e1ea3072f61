/// Measurements of one thing in several runs, in nanoseconds.
public struct DurationSample: Sendable, Hashable {
  /// Sorted.
  public let values: [UInt64]

  public init(_ values: [UInt64]) { self.values = values.sorted() }

  public var isEmpty: Bool { values.isEmpty }

  /// Of an even number of values, the mean of the two in the middle; nil without values.
  public var median: UInt64? {
    guard let upper = values.indices.contains(values.count / 2) ? values[values.count / 2] : nil else { return nil }
    guard values.count % 2 == 0 else { return upper }
    let lower = values[values.count / 2 - 1]
    return lower + (upper - lower) / 2
  }

  /// How far the values lie apart: from the first to the third quartile, and of less than five values from the least to the greatest.
  public var spread: UInt64 {
    guard let first = values.first, let last = values.last else { return 0 }
    guard values.count >= 5 else { return last - first }
    return values[values.count - 1 - values.count / 4] - values[values.count / 4]
  }
}
