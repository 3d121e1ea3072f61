import Foundation
import Testing

/// The command with wrong arguments, and with an output that cannot be written.
@Suite struct WrongUseTests {
  private static let wrong: [[String]] = [
    ["report"], ["bogus"], ["report", Command.sample, "--bogus"], ["report", Command.sample, "--stage", "bogus"],
    ["report", Command.sample, "--pid", "x"], ["report", Command.sample, "--kernel", "x"], ["report", Command.sample, "--vendor", "x"],
    ["report", Command.sample, "-t", "10"], ["report", Command.sample, "-t", "nan"], ["report", Command.sample, "-t", "1e300s"],
    ["report", Command.sample, "-D", "-1"], ["report", Command.sample, "-D", "99999999999999999999"],
    ["report", Command.sample, "--format", "x"], ["export", Command.sample], ["export", Command.sample, "--to", "x"],
    ["export", Command.sample, Command.sample, "--to", "perfetto"], ["export", Command.sample, "--to", "calls", "--host-id", "x"],
    ["export", Command.sample, "--to", "stages", "--host-id", "x", "--redact"], ["export", "--to", "sqlite"],
    ["report", "-", "-"], ["report", "-", "-i", "-"], ["export", "-", "-", "--to", "calls"], ["check", "-", "-", "--expect", "e.yaml"],
    ["check", "-", "--expect", "-"], ["stages", "bogus"], ["stages", "--kernel", "1"], ["stages", "--vendor", "x"], ["doctor", "x"],
    ["doctor", "--format", "markdown"],
  ]

  @Test(arguments: wrong) func argumentsAreNamed(_ arguments: [String]) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("kvm-inittrace: error: "), "\(outcome.errors)")
  }

  /// Arguments come from scripts too: what a terminal would obey is escaped wherever it is shown again.
  @Test func argumentsAreEscaped() throws {
    let command = try Command()
    defer { command.remove() }
    let evil = "\u{1b}[31m\u{7}5us"
    let lines = [
      ["report", evil], ["report", "x", "--\(evil)"], [evil], ["stages", evil], ["stages", "--kernel", evil],
      ["report", "x", "--kernel", evil],
      ["report", "x", "--vendor", evil], ["report", "x", "-t", evil], ["report", "x", "-P", evil], ["report", "x", "--stage", evil],
      ["report", Command.sample, "-o", "no/\(evil)"], ["report", Command.sample, "--kallsyms", evil], ["export", "x", "--to", evil],
    ]
    for line in lines {
      let outcome = try command.run(line)
      #expect(outcome.status >= 64)
      #expect(outcome.errors.hasPrefix("kvm-inittrace: error: "))
      #expect(outcome.errors.contains(#"\x1b[31m"#), "\(outcome.errors)")
      #expect(!outcome.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(line)")
    }
  }

  @Test func outputsThatCannotBeWritten() throws {
    let command = try Command()
    defer { command.remove() }
    let sample = Command.sample
    for arguments in [["-o", "/nowhere/report"], ["-o", "."], ["-o", "/dev/full"], ["-o", "/proc/report"], ["-o", ""]] {
      let outcome = try command.run(["report", sample] + arguments)
      #expect(outcome.status == 73, "\(arguments)")
      #expect(outcome.errors.hasPrefix("kvm-inittrace: error: cannot write") && outcome.errors.contains(";"), "\(outcome.errors)")
    }
    for redirection in ["> /dev/full", ">&-"] {
      let outcome = try command.run(shell: #"exec "$0" report "$1" "# + redirection, arguments: [sample])
      #expect(outcome.status == 73, "\(redirection)")
      #expect(outcome.errors.contains("cannot write standard output"), "\(outcome.errors)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
    #expect(names.filter { !$0.hasPrefix(".") }.isEmpty)
  }

  @Test(arguments: ["--help", "report --help", "help diff", "--version", "--generate-completion-script bash"])
  func whatIsAskedOfTheToolItselfCannotBeWritten(_ arguments: String) throws {
    let command = try Command()
    defer { command.remove() }
    let whole = try command.run(shell: #"exec "$0" "# + arguments)
    #expect(whole.status == 0 && whole.errors.isEmpty && whole.output.hasSuffix("\n"))
    for redirection in ["> /dev/full", ">&-"] {
      let outcome = try command.run(shell: #"exec "$0" "# + arguments + " " + redirection)
      #expect(outcome.status == 73, "\(redirection)")
      #expect(outcome.errors.contains("cannot write standard output"), "\(outcome.errors)")
    }
  }

  /// A file that was there before stays as it was when there is nothing to write in its place.
  @Test func anOldReportStaysWhenWritingFails() throws {
    let command = try Command()
    defer { command.remove() }
    #expect(try command.run("report", Command.sample, "-o", "report.txt").status == 1)
    let before = try Data(contentsOf: command.folder.appending(path: "report.txt"))
    #expect(before.count > 1000)
    #expect(try command.run("report", Command.sample, "--stage", "bogus", "-o", "report.txt").status == 64)
    #expect(try Data(contentsOf: command.folder.appending(path: "report.txt")) == before)
  }
}
