import CallTrees
import Testing

/// The same run as `.dat` and as text gives the same tree, up to the text's precision.
@Suite struct PairTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    var dat: String
    var text: String
    var testDescription: String { "\(dat) = \(text)" }
  }

  static let pairs: [Pair] = Sample.all.compactMap { sample in
    if sample.name.hasSuffix("-pair-text") { return Pair(dat: String(sample.name.dropLast(4)) + "dat", text: sample.name) }
    guard let range = sample.name.range(of: "-report") else { return nil }
    return Pair(dat: String(sample.name[..<range.lowerBound]), text: sample.name)
  }

  /// Two symbols at one address.
  private static let aliases: Set<[String]> = [["__do_softirq", "__softirqentry_text_start"]]

  @Test func thereArePairsOfBothKinds() {
    #expect(Self.pairs.contains { $0.text.hasSuffix("-pair-text") })
    #expect(Self.pairs.contains { $0.text.contains("-report") })
  }

  @Test(arguments: pairs) func theTreesAreTheSame(_ pair: Pair) throws {
    let dat = try #require(Sample.named(pair.dat), "there is no sample \(pair.dat)").read()
    let text = try #require(Sample.named(pair.text)).read()
    let exact = text.source.kind == .traceCmdText
    var compared = 0
    for task in dat.tasks {
      let found = text.tasks.first { $0.pid == task.pid } ?? (text.tasks.count == 1 ? text.tasks.first : nil)
      let twin = try #require(found, "no task \(task.pid ?? -1)")
      #expect(twin.tree.calls.count == task.tree.calls.count)
      var shown = 0
      for (row, (one, other)) in zip(task.tree.calls, twin.tree.calls).enumerated() where shown < 5 {
        compared += 1
        let same =
          one.depth == other.depth && one.parent == other.parent && one.subtreeEnd == other.subtreeEnd
          && sameDuration(one, other, exact: exact) && sameName(dat.function(one.function), text.function(other.function))
        if !same {
          shown += 1
          Issue.record(
            "row \(row): \(one.depth) \(dat.function(one.function).displayName) \(one.duration) \(one.flags.rawValue), text \(other.depth) \(text.function(other.function).displayName) \(other.duration) \(other.flags.rawValue)"
          )
        }
      }
    }
    #expect(compared > 500)
  }

  /// tracefs prints microseconds with as many decimals as fit into seven characters, trace-cmd three below a second and none above.
  private func sameDuration(_ one: Call, _ other: Call, exact: Bool) -> Bool {
    guard let first = one.measuredDuration, let second = other.measuredDuration else {
      return one.measuredDuration == other.measuredDuration
    }
    let digits = String(first / 1000).count
    let decimals = digits <= 3 || (exact && digits < 7) ? 3 : max(0, 6 - digits)
    let step = [1000, 100, 10, 1][decimals]
    return (first > second ? first - second : second - first) <= (decimals == 3 ? 0 : UInt64(step))
  }

  /// Text may know a name that the `.dat` lost, or print a wrong one where ours is unresolved; two trusted names must agree.
  private func sameName(_ dat: Function, _ text: Function) -> Bool {
    guard let name = dat.trustedName, let other = text.trustedName else { return true }
    return name == other || Self.aliases.contains([name, other])
  }
}
