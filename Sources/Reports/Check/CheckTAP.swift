import KVMStages

/// A check in the Test Anything Protocol, version 14: a test point per expectation, without subtests.
///
/// The lines are KTAP's too, but for the first one: plan first, `# SKIP` for what is not applicable, and what is to be said of a test in
/// lines of `#` below it.
public enum CheckTAP {
  public static func write(_ report: CheckReport, to output: inout some TextOutputStream) {
    let points = report.traces.reduce(0) { $0 + $1.results.count + ($1.problem == nil ? 0 : 1) }
    output.write("TAP version 14\n1..\(points)\n")
    var number = 0
    for trace in report.traces {
      let path = escaped(trace.path)
      if let problem = trace.problem {
        number += 1
        output.write("not ok \(number) - \(path): \(TraceCheck.wholeness)\n# \(TerminalText.escaped(problem))\n")
      }
      for result in trace.results {
        number += 1
        write(result, number, path, report, to: &output)
      }
    }
  }

  private static func write(
    _ result: ExpectationResult, _ number: Int, _ path: String, _ report: CheckReport, to output: inout some TextOutputStream
  ) {
    let title = "\(number) - \(path): \(escaped(result.fullTitle))"
    switch result.outcome {
    case .pass: output.write("ok \(title)\n")
    case .notApplicable: output.write("ok \(title) # SKIP \(TerminalText.escaped(result.reason ?? ""))\n")
    case .fail, .inconclusive:
      output.write("not ok \(title)\n")
      var remark = result.outcome == .inconclusive ? "inconclusive: " : ""
      for line in result.story(of: report.expectations) {
        output.write("# \(TerminalText.escaped(remark + line))\n")
        remark = ""
      }
    }
  }

  /// A `#` would begin a directive.
  private static func escaped(_ text: String) -> String {
    TerminalText.escaped(text).unicodeScalars.reduce(into: "") { escaped, scalar in
      if scalar == "\\" || scalar == "#" { escaped += "\\" }
      escaped.unicodeScalars.append(scalar)
    }
  }
}
