import CallTrees

/// What a comparison keeps of one run: its recording can be dropped.
public struct RunDigest: Sendable {
  /// Where a stage ran.
  struct Place: Sendable {
    /// Marker and caller by name, or by what they must be; nil when neither is known.
    var function: String?
    var parent: String?
    /// The stage whose call holds this one, or nil.
    var host: String?
    /// Row of its first call, nil where that does not tell the order.
    var row: Int?
  }

  public var path: String
  public var source: TraceSource
  /// Nanoseconds that the trace's last digit stands for.
  var resolution: UInt64
  /// The run, whose rows mean nothing without its recording.
  public var run: Run
  /// The calls, or nil with the reason in `callsMissing`.
  var calls: CallPaths?
  var callsMissing: String?
  var knowsModules: Bool
  var places: [String: Place] = [:]

  /// Those of several runs: what they need to know of the recording's functions is gathered once.
  ///
  /// - Parameters:
  ///   - runs: of those that `Analyser` found in `recording`.
  ///   - path: as the user named the trace.
  public static func digests(of runs: [Run], in recording: Recording, path: String, scope: CallScope) -> [RunDigest] {
    let names = FunctionNames(recording)
    let own = KVMFunctions(recording, names: names)
    return runs.map { RunDigest($0, of: recording, names: names, own: own, path: path, scope: scope) }
  }

  private init(_ run: Run, of recording: Recording, names: FunctionNames, own: KVMFunctions, path: String, scope: CallScope) {
    self.path = path
    self.run = run
    source = recording.source
    resolution = recording.resolution
    knowsModules = own.knowsModules
    calls = CallPathsBuilder.paths(of: run, in: recording, names: names, own: own, scope: scope)
    if calls == nil { callsMissing = "it has no calls of an init" }
    if let task = run.task, recording.tasks.indices.contains(task) {
      places = Self.places(in: run, tree: recording.tasks[task].tree, names: names)
    }
  }

  var vendor: Vendor? { run.vendor }
  var module: String? { run.module }

  func isSameRun(as other: RunDigest) -> Bool {
    (run.pid, run.startNS, run.durationNS) == (other.run.pid, other.run.startNS, other.run.durationNS)
      && (source.kernel, source.events, source.recorder?.detail)
        == (other.source.kernel, other.source.events, other.source.recorder?.detail)
      && calls == other.calls
  }

  func stage(_ id: String) -> StageResult? { run.stages.first { $0.stage.id == id } }

  private static func places(in run: Run, tree: CallTree, names: FunctionNames) -> [String: Place] {
    var stageOfRow: [Int: String] = [:]
    for stage in run.stages { if let row = stage.rows.first, stage.durationNS != nil { stageOfRow[row] = stage.stage.id } }
    func name(_ row: Int) -> String? { run.roles[row] ?? names[tree.calls[row].function] }
    var places: [String: Place] = [:]
    for stage in run.stages {
      guard let row = stage.rows.first, tree.calls.indices.contains(row) else { continue }
      var place = Place(function: name(row), row: stage.durationNS == nil ? nil : row)
      var above = Int(tree.calls[row].parent)
      if tree.calls.indices.contains(above) { place.parent = name(above) }
      // Stages have their calls in the run only.
      while place.host == nil, tree.calls.indices.contains(above), above >= run.rootRow ?? 0 {
        place.host = stageOfRow[above]
        above = Int(tree.calls[above].parent)
      }
      places[stage.stage.id] = place
    }
    return places
  }
}
