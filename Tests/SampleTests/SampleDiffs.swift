import CallTrees
import KVMStages

/// The runs of the samples, read once for all tests that compare them.
enum SampleDiffs {
  static let digests: [String: [RunDigest]] = Dictionary(uniqueKeysWithValues: Sample.all.map { ($0.name, runs(of: $0)) })

  private static func runs(of sample: Sample) -> [RunDigest] {
    guard let recording = try? sample.read() else { return [] }
    let runs = Analyser.analyse(recording).runs.filter { $0.rootRow != nil }
    return RunDigest.digests(of: runs, in: recording, path: sample.path, scope: .kvm)
  }

  /// Names of the samples that hold a run.
  static let names = digests.filter { !$0.value.isEmpty }.keys.sorted()

  static func side(_ name: String) -> DiffSide? { digests[name].flatMap(DiffSide.init) }

  static func diff(_ before: String, _ after: String, _ options: DiffOptions = DiffOptions()) -> RunDiff? {
    side(before).flatMap { before in side(after).map { RunDiff(before, $0, options: options) } }
  }
}
