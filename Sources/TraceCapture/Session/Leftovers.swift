import Glibc

/// What an interrupted recording has left in tracefs and among the modules.
public enum Leftovers {
  /// Puts it back. The caller holds the lock: no recording is running.
  ///
  /// - Parameter isTracefs: whether a directory is one of tracefs; a journal that names another one is not believed.
  /// - Returns: one sentence for each thing that was done, or that could not be done; empty when there was nothing.
  public static func restore(
    _ runDirectory: RunDirectory, files: KernelFiles = KernelFiles(), isTracefs: (String) -> Bool = TracefsMount.isTracefs
  ) throws(CaptureError) -> [String] {
    try runDirectory.checkJournal()
    guard var journal = runDirectory.journal() else { return [] }
    if let problem = journal.problem { throw disbelief(problem, runDirectory) }
    var lines = ["process \(journal.pid) was interrupted while it recorded: \(journal.entries.count) changes of its are undone"]
    // It may be mounted elsewhere by now.
    if !Restorer.isMounted(journal.top), let place = TracefsMount.directory(files) { journal.top = place }
    if Restorer.isMounted(journal.top), !isTracefs(journal.top) { throw disbelief("'\(journal.top)' is no tracefs", runDirectory) }
    let differences = try Restorer(journal).restore().filter { !$0.isHarmless }
    for difference in differences {
      lines.append("\(difference.file) cannot be put back: it was '\(difference.before)', and is '\(difference.now)'")
    }
    if differences.isEmpty { runDirectory.forget { !$0.isModule } }
    do throws(CaptureError) {
      try ModuleKeeper.restore(journal.entries, files: files, lock: runDirectory.lock)
      runDirectory.forget(where: \.isModule)
    } catch {
      lines.append("the modules are not as they were before: \(error)")
    }
    return lines
  }

  /// Whether all of it was undone: a new recording would take what is there now for what was there before, and write its journal over the
  /// one that knows better.
  ///
  /// - Parameter lines: what `restore` has said.
  /// - Throws: `unavailable` naming what could not be put back.
  static func checkUndone(_ runDirectory: RunDirectory, _ lines: [String]) throws(CaptureError) {
    guard runDirectory.journal() != nil else { return }
    let left = lines.dropFirst().joined(separator: "; ")
    throw CaptureError(
      .unavailable, "what an earlier recording left is not undone, and a new one would hide it" + (left.isEmpty ? "" : ": " + left),
      remedy: remedy(runDirectory))
  }

  /// What to do when something stands in the way of undoing.
  static func remedy(_ runDirectory: RunDirectory) -> String {
    "when nothing stands in the way any more: kvm-inittrace doctor --restore; to give it up: rm \(runDirectory.path)/journal"
  }

  private static func disbelief(_ problem: String, _ runDirectory: RunDirectory) -> CaptureError {
    CaptureError(
      .unavailable, "the journal in \(runDirectory.path) is not believed: \(problem)",
      remedy: "no recording writes such a one: look at it, then remove it")
  }

  /// What a look at it finds.
  public enum State: Sendable {
    case nothing
    /// This user may not look.
    case unseen
    /// What was interrupted, and is not undone.
    case left(String)
    /// Nothing can be undone now, and why: a recording is running, a dead recorder's modprobe is at work, the directory is somebody else's.
    case blocked(CaptureError)
  }

  /// Looks, and changes nothing.
  public static func state(runDirectory path: String = RunDirectory.standardPath) -> State {
    guard access(path + "/journal", F_OK) == 0 else { return errno == ENOENT ? .nothing : .unseen }
    do throws(CaptureError) {
      let directory = try RunDirectory(path: path)
      try directory.checkJournal()
      try directory.acquireLock(patience: 0)
      guard let journal = directory.journal() else { return .nothing }
      return .left("process \(journal.pid) was interrupted while it recorded: \(journal.entries.count) changes are not undone")
    } catch {
      return .blocked(error)
    }
  }
}
