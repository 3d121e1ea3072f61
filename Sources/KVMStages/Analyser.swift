import CallTrees

/// What the user tells about a trace that the trace itself does not.
public struct AnalysisHints: Sendable {
  /// Kernel of a text trace, which names none.
  public var kernel: KernelVersion?
  /// Vendor of a failed load whose names are gone.
  public var vendor: Vendor?

  public init(kernel: KernelVersion? = nil, vendor: Vendor? = nil) {
    self.kernel = kernel
    self.vendor = vendor
  }

  /// The kernel of `recording`: as the user tells it, else as the recording does.
  public func kernel(of recording: Recording) -> KernelVersion? { kernel ?? recording.source.kernel.flatMap { KernelVersion(release: $0) } }
}

/// Maps a recording onto the documented stages and gives each run its verdict.
public enum Analyser {
  /// Analyses `recording`, whose names `NameChecks` has been through.
  ///
  /// - Returns: one `Run` for each init of a KVM vendor module, or a single one that says why there is none.
  public static func analyse(_ recording: Recording, hints: AnalysisHints = AnalysisHints()) -> Analysis {
    let names = FunctionNames(recording)
    let finder = RunFinder(recording, names: names, kernel: hints.kernel(of: recording), toldVendor: hints.vendor)
    let candidates = finder.find()
    guard !candidates.isEmpty else { return Analysis(runs: [NoRun.explain(recording)]) }
    let examined = candidates.prefix(RunFinder.limit)
    let ground = AnalysisGround(recording, names: names, hints: hints, surroundings: finder.surroundings, runs: examined)
    let loaded = candidates.count == 1 ? NoRun.loadedVendor(recording) : nil
    var runs = examined.map { candidate in
      VendorChoice(candidate, loaded: loaded, isX86: { isX86(recording) }) { RunAnalyser(ground, candidate: $0, standIn: $1).analyse() }
        .run()
    }
    if let note = namelessNote(finder.nameless(besides: candidates), recording) { runs[0].notes.append(note) }
    if candidates.count > RunFinder.limit {
      runs.append(NoRun.unexamined(candidates[RunFinder.limit], of: recording))
    }
    return Analysis(runs: runs)
  }

  /// Whether the recording is of an x86 machine: as it says, else by functions that hardly any recording is without.
  private static func isX86(_ recording: Recording) -> Bool {
    if let machine = recording.source.machine { return machine.hasSuffix("86") || machine == "x86_64" }
    return recording.functions.contains { function in
      function.name.map { name in ["sysvec", "x86", "apic"].contains(where: name.contains) } ?? false
    }
  }

  private static func namelessNote(_ inits: [(task: Int, row: Int)], _ recording: Recording) -> String? {
    guard !inits.isEmpty else { return nil }
    let tasks = inits.map { recording.tasks[$0.task] }.map { "\($0.comm ?? "task")-\($0.pid.map(String.init) ?? "?")" }
    return
      "\(inits.count) other module \(inits.count == 1 ? "init" : "inits") in this trace (\(Set(tasks).sorted().joined(separator: ", "))) "
      + "have no names at all: whether KVM's were among them cannot be told; record one load at a time"
  }
}
