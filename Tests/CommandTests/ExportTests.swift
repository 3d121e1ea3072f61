import Foundation
import Testing

/// `export`: where its output goes, and what it refuses.
@Suite struct ExportTests {
  private static let withoutTimes = "\(Command.root)/SampleTraces/5.10-kvm_intel-fail-text/trace.txt.xz"

  private func files(_ command: Command) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: command.folder.path).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test(arguments: ["calls", "stages", "perfetto", "chrome", "folded", "speedscope", "openmetrics", "sqlite"])
  func aFileAndAPipeHoldTheSame(_ format: String) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(
      shell: #""$0" export "$1" --to "$2" -o file && "$0" export - --to "$2" <"$1" | cat >piped && ls && wc -c <file"#,
      arguments: [Command.sample, format])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("file\npiped\n"))
    let sizes = try ["file", "piped"].map { try Data(contentsOf: command.folder.appending(path: $0)) }
    #expect(sizes.allSatisfy { $0.count > 1000 })
    // They name the trace differently.
    if !["stages", "speedscope", "sqlite"].contains(format) { #expect(sizes[0] == sizes[1]) }
  }

  @Test(arguments: ["perfetto", "chrome", "speedscope"]) func aTimelineNeedsTimes(_ format: String) throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("out", "before".utf8)
    let outcome = try command.run("export", Self.withoutTimes, "--to", format, "-o", "out")
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("kvm-inittrace: error: ") && outcome.errors.contains("has no times"))
    #expect(outcome.errors.contains("--to folded"))
    #expect(try String(contentsOf: command.folder.appending(path: "out"), encoding: .utf8) == "before")
    #expect(try files(command) == ["out"])
  }

  @Test(arguments: ["calls", "stages", "folded", "sqlite", "openmetrics"]) func theOthersDoNot(_ format: String) throws {
    let command = try Command()
    defer { command.remove() }
    #expect(try command.run("export", Self.withoutTimes, "--to", format, "-o", "out").status == 0)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "script(1) makes a terminal"))
  func binaryFormatsDoNotGoToATerminal() throws {
    let command = try Command()
    defer { command.remove() }
    for format in ["perfetto", "sqlite"] {
      let outcome = try command.run(
        shell: #"TOOL=$0 TRACE=$1 FORMAT=$2 script -qec '"$TOOL" export "$TRACE" --to $FORMAT' /dev/null"#,
        arguments: [Command.sample, format])
      #expect(outcome.status == 64)
      #expect(outcome.output.contains("\(format) is binary") && outcome.output.contains("-o"), "\(outcome.output)")
    }
  }

  @Test func severalTracesInOneDatabase() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("export", Command.sample, "missing", Command.sample, "--to", "sqlite", "-o", "x.db")
    #expect(outcome.status == 66 && outcome.errors.contains("missing: cannot be opened"))
    let bytes = try Data(contentsOf: command.folder.appending(path: "x.db"))
    #expect(bytes.starts(with: "SQLite format 3\0".utf8))
    #expect(try files(command) == ["x.db"])
    // Nothing was read: what is there stays.
    #expect(try command.run("export", "missing", "--to", "sqlite", "-o", "x.db").status == 66)
    #expect(try Data(contentsOf: command.folder.appending(path: "x.db")) == bytes)
    #expect(try files(command) == ["x.db"])
  }

  @Test(arguments: ["perfetto", "sqlite", "stages", "folded"]) func outputsThatCannotBeWritten(_ format: String) throws {
    let command = try Command()
    defer { command.remove() }
    for place in ["/nowhere/x", ".", "/dev/full", ""] {
      let outcome = try command.run("export", Command.sample, "--to", format, "-o", place)
      #expect(outcome.status == 73, "\(place): \(outcome.errors)")
      #expect(outcome.errors.contains("cannot write"))
    }
    #expect(try files(command).isEmpty)
  }

  @Test func theDatabaseHasTheModeOfOtherFiles() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(
      shell: #"umask 027; "$0" export "$1" --to sqlite -o x.db && "$0" export "$1" --to folded -o x && stat -c %a x x.db"#,
      arguments: [Command.sample])
    #expect(outcome.output == "640\n640\n")
  }

  @Test func theMachineIsNeverThisOne() throws {
    let command = try Command()
    defer { command.remove() }
    let rows = try command.run("export", Command.sample, "--to", "stages").output
    #expect(rows.contains(#""host_id":null,"#))
    let named = try command.run("export", Command.sample, "--to", "stages", "--host-id", "web \"17\"").output
    #expect(named == rows.replacing(#""host_id":null,"#, with: #""host_id":"web \"17\"","#))
  }

  @Test func redactedTracesHaveNumbersForNames() throws {
    let command = try Command()
    defer { command.remove() }
    let rows = try command.run("export", Command.sample, Self.withoutTimes, "--to", "stages", "--redact").output
    #expect(rows.contains(#""trace":"trace-1","#) && rows.contains(#""trace":"trace-2","#) && !rows.contains("SampleTraces"))
  }
}
