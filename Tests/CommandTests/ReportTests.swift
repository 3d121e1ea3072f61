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

  @Test func aProcessWithoutARunIsRefused() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("report", Self.several, "--pid", "1")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no run of process 1; runs are of 103, 105"))
  }
}
