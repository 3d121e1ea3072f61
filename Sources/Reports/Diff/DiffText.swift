import KVMStages

/// A comparison for people: which stages differ and why, then the calls.
public enum DiffText {
  /// - Parameter diffs: one per module.
  public static func write(_ diffs: [RunDiff], options: ReportOptions, to output: inout some TextOutputStream) {
    var page = Page(options)
    for (index, diff) in diffs.enumerated() {
      if index > 0 { page.blank() }
      OneDiffText(diff, options: options).write(to: &page)
    }
    page.drain(into: &output)
  }
}

private struct OneDiffText {
  let diff: RunDiff
  let options: ReportOptions
  let wording: DiffWording

  init(_ diff: RunDiff, options: ReportOptions) {
    self.diff = diff
    self.options = options
    wording = DiffWording(diff: diff, glyphs: Glyphs(unicode: options.unicode))
  }

  func write(to page: inout Page) {
    writeHead(to: &page)
    guard !options.quiet else { return }
    writeSides(to: &page)
    for note in wording.notes { page.paragraph(indent: 2, label: "! ", page.safe(note), labelStyle: .warning, style: .warning) }
    DiffStageTable(diff, wording: wording, verbose: options.verbose).write(to: &page)
    if let remark = wording.timesRemark, diff.differentStages > 0 || options.verbose {
      page.paragraph(indent: 2, remark, style: .faint)
    }
    DiffCalls(diff.calls, wording: wording, maxDepth: options.maxDepth, verbose: options.verbose).write(to: &page)
  }

  /// On two lines where one is too short.
  private func writeHead(to page: inout Page) {
    let lead = "\(page.safe(wording.subject)), \(page.safe(wording.kernels)): "
    let summary = wording.summary.isEmpty ? "" : (diff.isDifferent ? "in " : "") + wording.summary
    let space = summary.isEmpty ? "" : diff.isDifferent ? " " : ": "
    let fits = Columns.width(lead + wording.verdict + space + summary) <= page.columns
    page.line([(lead, .strong), (wording.verdict, wording.verdictStyle), (fits ? space + summary : "", .strong)], flexible: 0)
    if !fits { page.paragraph(indent: 2, summary, style: .strong) }
  }

  private func writeSides(to page: inout Page) {
    for (side, label) in [(diff.before, "before: "), (diff.after, "after:  ")] {
      page.paragraph(indent: 2, label: label, page.safe("\(wording.paths(of: side)): \(wording.outcome(of: side))"), labelStyle: .faint)
    }
    for fact in wording.configuration {
      page.paragraph(indent: 2, label: page.safe(fact.name) + ": ", page.safe(fact.text), labelStyle: .faint)
    }
    for line in wording.failures.flatMap(FailureText.differing) {
      page.paragraph(indent: 2, label: line.label + ": ", page.safe(line.text), labelStyle: line.isAdvice ? .strong : .faint)
    }
  }
}
