/// What counts as a difference.
public struct DiffOptions: Sendable, Hashable {
  /// Share by which a time must differ, of the smaller one: 0.1 is ten percent.
  public var threshold: Double
  /// Times of a single run on each side are judged too, by the threshold alone.
  public var judgesSingleRuns: Bool
  public var scope: CallScope
  /// Changes by fewer calls do not count.
  public var minimumCalls: Int

  public init(threshold: Double = 0.1, judgesSingleRuns: Bool = false, scope: CallScope = .kvm, minimumCalls: Int = 1) {
    self.threshold = threshold
    self.judgesSingleRuns = judgesSingleRuns
    self.scope = scope
    self.minimumCalls = minimumCalls
  }
}
