import Testing

struct ReportTests {
  /// Two loads, by the tasks 103 and 105.
  private static let several = "\(Command.root)/SampleTraces/5.10-several/trace.dat"

  @Test(arguments: ["text", "json", "markdown", "html"]) func onlyTheRunsOfTheProcessAreTold(_ format: String) throws {
    let command = try Command()
    defer { command.remove() }
    let whole = try command.run("report", Self.several, "--format", format)
    let chosen = try command.run("report", Self.several, "--format", format, "--pid", "105")
    #expect(whole.output.contains("modprobe-103") || whole.output.contains("\"pid\": 103"))
    #expect(chosen.output.contains("modprobe-105") || chosen.output.contains("\"pid\": 105"))
    #expect(!chosen.output.contains("modprobe-103") && !chosen.output.contains("\"pid\": 103"))
  }

  @Test(arguments: [
    (["--format", "json", "--tree"], "--tree belongs to the call tree"), (["--format", "json", "--stage", "vfio"], "--stage belongs to"),
    (["--format", "json", "-t", "1us"], "-t belongs to the call tree"), (["-D", "3"], "-D belongs to --tree."),
    (["-t", "1us"], "-t belongs to --tree."), (["--noise", "show", "--format", "markdown"], "--noise show belongs to --tree."),
    (["--stage", "5.10"], "Section 5.10 is 2 stages; name one of them: syscore_ops, preempt_ops."),
  ]) func optionsOfATreeThatIsNotShownAreRefused(_ options: [String], _ message: String) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(["report", Self.several] + options)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [["--stage", "5.2", "-t", "1us"], ["--format", "html", "-D", "3", "-o", "x.html"]])
  func optionsOfATreeThatIsShown(_ options: [String]) throws {
    let command = try Command()
    defer { command.remove() }
    #expect(try command.run(["report", Self.several] + options).status < 64)
  }

  @Test func aProcessWithoutARunIsRefused() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("report", Self.several, "--pid", "1")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no run of process 1; runs are of 103, 105"))
  }
}
