import CallTrees

/// What sets of expectations ask about the calls of one run: each part is found once for all sets, when it is first asked for.
final class RunCalls {
  /// A call in another task than the run's.
  struct Place: Comparable {
    var task: Int
    var row: Int

    static func < (one: Place, other: Place) -> Bool { (one.task, one.row) < (other.task, other.row) }
  }

  private let recording: Recording
  private let run: Run
  let names: FunctionNames

  init(_ recording: Recording, _ run: Run, names: FunctionNames) { (self.recording, self.run, self.names) = (recording, run, names) }

  /// Row of the first call of each function in the run, by the function's index.
  private(set) lazy var own: [UInt32: Int] = {
    guard let tree, let root = run.rootRow else { return [:] }
    var first: [UInt32: Int] = [:]
    for row in tree.subtree(of: root).reversed() { first[tree.calls[row].function.index] = row }
    return first
  }()

  /// When the run is on; nil where the trace does not tell: text without times, a root whose return was not recorded.
  private(set) lazy var span: ClosedRange<UInt64>? = {
    guard recording.hasTimes, let start = run.startNS, let duration = run.durationNS else { return nil }
    return start...(start &+ min(duration, .max - start))
  }()

  /// The first call of each function in the other tasks while the run is on, or at any time where that is not told.
  private(set) lazy var elsewhere: [UInt32: Place] = {
    guard run.rootRow != nil else { return [:] }
    let span = span ?? 0...UInt64.max
    var first: [UInt32: Place] = [:]
    for (task, other) in recording.tasks.enumerated() where task != run.task {
      for (row, call) in other.tree.calls.enumerated() where span.contains(call.start) && first[call.function.index] == nil {
        first[call.function.index] = Place(task: task, row: row)
      }
    }
    return first
  }()

  /// Functions in the run without a name to be trusted, but for those that their place tells.
  private(set) lazy var unnamed: Int = {
    guard let tree, let root = run.rootRow else { return 0 }
    let told = Set(run.stages.flatMap(\.rows))
    var unnamed: Set<UInt32> = []
    for row in tree.subtree(of: root) where names[tree.calls[row].function] == nil && !told.contains(row) {
      unnamed.insert(tree.calls[row].function.index)
    }
    return unnamed.count
  }()

  /// The depth below which nothing may be recorded: no load of a KVM module is that shallow, even where only the steps are recorded.
  private(set) lazy var depthLimit: Int? = {
    let deepest = recording.deepest
    let isSparse = recording.source.recorder.map { $0.detail == .stages || $0.detail == .kvm } ?? false
    return deepest < (isSparse ? 6 : Recording.leastDepth) ? deepest : nil
  }()

  private lazy var stageOfRow = Dictionary(
    run.stages.flatMap { stage in stage.rows.map { ($0, stage.stage) } }, uniquingKeysWith: { first, _ in first })

  /// The innermost stage whose call holds the row.
  func stage(around row: Int) -> Stage? {
    guard let tree else { return nil }
    var row = row
    while row >= 0 {
      if let stage = stageOfRow[row] { return stage }
      row = Int(tree.calls[row].parent)
    }
    return nil
  }

  private var tree: CallTree? { run.task.map { recording.tasks[$0].tree } }
}
