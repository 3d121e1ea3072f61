import CallTrees
import KVMStages
import Reports
import TraceFile

/// The traces of one side of a comparison, read.
struct DiffInput {
  let name: String
  let runs: [RunDigest]
  let isDamaged: Bool

  /// - Throws: `CommandFailure` when a trace cannot be read, or none of them holds a run: with a part of a side, a comparison would mislead.
  init(_ paths: [String], kernel: String?, name: String, _ options: ReadOptions, command: DiffCommand) throws {
    var batch = TraceBatch(paths: paths, readOptions: options)
    batch.readOptions.kernel = kernel
    batch.hints = AnalysisHints(kernel: kernel.flatMap { KernelVersion(release: $0) })
    batch.task = paths.count > 2 ? "reading the traces \(name)" : nil
    let scope = command.calls
    let module = command.module
    let answers = batch.map { path, recording, analysis in
      let runs = analysis.runs.filter { $0.rootRow != nil && (module == nil || $0.module == module) }
      return Trace(
        digests: RunDigest.digests(of: runs, in: recording, path: path, scope: scope),
        reason: analysis.runs.first { $0.rootRow == nil }?.reason, damage: recording.damage.first.map { "\($0)" })
    }
    var digests: [RunDigest] = []
    var reason: String?
    var isDamaged = false
    for (path, result) in answers {
      let trace = try result.get()
      digests += trace.digests
      reason = reason ?? trace.reason
      if let damage = trace.damage {
        isDamaged = true
        Diagnostics.warn("\(path): \(damage)")
      }
    }
    (self.name, runs, self.isDamaged) = (name, digests, isDamaged)
    guard digests.isEmpty else { return }
    let what = module.map { "a run of \($0)" } ?? "an init of a KVM module"
    throw CommandFailure(
      exitCode: 2,
      message: "cannot be compared: nothing \(name) holds \(TerminalText.escaped(what))"
        + (reason.map { ": " + TerminalText.escaped($0) } ?? "") + "; 'kvm-inittrace report' says what the traces hold")
  }

  /// The traces that the arguments of a side name.
  static func paths(_ arguments: [String]) throws(CommandFailure) -> [String] {
    do {
      return try TraceFiles.list(arguments)
    } catch {
      throw CommandFailure(error)
    }
  }

  private struct Trace: Sendable {
    var digests: [RunDigest]
    var reason: String?
    var damage: String?
  }

  private var byModule: [String?: [RunDigest]] { Dictionary(grouping: runs, by: \.run.module) }

  /// The runs of each module on both sides. One module on each side is compared even if they are different ones.
  ///
  /// - Returns: also what stays alone, as sentences.
  /// - Throws: `CommandFailure` when the sides have no module in common.
  static func pairs(_ old: DiffInput, _ new: DiffInput) throws -> (sides: [(before: DiffSide, after: DiffSide)], unmatched: [String]) {
    let (oldModules, newModules) = (old.byModule, new.byModule)
    if oldModules.count == 1, newModules.count == 1, let before = DiffSide(old.runs), let after = DiffSide(new.runs) {
      return ([(before, after)], [])
    }
    func title(_ module: String?) -> String { module.map { TerminalText.escaped($0) } ?? "a module that the trace does not tell" }
    let common = oldModules.keys.filter { newModules[$0] != nil }.sorted { ($0 ?? "") < ($1 ?? "") }
    let sides = common.compactMap { module in
      DiffSide(oldModules[module] ?? []).flatMap { before in DiffSide(newModules[module] ?? []).map { (before: before, after: $0) } }
    }
    let alone =
      oldModules.keys.filter { newModules[$0] == nil }.map { "\(title($0)) is not compared: it is only \(old.name)" }
      + newModules.keys.filter { oldModules[$0] == nil }.map { "\(title($0)) is not compared: it is only \(new.name)" }
    guard !sides.isEmpty else {
      throw CommandFailure(
        exitCode: 2,
        message: "cannot be compared: \(alone.sorted().joined(separator: "; ")); choose one of each side with --module, or fewer traces")
    }
    return (sides, alone.sorted())
  }
}
