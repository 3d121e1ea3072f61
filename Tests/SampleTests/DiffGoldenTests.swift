import Foundation
import KVMStages
import Reports
import Testing

/// Comparisons of samples, to the letter: `Diffs/BEFORE..AFTER.txt`. After a change of output: scripts/update-goldens, and read the diff.
@Suite struct DiffGoldenTests {
  private static let folder = Sample.root.appending(path: "Tests/SampleTests/Diffs").path
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()

  @Test func thereAreGoldens() { #expect(Self.names.count >= 6) }

  @Test(arguments: names) func theComparisonIsTheGoldenOne(_ name: String) throws {
    let pair = name.dropLast(".txt".count).components(separatedBy: "..")
    try #require(pair.count == 2)
    let diff = try #require(SampleDiffs.diff(pair[0], pair[1]))
    var text = ""
    DiffText.write([diff], options: ReportOptions(width: 100), to: &text)
    #expect(text == (try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)))
  }
}
