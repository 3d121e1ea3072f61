import Corruption
import Foundation
import FuzzTargets
import Testing

/// Inputs that once ended the process, hung or filled the memory: `Crashers/TARGET/…`, by the targets of scripts/fuzz.
@Suite struct CrasherTests {
  struct Input: Sendable, CustomTestStringConvertible {
    var target: String
    var name: String

    var testDescription: String { "\(target)/\(name)" }
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Crashers").path

  static let inputs: [Input] = FuzzTargets.all.map { $0.name }.flatMap { target in
    names("\(folder)/\(target)").map { Input(target: target, name: $0) }
  }

  private static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test(arguments: inputs) func isAnswered(input: Input) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.folder)/\(input.target)/\(input.name)")))
    let target = try #require(FuzzTargets.named(input.target))
    let time = bytes.withUnsafeBytes { target.read($0, effort: .test) }
    #expect(time <= Sweep.timeLimit)
    // A file that was cut must be called damaged, whatever its rest says.
    if input.name.hasPrefix("cut-") { #expect(bytes.withUnsafeBytes { WholeReport.status($0) } == 65) }
  }

  /// A folder that no target reads would be a test that cannot fail.
  @Test func everyFolderIsOfATarget() {
    let targets = Set(FuzzTargets.all.map { $0.name } + ["README.md"])
    #expect(Set(Self.names(Self.folder)).subtracting(targets) == [])
  }
}
