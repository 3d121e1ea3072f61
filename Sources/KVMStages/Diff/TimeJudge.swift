/// How the time of a stage changed.
public enum Timing: String, CaseIterable, Sendable, Hashable {
  case slower, faster, same
}

/// Decides whether a time has changed.
struct TimeJudge {
  let options: DiffOptions
  /// What the traces cannot tell apart, in nanoseconds.
  let resolution: UInt64

  /// - Returns: nil when nothing can be said: a side without times, or a single run whose noise is not known.
  func timing(before: DurationSample, after: DurationSample) -> Timing? {
    guard let old = before.median, let new = after.median else { return nil }
    let isRepeated = before.values.count > 1 && after.values.count > 1
    guard isRepeated || options.judgesSingleRuns else { return nil }
    let difference = old > new ? old - new : new - old
    let (noise, overflow) = before.spread.addingReportingOverflow(after.spread)
    guard difference > (overflow ? .max : noise), difference > resolution else { return .same }
    // Of the smaller one, so that swapping the sides gives the same answer.
    guard Double(difference) > options.threshold * Double(min(old, new)) else { return .same }
    return new > old ? .slower : .faster
  }
}
