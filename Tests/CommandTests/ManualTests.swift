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

  /// A script meets the same statuses with every command; export gives no verdict.
  @Test(arguments: ["record", "report", "diff", "check", "export", "stages", "doctor"])
  func everyCommandTellsAllExitStatuses(_ name: String) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("help", name)
    let section = try #require(outcome.output.split(separator: "EXIT STATUS\n").last)
    let codes = section.split(separator: "\n\n")[0].matches(of: /(?m)^  (\d+) +\S/).map { String($0.output.1) }
    #expect(codes == (name == "export" ? ["0"] : ["0", "1"]) + ["2", "64", "65", "66", "69", "73", "77"], "\(section)")
  }

  /// A command is parsed without the others, but speaks as one of them.
  @Test(arguments: ["record", "report", "diff", "check", "export", "stages", "doctor"])
  func everyCommandNamesTheTool(_ name: String) throws {
    let command = try Command()
    defer { command.remove() }
    let help = try command.run("help", name)
    #expect(help.output.contains("USAGE: kvm-inittrace \(name) "))
    for arguments in [["--help"], ["-h"], ["x", "--help"]] { #expect(try command.run([name] + arguments).output == help.output) }
    #expect(try command.run(name, "--version").output == command.run("--version").output)
    let refusal = try command.run(name, "--bogus")
    #expect(refusal.status == 64)
    #expect(refusal.errors.contains("Usage: kvm-inittrace \(name) "), "\(refusal.errors)")
    #expect(refusal.errors.contains("See 'kvm-inittrace \(name) --help'"), "\(refusal.errors)")
    let script = try command.run(name, "--generate-completion-script", "bash")
    #expect(script.output.contains("_kvm-inittrace_\(name)()"))
  }
}
