import KVMStages
import Reports
import Testing

/// Each sample's report, to the letter. After a change of output: scripts/update-goldens, and read the diff.
@Suite struct GoldenTests {
  @Test func thereAreSamples() { #expect(Sample.all.count >= 40) }

  @Test(arguments: Sample.all) func theReportIsTheGoldenOne(_ sample: Sample) throws {
    let recording = try sample.read()
    let analysis = Analyser.analyse(recording)
    var text = ""
    TextReport.write(recording, analysis, options: ReportOptions(width: 100), to: &text)
    expectSame(text, try sample.golden("report.txt"))
    var json = ""
    JSONReport.write(recording, analysis, to: &json)
    expectSame(json, try sample.golden("report.json"))
    try HTMLSampleTests.expectThePage(toSay: json, of: recording, analysis)
  }

  /// Shows the first line that differs instead of two whole reports.
  private func expectSame(_ found: String, _ golden: String) {
    guard found != golden else { return }
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    let pairs = zip(lines(found), lines(golden))
    let first = pairs.enumerated().first { $0.element.0 != $0.element.1 }
    let place = first.map { "line \($0.offset + 1)\n  golden: \($0.element.1)\n  found:  \($0.element.0)" } ?? "one is longer"
    Issue.record("differs from the golden report; run scripts/update-goldens and read the diff: \(place)")
  }
}
