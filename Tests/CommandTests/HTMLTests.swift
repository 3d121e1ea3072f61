import Foundation
import Testing

/// `--format html` of the command, and what its page is made of.
@Suite struct HTMLTests {
  /// Style and script in Swift are those of web/, with their hashes.
  @Test func thePageIsFresh() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Command.root + "/scripts/generate-page", "--check"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "run scripts/generate-page")
  }

  @Test func aReportIsOnePage() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("report", Command.sample, "--format", "html", "-o", "report.html")
    #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let page = try String(contentsOf: command.folder.appending(path: "report.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>\n") && page.hasSuffix("</body></html>\n"))
    #expect(page.contains("<strong class=\"bad\">FAILED</strong>"))
  }

  @Test func aPageOfWhatCannotBeReadIsNone() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("report", "nowhere.dat", "--format", "html")
    #expect(outcome.status == 66 && outcome.output.isEmpty)
  }

  @Test func aDiffIsOnePage() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("diff", Command.sample, Command.sample, "--format", "html")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("<!doctype html>\n") && outcome.output.contains("<strong class=\"good\">same</strong>"))
  }

  @Test func aTerminalGetsNoPage() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(
      shell: #"script -qec "$0 report $1 --format html" /dev/null </dev/null"#, arguments: [Command.sample])
    #expect(outcome.status == 64 && outcome.output.contains("-o FILE.html"))
  }
}
