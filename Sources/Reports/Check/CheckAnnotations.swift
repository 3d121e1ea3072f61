import KVMStages

/// A check as commands of GitHub Actions, which shows them beside the lines of the expectations file.
public enum CheckAnnotations {
  /// Writes an error for each expectation that broke and each file that cannot be read, and a warning for each that is inconclusive.
  public static func write(_ report: CheckReport, to output: inout some TextOutputStream) {
    for trace in report.traces {
      if let problem = trace.problem {
        command("error", file: trace.path, line: nil, title: TraceCheck.wholeness, problem, to: &output)
      }
      for result in trace.results where result.outcome == .fail || result.outcome == .inconclusive {
        var text = "\(trace.path): \(result.comparison)"
        if let reason = result.reason { text += "\n\(reason)" }
        let place = result.placeText()
        if !place.isEmpty { text += "\nwhere: \(place)" }
        let isBroken = result.outcome == .fail
        // A trace is no text that could be shown.
        let file = result.line == nil ? trace.path : report.expectations
        command(
          isBroken ? "error" : "warning", file: file, line: result.line, title: (isBroken ? "" : "inconclusive: ") + result.fullTitle, text,
          to: &output)
      }
    }
  }

  private static func command(
    _ name: String, file: String, line: Int?, title: String, _ text: String, to output: inout some TextOutputStream
  ) {
    let place = "file=\(property(file))" + (line.map { ",line=\($0)" } ?? "")
    output.write("::\(name) \(place),title=\(property(title))::\(data(text))\n")
  }

  /// As GitHub's toolkit escapes the text of a command.
  private static func data(_ text: String) -> String {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { escaped(String($0), ["%": "%25"]) }.joined(separator: "%0A")
  }

  /// And a property's value.
  private static func property(_ text: String) -> String { escaped(text, ["%": "%25", ":": "%3A", ",": "%2C"]) }

  private static func escaped(_ text: String, _ escapes: [Unicode.Scalar: String]) -> String {
    TerminalText.escaped(text).unicodeScalars.reduce(into: "") { $0 += escapes[$1] ?? String($1) }
  }
}
