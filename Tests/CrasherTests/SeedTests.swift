import Corruption
import FuzzTargets
import Testing

/// The inputs that the fuzzers begin with are answered, and changes of them too.
@Suite struct SeedTests {
  static let names = FuzzTargets.all.map { $0.name }

  @Test(arguments: names) func seedsAreRead(name: String) throws {
    let target = try #require(FuzzTargets.named(name))
    #expect(!target.seeds.isEmpty)
    for seed in target.seeds { _ = seed.withUnsafeBytes { target.read($0, effort: .fuzzing) } }
  }

  /// Each kind of change, in the small: what the fuzzers do for hours.
  @Test(arguments: names) func changedSeedsAreRead(name: String) throws {
    let target = try #require(FuzzTargets.named(name))
    #expect(try changes(of: target, rounds: 12) > 3)
  }

  private func changes(of target: any FuzzTarget.Type, rounds: UInt64) throws -> Int {
    var changed: Set<[UInt8]> = []
    for round in 0..<rounds {
      var dice = Corrupter(seed: round)
      guard var bytes = target.seeds.randomElement(using: &dice), target.change(&bytes, with: &dice), bytes.count < 50_000 else {
        continue
      }
      changed.insert(bytes)
      _ = bytes.withUnsafeBytes { target.read($0, effort: .fuzzing) }
    }
    return changed.count
  }
}
