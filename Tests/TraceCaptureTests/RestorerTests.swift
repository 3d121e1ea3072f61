import Testing

@testable import TraceCapture

@Suite struct RestorerTests {
  private func restore(_ tracefs: FakeTracefs, _ entries: Journal.Entry...) throws -> [Restorer.Difference] {
    var journal = Journal(pid: 1, top: tracefs.path)
    journal.entries = entries
    return try Restorer(journal).restore()
  }

  private func file(_ name: String, _ rule: RestoreRule, _ original: String) -> Journal.Entry {
    .file(name, rule: rule, original: original)
  }

  @Test func whatCannotBePutBackIsTold() throws {
    let tracefs = try FakeTracefs()
    try tracefs.refuse("max_graph_depth")
    let now = try #require(tracefs.text("max_graph_depth")).trimmed
    let differences = try restore(tracefs, file("max_graph_depth", .contents, "5\n"), file("current_tracer", .contents, "function\n"))
    #expect(differences == [.init(file: "max_graph_depth", before: "5", now: now)])
    #expect(differences.first?.isHarmless == false)
    #expect(tracefs.text("current_tracer") == "function\n")
  }

  /// A ring buffer that was never used has a size that nothing can set again.
  @Test func theSizeOfAnUnusedBuffer() throws {
    let tracefs = try FakeTracefs()
    let unused = try restore(tracefs, file("buffer_size_kb", .size, "7 (expanded: 1408)\n"))
    #expect(tracefs.text("buffer_size_kb") == "1408\n")
    #expect(unused == [.init(file: "buffer_size_kb", before: "7 (expanded: 1408)", now: "1408")] && unused.first?.isHarmless == true)
    let mixed = try restore(tracefs, file("buffer_size_kb", .size, "X\n"))
    #expect(mixed == [.init(file: "buffer_size_kb", before: "X", now: "1408")] && mixed.first?.isHarmless == false)
  }

  /// A function of a module that is gone cannot be written back, and is not missed.
  @Test func functionsThatAreGone() throws {
    let tracefs = try FakeTracefs()
    try tracefs.write("set_graph_function", "do_init_module\n")
    #expect(try restore(tracefs, file("set_graph_function", .functions, "0xffffffffc05fc014\nvfs_read\n")) == [])
    #expect(tracefs.text("set_graph_function") == "vfs_read\n")
    try tracefs.refuse("set_graph_function")
    #expect(try restore(tracefs, file("set_graph_function", .functions, "vfs_read\n")).first?.isHarmless == false)
  }

  @Test func theLastChangeGoesFirst() throws {
    let tracefs = try FakeTracefs()
    // A file that was changed twice has what it held before both.
    #expect(try restore(tracefs, file("tracing_thresh", .contents, "1\n"), file("tracing_thresh", .contents, "2\n")).map(\.before) == ["2"])
    #expect(tracefs.text("tracing_thresh") == "1\n")
  }

  @Test func whatIsGoneIsLeft() throws {
    let tracefs = try FakeTracefs()
    let before = tracefs.snapshot
    #expect(try restore(tracefs, file("events/gone/enable", .contents, "0\n"), .module(name: "kvm", wasLoaded: true), .instance) == [])
    #expect(tracefs.snapshot == before)
  }

  @Test func theTopBufferIsStoppedAndEmptied() throws {
    let tracefs = try FakeTracefs()
    try tracefs.write("trace", "events")
    #expect(try restore(tracefs, file("tracing_on", .contents, "1\n"), file("current_tracer", .contents, "nop\n")) == [])
    #expect(tracefs.text("trace") == "" && tracefs.text("tracing_on") == "1\n")
  }

  /// A recording in an instance, an extraction, and one that had only come to its modules: the top buffer is somebody else's.
  @Test func theTopBufferOfOthersIsLeftAlone() throws {
    let tracefs = try FakeTracefs()
    try tracefs.write("trace", "events")
    let before = tracefs.snapshot
    #expect(try restore(tracefs, .instance, file("max_graph_depth", .contents, "0\n")) == [])
    #expect(try restore(tracefs, .module(name: "kvm_intel", wasLoaded: true)) == [])
    #expect(try restore(tracefs) == [])
    #expect(try restore(tracefs, file("tracing_on", .contents, "1\n")) == [])
    #expect(tracefs.snapshot == before)
  }

  @Test func whatCannotBeReadDiffers() throws {
    let tracefs = try FakeTracefs()
    try tracefs.refuseAll("max_graph_depth")
    #expect(
      try restore(tracefs, file("max_graph_depth", .contents, "5\n"))
        == [.init(file: "max_graph_depth", before: "5", now: "not to be read")])
  }

  @Test func withoutTracefsNothingCanBeDone() {
    #expect(throws: CaptureError.self) { try Restorer(Journal(pid: 1, top: "/nowhere")) }
  }
}
