import Foundation
import Testing

/// `doctor` on the machine that runs the tests, whatever that is.
@Suite struct DoctorTests {
  private func run(_ arguments: String...) throws -> Command.Outcome {
    let command = try Command()
    defer { command.remove() }
    return try command.run(["doctor"] + arguments)
  }

  @Test func everyLineIsACheck() throws {
    let outcome = try run()
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("     ") }
    let checks = lines.dropLast()
    #expect(checks.count >= 17)
    #expect(checks.allSatisfy { line in ["PASS ", "WARN ", "FAIL ", "SKIP "].contains { line.hasPrefix($0) } && line.contains(": ") })
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(outcome.status == (checks.contains { $0.hasPrefix("FAIL ") } ? 1 : 0))
  }

  @Test func quietShowsTroubleAlone() throws {
    let lines = try run("-q").output.split(separator: "\n").filter { !$0.hasPrefix("     ") }
    #expect(lines.allSatisfy { $0.hasPrefix("WARN ") || $0.hasPrefix("FAIL ") })
  }

  @Test func colors() throws {
    #expect(try run("--color", "always").output.contains("\u{1b}["))
    #expect(try !run("--color", "never").output.contains("\u{1b}["))
  }

  @Test func asJSON() throws {
    let outcome = try run("--format", "json")
    let document = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "kvm-inittrace/doctor")
    let checks = try #require(document["checks"] as? [[String: Any]])
    #expect(checks.count >= 17)
    #expect(outcome.status == (checks.contains { $0["status"] as? String == "fail" } ? 1 : 0))
  }
}
