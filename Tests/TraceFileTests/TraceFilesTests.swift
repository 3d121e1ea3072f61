import Foundation
import Testing

@testable import TraceFile

/// What a directory stands for.
@Suite struct TraceFilesTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path

  /// A folder with a trace of each kind, and with what is none.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["b/deep", "a", ".hidden"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try body(folder)
  }

  private func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

  private let graph = """
    # tracer: function_graph
    #
    # CPU  DURATION                  FUNCTION CALLS
    # |     |   |                     |   |   |   |
     0)   1.000 us    |  kvm_init();
    """

  @Test func aDirectoryIsTheTracesInAndBelowIt() throws {
    try withFolder { folder in
      try write("", to: "\(folder)/b/deep/empty.dat")
      try write(graph, to: "\(folder)/b/one.txt")
      try write(graph, to: "\(folder)/a/two.trace")
      try write(graph, to: "\(folder)/.hidden/three.txt")
      try write(graph, to: "\(folder)/a/notes.md")
      try write("kvm_intel: OK  in 1.2 ms\n  kernel 6.12\n", to: "\(folder)/b/report.txt")
      try write("", to: "\(folder)/b/empty.txt")
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/bin/gzip")
      gzip.arguments = ["-k", "\(folder)/b/one.txt", "\(folder)/b/report.txt"]
      try gzip.run()
      gzip.waitUntilExit()
      #expect(
        try TraceFiles.list([folder]).map { $0.dropFirst(folder.count + 1) } == [
          "a/two.trace", "b/deep/empty.dat", "b/one.txt", "b/one.txt.gz",
        ])
    }
  }

  @Test func aFileThatIsNamedIsTakenAsItIsAndOnce() throws {
    #expect(try TraceFiles.list(["z", "-", "a/report.txt", "z"]) == ["z", "-", "a/report.txt"])
  }

  @Test func linksThatLeadInACircleEnd() throws {
    try withFolder { folder in
      try write(graph, to: "\(folder)/a/one.txt")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/a/up", withDestinationPath: "..")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/again", withDestinationPath: "a")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/lost.dat", withDestinationPath: "nowhere")
      try #require(mkfifo("\(folder)/pipe.dat", 0o600) == 0)
      #expect(try TraceFiles.list([folder]).map { $0.dropFirst(folder.count + 1) } == ["a/one.txt", "lost.dat"])
    }
  }

  @Test func aDirectoryWithoutATraceSaysSo() throws {
    try withFolder { folder in
      try write("kvm_intel: OK", to: "\(folder)/a/report.txt")
      let error = #expect(throws: TraceReadError.self) { try TraceFiles.list([folder]) }
      #expect(error?.exitCode == 66)
      #expect(error?.description.contains("is a directory without a trace; name one that holds .dat files") == true)
    }
  }

  /// Beside each sample stand its reports.
  @Test func theSamplesAreTracesAndTheirReportsAreNot() throws {
    let folder = Self.root + "/SampleTraces"
    let folders = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      !$0.contains(".md") && !$0.contains(".tsv") && !$0.contains(".yaml")
    }
    let found = try TraceFiles.list([folder])
    #expect(found.count == folders.count)
    #expect(found.allSatisfy { $0.contains("/trace.") })
  }
}
