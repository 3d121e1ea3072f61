import Foundation
import Testing

/// The README's first screen shows a report as it is.
@Suite struct ReadmeTests {
  @Test func theReadmeShowsARealReport() throws {
    let readme = try String(contentsOf: Sample.root.appending(path: "README.md"), encoding: .utf8)
    let blocks = readme.components(separatedBy: "```")
    let block = try #require(blocks.first { $0.hasPrefix("\n$ kvm-inittrace report SampleTraces/") })
    var lines = block.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
    let path = try #require(lines.removeFirst().split(separator: " ").last.map(String.init))
    let sample = try #require(Sample.all.first { $0.path == path }, "there is no \(path)")
    let golden = try sample.golden("report.txt").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let shown = lines.dropLast()
    #expect(shown.count > 15)
    #expect(Array(shown) == Array(golden.prefix(shown.count)))
  }
}
