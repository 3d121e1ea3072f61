/// What became of a stage from one side of a comparison to the other.
public struct StageChange: Sendable {
  public enum Kind: String, CaseIterable, Sendable, Hashable {
    /// It is not in the kernel before, or was not taken.
    case appeared
    case gone
    /// Its status is another: it failed, was not reached, is missing.
    case status
    /// Another caller, or another place in the order.
    case moved
    case slower
    case faster
    case same
    /// One side cannot tell.
    case undecided
  }

  public var stage: Stage
  public var kind: Kind
  /// nil: the side's vendor does not have the stage.
  public var before: SideStage?
  public var after: SideStage?
  /// The times, also of a stage that moved; nil: not judged.
  public var timing: Timing?
  /// Why, from the catalogue where it knows: one sentence each, without a stop.
  public var reasons: [String]

  /// Whether it counts as a difference.
  public var isDifference: Bool { kind != .same && kind != .undecided }
}
