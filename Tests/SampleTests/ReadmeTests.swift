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

  /// Each comparison that README and Docs/Comparing.md show begins as the golden one does.
  @Test(arguments: ["README.md", "Docs/Comparing.md"]) func comparisonsAreReal(_ file: String) throws {
    let text = try String(contentsOf: Sample.root.appending(path: file), encoding: .utf8)
    let command = "\n$ kvm-inittrace diff SampleTraces/"
    let blocks = text.components(separatedBy: "```").filter { $0.hasPrefix(command) }
    #expect(!blocks.isEmpty)
    for block in blocks {
      var lines = block.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
      let names = lines.removeFirst().split(separator: "/").filter { $0.contains("kvm_") }
      try #require(names.count == 2)
      let path = "Tests/SampleTests/Diffs/\(names[0])..\(names[1]).txt"
      let golden = try String(contentsOf: Sample.root.appending(path: path), encoding: .utf8)
      #expect(golden.hasPrefix(lines.dropLast().joined(separator: "\n") + "\n"))
    }
  }
}
