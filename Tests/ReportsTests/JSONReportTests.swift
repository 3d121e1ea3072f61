import Exports
import KVMStages
import Testing

@testable import Reports

struct JSONReportTests {
  private func json(_ analysis: Analysis) -> String {
    var output = ""
    JSONReport.write(Sample.failed, analysis, to: &output)
    return output
  }

  /// The keys in `text` that are indented by `indent` spaces, from the line `start` on, up to a line with less indentation.
  private func keys(_ text: String, after start: String, indent: Int) -> [String] {
    var lines = text.split(separator: "\n").drop { !$0.contains(start) }.dropFirst()
    if lines.first?.hasSuffix(" {") == true { lines = lines.dropFirst() }
    let body = lines.prefix { $0.prefix { $0 == " " }.count >= indent }
    return body.compactMap { line in
      let rest = line.dropFirst(indent)
      guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else { return nil }
      return String(rest[rest.index(after: rest.startIndex)..<end])
    }
  }

  @Test func keysComeInTheOrderOfTheContract() {
    let text = json(Sample.failedAnalysis)
    #expect(text.hasPrefix("{\n  \"schema\": \"kvm-inittrace/report\",\n  \"version\": 1,\n  \"source\": {\n"))
    #expect(
      keys(text, after: "\"source\"", indent: 4).prefix(8) == [
        "path", "kind", "kernel", "machine", "cpus", "clock", "events", "lost_events",
      ])
    #expect(
      keys(text, after: "\"runs\"", indent: 6).prefix(15) == [
        "pid", "comm", "module", "vendor", "root", "verdict", "start_ns", "duration_ns", "calls", "max_depth", "interrupt_ns", "sleep_ns",
        "failure", "stages", "integrity",
      ])
    #expect(
      keys(text, after: "\"failure\"", indent: 8).prefix(10) == [
        "stage", "section", "function", "path", "errno", "code", "evidence", "log", "cause", "remedy",
      ])
    #expect(
      keys(text, after: "\"stages\"", indent: 10).prefix(12) == [
        "id", "section", "title", "status", "tolerated", "function", "parent", "start_ns", "duration_ns", "calls", "per_cpu", "note",
      ])
    #expect(
      keys(text, after: "\"integrity\"", indent: 8) == ["lost_events", "open_calls", "mended_calls", "unresolved_functions"])
  }

  @Test(.enabled(if: SchemaValidator.isThere, "python3 with jsonschema validates reports"))
  func reportsAreValidByTheirSchemas() throws {
    var report = ""
    JSONReport.write(Sample.loaded, Sample.loadedAnalysis, to: &report)
    #expect(try SchemaValidator.isValid("[" + report + "," + json(Sample.failedAnalysis) + "]", schema: "report.schema.json"))
    var calls = TextSink()
    CallsExport.write(Sample.failed, to: &calls)
    let array = "[" + calls.text.split(separator: "\n").joined(separator: ",") + "]"
    #expect(try SchemaValidator.isValid(array, schema: "calls.schema.json"))
  }
}
