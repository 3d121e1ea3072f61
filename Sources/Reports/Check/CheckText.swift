import KVMStages

/// A check for a person: a line per trace, a line per expectation that did not pass, and a summary last.
public enum CheckText {
  /// - Parameter options: `verbose` shows every expectation, `quiet` only traces that did not pass, and the summary.
  public static func write(_ report: CheckReport, options: ReportOptions, to output: inout some TextOutputStream) {
    var page = Page(options)
    for trace in report.traces {
      if options.quiet && trace.outcome == .pass { continue }
      writeTrace(trace, report, verbose: options.verbose, to: &page)
      if page.isFull { page.drain(into: &output) }
    }
    if report.traces.count > 1 || options.verbose || report.exitStatus != 0 { page.blank() }
    let counts = CheckReport.Counts(report.traces)
    page.paragraph(summary(report, counts), style: report.exitStatus == 0 ? .good : counts.failed > 0 ? .bad : .warning)
    page.drain(into: &output)
  }

  private static func writeTrace(_ trace: TraceCheck, _ report: CheckReport, verbose: Bool, to page: inout Page) {
    writeHeading(trace, to: &page)
    if let problem = trace.problem { page.paragraph(indent: 7, page.safe(problem), style: .warning) }
    for result in trace.results where verbose || result.outcome == .fail || result.outcome == .inconclusive {
      write(result, report, to: &page)
    }
  }

  /// The path stays whole: it is what a reader looks for.
  private static func writeHeading(_ trace: TraceCheck, to page: inout Page) {
    let word = trace.isUnreadable ? "ERROR  " : self.word(trace.outcome)
    let style = style(trace.isUnreadable ? .fail : trace.outcome)
    let (path, outline) = (page.safe(trace.path), page.safe(outline(trace)))
    if Columns.width(word + path + outline) + 2 <= page.columns {
      page.line((word, style), (path, .strong), ("  " + outline, .plain))
    } else {
      page.paragraph(label: word, path, labelStyle: style, style: .strong)
      page.paragraph(indent: Columns.width(word), outline)
    }
  }

  private static func write(_ result: ExpectationResult, _ report: CheckReport, to page: inout Page) {
    page.paragraph(
      indent: 2, label: sign(result.outcome, page.glyphs) + " ", page.safe("\(result.fullTitle): \(result.comparison)"),
      labelStyle: style(result.outcome))
    guard result.outcome == .fail || result.outcome == .inconclusive else { return }
    if let reason = result.reason { page.paragraph(indent: 4, label: "why: ", page.safe(reason), labelStyle: .faint) }
    let place = result.placeText(page.glyphs)
    if !place.isEmpty { page.paragraph(indent: 4, label: "where: ", page.safe(place), labelStyle: .faint) }
    if let line = result.line {
      let set = result.set.map { " (\($0))" } ?? ""
      page.paragraph(indent: 4, label: "expected by: ", page.safe("\(report.expectations):\(line)\(set)"), labelStyle: .faint)
    }
  }

  /// `kvm_amd ok on 6.12.107: 12 passed`.
  private static func outline(_ trace: TraceCheck) -> String {
    guard !trace.isUnreadable else { return "cannot be read" }
    return trace.summary + (trace.kernel.map { " on \($0)" } ?? "") + ": " + list(CheckReport.Counts([trace]))
  }

  private static func list(_ counts: CheckReport.Counts) -> String {
    var parts = ["\(counts.passed) passed"]
    if counts.failed > 0 { parts.append("\(counts.failed) failed") }
    if counts.inconclusive > 0 { parts.append("\(counts.inconclusive) inconclusive") }
    return parts.joined(separator: ", ")
  }

  /// `58 traces, 412 expectations: 410 passed, 1 failed, 1 inconclusive`.
  private static func summary(_ report: CheckReport, _ counts: CheckReport.Counts) -> String {
    var text = Quantity.count(report.traces.count, "trace") + ", " + Quantity.count(counts.expectations, "expectation") + ": "
    text += "\(Quantity.count(counts.passed)) passed, \(Quantity.count(counts.failed)) failed, "
    text += "\(Quantity.count(counts.inconclusive)) inconclusive"
    if counts.damaged > 0 { text += "; \(Quantity.count(counts.damaged, "trace is", plural: "traces are")) damaged" }
    if counts.unreadable > 0 { text += "; \(Quantity.count(counts.unreadable, "file")) cannot be read" }
    return text
  }

  private static func word(_ outcome: ExpectationResult.Outcome) -> String {
    switch outcome {
    case .pass, .notApplicable: "PASS   "
    case .fail: "FAIL   "
    case .inconclusive: "UNTOLD "
    }
  }

  private static func sign(_ outcome: ExpectationResult.Outcome, _ glyphs: Glyphs) -> String {
    switch outcome {
    case .pass: glyphs.unicode ? "✓" : "+"
    case .fail: glyphs.unicode ? "✗" : "X"
    case .inconclusive: "?"
    case .notApplicable: "-"
    }
  }

  private static func style(_ outcome: ExpectationResult.Outcome) -> Style {
    switch outcome {
    case .pass: .good
    case .fail: .bad
    case .inconclusive: .warning
    case .notApplicable: .faint
    }
  }
}
