import Testing

@testable import TraceCapture

@Suite struct LeftoversTests {
  private let machine: TestMachine
  private let tracefs: FakeTracefs
  private var path: String { machine.folder.path + "/run" }

  init() throws { (machine, tracefs) = (try TestMachine(), try FakeTracefs()) }

  private func interrupted() throws -> RunDirectory {
    let directory = try RunDirectory(path: path)
    var journal = Journal(pid: 4711, top: tracefs.path)
    journal.entries = [
      .file("current_tracer", rule: .contents, original: "nop\n"),
      .file("max_graph_depth", rule: .contents, original: "7\n"),
    ]
    try tracefs.write("current_tracer", "function_graph\n")
    try directory.store(journal)
    return directory
  }

  @Test func nothingIsLeft() throws {
    #expect(Leftovers.describe(runDirectory: path) == nil)
    let directory = try RunDirectory(path: path)
    #expect(try Leftovers.restore(directory) == [])
    #expect(Leftovers.describe(runDirectory: path) == nil)
  }

  @Test func anInterruptedRecordingIsUndone() throws {
    let directory = try interrupted()
    #expect(Leftovers.describe(runDirectory: path) == "process 4711 was interrupted while it recorded: 2 changes are not undone")
    #expect(tracefs.text("current_tracer") == "function_graph\n")
    try directory.acquireLock()
    // A recording that runs is none that was interrupted.
    #expect(Leftovers.describe(runDirectory: path) == nil)
    #expect(try Leftovers.restore(directory) == ["process 4711 was interrupted while it recorded: 2 changes of its are undone"])
    #expect(tracefs.text("current_tracer") == "nop\n" && tracefs.text("max_graph_depth") == "7\n")
    #expect(directory.journal() == nil)
  }

  @Test func theJournalStaysUntilAllIsUndone() throws {
    let directory = try interrupted()
    try tracefs.refuse("max_graph_depth")
    let now = try #require(tracefs.text("max_graph_depth")).trimmed
    #expect(try Leftovers.restore(directory).last == "max_graph_depth cannot be put back: it was '7', and is '\(now)'")
    #expect(directory.journal() != nil)
  }
}
