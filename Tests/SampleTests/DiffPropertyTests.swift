import KVMStages
import Testing

/// What must hold of the comparison of any two recordings.
@Suite struct DiffPropertyTests {
  @Test func thereAreRuns() { #expect(SampleDiffs.names.count >= 50) }

  @Test(arguments: SampleDiffs.names) func aTraceIsTheSameAsItself(_ name: String) throws {
    let diff = try #require(SampleDiffs.diff(name, name))
    #expect(!diff.isDifferent)
    #expect(diff.configuration.isEmpty && diff.calls.changes.isEmpty && diff.calls.undecided == 0)
    #expect(diff.stages.allSatisfy { $0.kind == .same || $0.kind == .undecided })
    // What cannot be told of one recording cannot be told of two of it, but nothing else is undecided.
    let isWhole = diff.before.verdicts.allSatisfy { $0 == .ok || $0 == .failed }
    #expect(diff.exitStatus == (isWhole ? 0 : 2))
  }

  /// All pairs with one sample, each in both directions.
  @Test(arguments: SampleDiffs.names) func swappedSidesAreMirrored(_ name: String) throws {
    for other in SampleDiffs.names where other > name {
      let one = try #require(SampleDiffs.diff(name, other))
      let two = try #require(SampleDiffs.diff(other, name))
      #expect(one.exitStatus == two.exitStatus, "\(name), \(other)")
      let stages = Dictionary(uniqueKeysWithValues: two.stages.map { ($0.stage.id, $0) })
      #expect(one.stages.count == stages.count, "\(name), \(other)")
      for change in one.stages {
        let mirrored = try #require(stages[change.stage.id])
        #expect(Self.mirror(change.kind) == mirrored.kind, "\(name), \(other): \(change.stage.id)")
        #expect(change.timing.map(Self.mirror) == mirrored.timing, "\(name), \(other): \(change.stage.id)")
      }
      #expect(one.configuration.map(\.before) == two.configuration.map(\.after))
      #expect(one.calls.missing == nil ? two.calls.missing == nil : two.calls.missing != nil)
      #expect(one.calls.undecided == two.calls.undecided, "\(name), \(other)")
      let calls = one.calls.changes.filter { $0.kind != .context }.map { Self.text($0, isMirrored: false) }.sorted()
      let mirrored = two.calls.changes.filter { $0.kind != .context }.map { Self.text($0, isMirrored: true) }.sorted()
      #expect(calls == mirrored, "\(name), \(other)")
    }
  }

  private static func mirror(_ kind: StageChange.Kind) -> StageChange.Kind {
    switch kind {
    case .appeared: .gone
    case .gone: .appeared
    case .slower: .faster
    case .faster: .slower
    case .status, .moved, .same, .undecided: kind
    }
  }

  private static func mirror(_ timing: Timing) -> Timing {
    switch timing {
    case .slower: .faster
    case .faster: .slower
    case .same: .same
    }
  }

  private static func text(_ change: CallChange, isMirrored: Bool) -> String {
    let kind: CallChange.Kind =
      !isMirrored ? change.kind : change.kind == .added ? .removed : change.kind == .removed ? .added : change.kind
    let (old, new) = isMirrored ? (change.after, change.before) : (change.before, change.after)
    let (few, many) = isMirrored ? (change.countsAfter, change.countsBefore) : (change.countsBefore, change.countsAfter)
    return "\(kind) \(old) \(new) \(few) \(many)"
  }
}
