import Foundation
import Testing

/// Commands that read traces have given their rights up before they read the first byte.
@Suite struct ConfinedCommandTests {
  /// Runs a command whose trace is a pipe, which is empty. While the command waits for the first byte, its status is noted, and a line of
  /// shell is run.
  private func waiting(
    _ command: Command, _ arguments: [String], meanwhile line: String = "true"
  ) throws -> (outcome: Command.Outcome, status: [Substring: Substring]) {
    #expect(mkfifo(command.folder.appending(path: "pipe").path, 0o600) == 0)
    // A writer finds a reader when the command has opened the pipe.
    let script = "\"$0\" \"$@\" & exec 3>pipe; cat /proc/$!/status > status; \(line); exec 3>&-; wait $!"
    let outcome = try command.run(shell: script, arguments: arguments)
    let text = try String(contentsOfFile: command.folder.appending(path: "status").path, encoding: .utf8)
    let fields = text.split(separator: "\n").map { $0.split(separator: ":\t", maxSplits: 1) }
    return (outcome, Dictionary(fields.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }) { first, _ in first })
  }

  private static let commands: [[String]] = [
    ["report", "pipe"], ["check", "pipe", "--expect", "e.yaml"], ["diff", "pipe", Command.sample], ["export", "pipe", "--to", "calls"],
    ["export", "pipe", "--to", "sqlite", "-o", "x.db"],
  ]

  @Test(arguments: commands) func beforeTheFirstByte(_ arguments: [String]) throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", "schema: kvm-inittrace/expectations\nversion: 1\nexpect: [{verdict: ok}]\n".utf8)
    let (outcome, status) = try waiting(command, arguments)
    #expect(status["NoNewPrivs"] == "1")
    // A filter of system calls.
    #expect(status["Seccomp"] == "2")
    // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER are what root keeps; others have none.
    let kept = getuid() == 0 ? "000000000000000e" : "0000000000000000"
    #expect(status["CapEff"].map(String.init) == kept && status["CapPrm"].map(String.init) == kept)
    #expect(status["CapInh"] == "0000000000000000" && status["CapAmb"] == "0000000000000000")
    #expect((outcome.output + outcome.errors).contains("is empty"))
  }

  /// Only what was named at the beginning is opened: not what a link leads to that was put there later.
  @Test func whatIsExchangedIsNotOpened() throws {
    let command = try Command()
    defer { command.remove() }
    for folder in ["traces", "secret"] {
      try FileManager.default.createDirectory(at: command.folder.appending(path: folder), withIntermediateDirectories: true)
    }
    let bytes = try Data(contentsOf: URL(filePath: Command.sample))
    for name in ["traces/a.dat", "secret/b.dat"] { try bytes.write(to: command.folder.appending(path: name)) }
    let exchange = "rm traces/a.dat; ln -s ../secret/b.dat traces/a.dat"
    let outcome = try waiting(command, ["report", "-q", "pipe", "traces/a.dat"], meanwhile: exchange).outcome
    guard outcome.output.isEmpty else { return print("skipped: this kernel has no Landlock, and the file was read") }
    #expect(outcome.errors.contains("traces/a.dat: cannot be opened: Permission denied"))
  }

  @Test func namedLinksAndDirectoriesAreRead() throws {
    let command = try Command()
    defer { command.remove() }
    for folder in ["traces/deep", "elsewhere"] {
      try FileManager.default.createDirectory(at: command.folder.appending(path: folder), withIntermediateDirectories: true)
    }
    try Data(contentsOf: URL(filePath: Command.sample)).write(to: command.folder.appending(path: "elsewhere/b.dat"))
    for (name, target) in [
      ("traces/deep/file.dat", "../../elsewhere/b.dat"), ("traces/folder", "../elsewhere"), ("link.dat", "elsewhere/b.dat"),
    ] {
      try FileManager.default.createSymbolicLink(atPath: command.folder.appending(path: name).path, withDestinationPath: target)
    }
    try command.write("e.yaml", "schema: kvm-inittrace/expectations\nversion: 1\nexpect: [{verdict: failed}]\n".utf8)
    let outcome = try command.run("check", "traces", "link.dat", "--expect", "e.yaml", "--junit", "x.xml")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.output) \(outcome.errors)")
    #expect(outcome.output.contains("3 traces"))
    #expect(try command.run(shell: #"cat link.dat | "$0" report -q - -o out.txt && test -s out.txt; test $? = 1"#).status == 0)
  }
}
