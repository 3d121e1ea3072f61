import Foundation
import Testing

/// The unit that records at boot, judged by systemd.
@Suite struct UnitTests {
  @Test func theSandboxIsTight() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze") else {
      return print("skipped: there is no systemd-analyze")
    }
    let command = try Command()
    defer { command.remove() }
    let unit = "\(Command.root)/packaging/systemd/kvm-inittrace-boot.service"
    // An exposure of 3.0 at most.
    let outcome = try command.run(
      shell: #"exec systemd-analyze security --offline=true --no-pager --threshold=30 "$1""#, arguments: [unit])
    guard !outcome.errors.contains("unrecognized option") else { return print("skipped: this systemd-analyze judges no file") }
    #expect(outcome.status == 0, "\(outcome.output.suffix(300)) \(outcome.errors)")
  }
}
