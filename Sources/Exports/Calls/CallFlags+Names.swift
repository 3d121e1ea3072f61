import CallTrees

extension CallFlags {
  /// The names that exports give the flags.
  private static let allNames: [(flag: CallFlags, name: String)] = [
    (.open, "open"), (.entryMissing, "entry-missing"), (.depthGap, "depth-gap"), (.lossInside, "loss-inside"),
    (.interrupt, "interrupt"), (.sleep, "sleep"), (.migrated, "migrated"), (.startUnknown, "start-unknown"),
    (.durationUnknown, "duration-unknown"),
  ]

  /// Number of values that flags can have.
  static let valueCount = 1 << allNames.count

  var names: [String] { Self.allNames.filter { contains($0.flag) }.map(\.name) }
}
