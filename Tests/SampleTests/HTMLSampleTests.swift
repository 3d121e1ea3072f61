import CallTrees
import Foundation
import KVMStages
import Testing

@testable import Reports

/// The page of each sample says what its report as JSON says.
@Suite struct HTMLSampleTests {
  private struct Report: Decodable {
    struct Run: Decodable {
      struct Stage: Decodable {
        var id: String
        var status: String
        var durationNs: UInt64?
        var interruptNs: UInt64
        var sleepNs: UInt64
      }
      struct Failure: Decodable { var path: [String] }
      var verdict: String
      var stages: [Stage]
      var failure: Failure?
    }
    var runs: [Run]
  }

  /// A row of a stage table, as the markup has it: the id, and the values and texts of its cells.
  private struct Row {
    var id: String
    var values: [String]
    var cells: [String]
  }

  /// Expects that the page of a sample says what its report as JSON says. The golden tests call it: so each sample is read once.
  static func expectThePage(toSay json: String, of recording: Recording, _ analysis: Analysis) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let report = try decoder.decode(Report.self, from: Data(json.utf8))
    // Without most of its calls: packing them takes its time in a build for tests.
    var page = HTMLReport(options: ReportOptions(maxDepth: 2))
    var text = ""
    page.write(recording, analysis, to: &text)
    page.finish(to: &text)
    let tables = text.components(separatedBy: "<section class=\"run\"").dropFirst()
    try #require(tables.count == report.runs.count)
    for (run, table) in zip(report.runs, tables) {
      #expect(table.contains("data-verdict=\"\(run.verdict)\""))
      #expect(table.contains("<section class=\"failure\"") == (run.failure != nil))
      let rows = Self.rows(in: table)
      try #require(rows.map(\.id) == run.stages.map(\.id))
      for (row, stage) in zip(rows, run.stages) {
        let time = stage.durationNs.map { "+" + Quantity.time($0) }
        #expect(time == nil || row.cells[4] == time)
        #expect(row.values[4] == stage.durationNs.map(String.init) ?? "")
        #expect(row.cells[6] == (stage.interruptNs == 0 ? "" : Quantity.time(stage.interruptNs, digits: 3)))
        #expect(row.cells[7] == (stage.sleepNs == 0 ? "" : Quantity.time(stage.sleepNs, digits: 3)))
        let word = stage.status.replacing("-", with: " ")
        #expect(row.cells[2].lowercased().hasSuffix(word) || row.cells[2].hasSuffix("tolerated"))
      }
    }
  }

  /// A page of 10,000 calls, and one of far more than a page holds.
  @Test(arguments: [("5.10-kvm_amd", 500_000), ("6.12-kvm_intel", 1_200_000)]) func thePageIsSmall(_ name: String, _ most: Int) throws {
    let recording = try #require(Sample.named(name)).read()
    var page = HTMLReport(calls: 50_000)
    var text = ""
    page.write(recording, Analyser.analyse(recording), to: &text)
    page.finish(to: &text)
    #expect(text.utf8.count < most)
    #expect(text.contains("are folded into ‹short calls›") == (name == "6.12-kvm_intel"))
  }

  private static func rows(in table: String) -> [Row] {
    table.components(separatedBy: "\n<tr class=").dropFirst().compactMap { row in
      guard let id = row.firstMatch(of: #/data-stage="([^"]*)"/#)?.output.1 else { return nil }
      let cells = row.matches(of: #/<t[dh]( [^>]*)?>(.*?)</t[dh]>/#.dotMatchesNewlines())
      return Row(
        id: String(id),
        values: cells.map { cell in (cell.output.1?.firstMatch(of: #/data-value="([^"]*)"/#)?.output.1).map(String.init) ?? "" },
        cells: cells.map { $0.output.2.replacing(#/<[^>]*>/#, with: "").trimmingCharacters(in: .whitespacesAndNewlines) })
    }
  }
}
