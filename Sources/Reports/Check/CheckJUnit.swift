import KVMStages

/// A check as JUnit XML, as Jenkins, GitLab and the Surefire schema have it: a suite per trace, a case per expectation.
///
/// A broken expectation is a `failure`. What a trace cannot tell is an `error`, so that no viewer shows it as passed; so is a file that
/// cannot be read. What is not applicable is `skipped`.
public enum CheckJUnit {
  public static func write(_ report: CheckReport, to output: inout some TextOutputStream) {
    let all = Totals(report.traces)
    output.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    // The schema has no number of skipped cases here.
    output.write("<testsuites name=\"kvm-inittrace check\" \(all.verdicts) time=\"0\">\n")
    for trace in report.traces { write(trace, report, to: &output) }
    output.write("</testsuites>\n")
  }

  private struct Totals {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0

    init(_ traces: [TraceCheck]) {
      let counts = CheckReport.Counts(traces)
      failures = counts.failed
      errors = counts.inconclusive + counts.unreadable + counts.damaged
      skipped = counts.notApplicable
      tests = counts.passed + failures + errors + skipped
    }

    var verdicts: String { "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\"" }
    var attributes: String { verdicts + " skipped=\"\(skipped)\"" }
  }

  private static func write(_ trace: TraceCheck, _ report: CheckReport, to output: inout some TextOutputStream) {
    let path = XMLText.escaped(trace.path)
    output.write("  <testsuite name=\"\(path)\" \(Totals([trace]).attributes) time=\"0\">\n")
    if let problem = trace.problem {
      let text = XMLText.escaped(problem)
      let type = trace.isUnreadable ? "unreadable" : "damaged"
      output.write("    <testcase name=\"\(TraceCheck.wholeness)\" classname=\"\(path)\" time=\"0\">\n")
      output.write("      <error type=\"\(type)\" message=\"\(text)\">\(text)</error>\n    </testcase>\n")
    }
    for result in trace.results { write(result, path: path, report, to: &output) }
    output.write("  </testsuite>\n")
  }

  private static func write(_ result: ExpectationResult, path: String, _ report: CheckReport, to output: inout some TextOutputStream) {
    let set = result.set.map { "\($0): " } ?? ""
    let title = "    <testcase name=\"\(XMLText.escaped(set + result.fullTitle))\" classname=\"\(path)\" time=\"0\""
    let message = XMLText.escaped(result.comparison)
    switch result.outcome {
    case .pass: output.write(title + "/>\n")
    case .fail: output.write(title + ">\n" + problem("failure", type: "broken", message, result, report))
    case .inconclusive: output.write(title + ">\n" + problem("error", type: "inconclusive", message, result, report))
    case .notApplicable:
      let reason = XMLText.escaped(result.reason ?? "not applicable")
      output.write(title + ">\n      <skipped message=\"\(reason)\"/>\n    </testcase>\n")
    }
  }

  private static func problem(_ element: String, type: String, _ message: String, _ result: ExpectationResult, _ report: CheckReport)
    -> String
  {
    let body = result.story(of: report.expectations).map(XMLText.escaped).joined(separator: "\n")
    return "      <\(element) type=\"\(type)\" message=\"\(message)\">\(body)</\(element)>\n    </testcase>\n"
  }
}
