import CallTrees

/// What the analysis of each run of a recording stands on, prepared once for all of them.
final class AnalysisGround {
  let recording: Recording
  let names: FunctionNames
  let hints: AnalysisHints
  let traits: RunScan.Traits
  /// Deepest depth in the whole recording.
  let deepest: Int
  let surroundings: TaskSurroundings
  let remote: RemoteCalls
  let fits = VersionFits()
  let plans: StagePlans
  private var accounts: [Int: TimeAccount] = [:]

  /// - Parameter runs: all that are analysed.
  init(
    _ recording: Recording, names: FunctionNames, hints: AnalysisHints, surroundings: TaskSurroundings,
    runs: some Collection<RunCandidate>
  ) {
    self.recording = recording
    self.names = names
    self.hints = hints
    self.surroundings = surroundings
    traits = RunScan.Traits(recording, names: names)
    deepest = recording.deepest
    remote = RemoteCalls(recording, names: names, runs: runs)
    plans = StagePlans(names)
  }

  /// Interrupts and sleep of a task, by its index.
  func account(of task: Int) -> TimeAccount {
    if let account = accounts[task] { return account }
    let account = TimeAccount(recording.tasks[task])
    accounts[task] = account
    return account
  }
}
