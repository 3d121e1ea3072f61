import CallTrees
import SmallTraces
import Testing

@testable import KVMStages

/// Comparisons of traces written in the test.
enum SmallDiff {
  static func digest(_ calls: String, kernel: String? = "6.12.107", scope: CallScope = .kvm, kind: TraceKind = .traceCmdV7) throws
    -> RunDigest
  {
    var recording = SmallTrace.recording(calls, kernel: kernel, kind: kind)
    NameChecks.apply(to: &recording)
    let runs = Analyser.analyse(recording).runs.prefix(1)
    return try #require(RunDigest.digests(of: Array(runs), in: recording, path: "small.dat", scope: scope).first)
  }

  static func diff(_ before: [String], _ after: [String], options: DiffOptions = DiffOptions(), kernel: String = "6.12.107") throws
    -> RunDiff
  {
    let old = try #require(DiffSide(try before.map { try digest($0, kernel: kernel, scope: options.scope) }))
    let new = try #require(DiffSide(try after.map { try digest($0, kernel: kernel, scope: options.scope) }))
    return RunDiff(old, new, options: options)
  }

  /// The calls of a load of kvm_amd below its init function.
  static func load(_ calls: String) -> String { "do_init_module { do_one_initcall =0 { svm_init[kvm_amd] =0 { \(calls) } } }" }

  /// What differs in the calls, one line each: `+ name`, `- name`, `~ name 1>2`, `> name from caller`, `= name`.
  static func calls(_ before: String, _ after: String, options: DiffOptions = DiffOptions()) throws -> [String] {
    lines(try diff([load(before)], [load(after)], options: options))
  }

  static func lines(_ diff: RunDiff) -> [String] {
    diff.calls.changes.compactMap { change in
      switch change.kind {
      case .context: nil
      case .added: "+ \(change.name)"
      case .removed: "- \(change.name)"
      case .count: "~ \(change.name) \(change.countsBefore[0])>\(change.countsAfter[0])"
      case .moved: "> \(change.name) from \(change.movedFrom ?? "?")"
      case .inlined: "= \(change.name)"
      }
    }
  }
}
