import Foundation
import Testing

/// The manual, which is made from the commands.
@Suite struct ManualTests {
  @Test func thePagesAreFresh() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(shell: #"exec "$1"/scripts/generate-manual --check --binary "$0""#, arguments: [Command.root])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// A script meets the same statuses with every command.
  @Test(arguments: ["record", "report", "diff", "check", "export", "stages", "doctor"])
  func everyCommandTellsAllExitStatuses(_ name: String) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("help", name)
    let section = try #require(outcome.output.split(separator: "EXIT STATUS\n").last)
    let codes = section.split(separator: "\n\n")[0].matches(of: /(?m)^  (\d+) +\S/).map { String($0.output.1) }
    #expect(codes == ["0", "1", "2", "64", "65", "66", "69", "73", "77"], "\(section)")
  }
}
