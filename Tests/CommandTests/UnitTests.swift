import Foundation
import Testing

/// The unit that records at boot.
@Suite struct UnitTests {
  private static let unit = "\(Command.root)/packaging/systemd/kvm-inittrace-boot.service"

  /// `After=` orders what is started anyway; by then udev has loaded the module.
  @Test func udevIsWaitedFor() throws {
    let lines = try String(contentsOfFile: Self.unit, encoding: .utf8).split(separator: "\n")
    for setting in ["After=", "Wants="] {
      #expect(lines.contains { $0.hasPrefix(setting) && $0.hasSuffix("systemd-udev-settle.service") })
    }
  }

  /// A kernel has 8192 CPUs at most, and each takes two.
  @Test func filesOfManyCPUs() throws {
    let lines = try String(contentsOfFile: Self.unit, encoding: .utf8).split(separator: "\n")
    let limit = try #require(lines.first { $0.hasPrefix("LimitNOFILE=") }.flatMap { Int($0.dropFirst(12)) })
    #expect(limit > 2 * 8192 + 100)
  }

  /// Judged by systemd.
  @Test func theSandboxIsTight() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze") else {
      return print("skipped: there is no systemd-analyze")
    }
    let command = try Command()
    defer { command.remove() }
    // An exposure of 3.0 at most.
    let outcome = try command.run(
      shell: #"exec systemd-analyze security --offline=true --no-pager --threshold=30 "$1""#, arguments: [Self.unit])
    guard !outcome.errors.contains("unrecognized option") else { return print("skipped: this systemd-analyze judges no file") }
    #expect(outcome.status == 0, "\(outcome.output.suffix(300)) \(outcome.errors)")
  }
}
