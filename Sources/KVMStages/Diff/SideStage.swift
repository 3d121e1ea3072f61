/// A stage as the runs of one side have it.
public struct SideStage: Sendable {
  public var stage: Stage
  /// One per run.
  public var statuses: [StageStatus]
  public var isTolerated: Bool
  /// Number of marker calls, one per run.
  public var calls: [Int]
  /// Without the time in interrupts.
  public var duration: DurationSample
  /// Marker and caller as displayed, or nil.
  public var function: String?
  public var parent: String?
  public var note: String?
  /// Why a run does not tell its status, where one does not.
  var silence: String?
  public var perCPU: [CPUShare]
  var place: RunDigest.Place?

  /// The status that all runs have, or nil when they differ.
  public var status: StageStatus? {
    guard let first = statuses.first, statuses.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// Whether all runs tell whether they took it.
  var isTold: Bool { !statuses.contains(where: \.isUntold) }

  /// Whether the kernel has the step at all.
  public var exists: Bool { statuses.contains { $0 != .absent } }

  /// The name of the caller, or what it must be.
  public var caller: String? { place?.parent ?? parent }
}
