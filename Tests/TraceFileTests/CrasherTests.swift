import Corruption
import Foundation
import Testing

/// Inputs that once ended the process, hung or filled the memory, as scripts/fuzz stored them.
@Suite struct CrasherTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Crashers").path

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()

  @Test(arguments: names) func isAnswered(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)")))
    let clock = ContinuousClock()
    let start = clock.now
    let answer = bytes.withUnsafeBytes { WholeReport.make($0) }
    #expect(clock.now - start <= Sweep.timeLimit)
    // A file that was cut must be called damaged, whatever its rest says.
    #expect(name.hasPrefix("cut-") ? answer.status == 65 : [0, 1, 2, 65].contains(answer.status))
    #expect(answer.written > 0)
  }
}
