import CallTrees
import KVMStages

/// The report for a person at a terminal.
public enum TextReport {
  /// Writes the report of one recording: for each run its verdict, what the trace lacks, the failure, the stages, and on demand the
  /// call tree.
  public static func write(
    _ recording: Recording, _ analysis: Analysis, options: ReportOptions = ReportOptions(), to output: inout some TextOutputStream
  ) {
    var page = Page(options)
    let trees = options.showTree && !options.quiet ? RunTrees(recording, analysis.runs, options: options) : nil
    for (index, run) in analysis.runs.enumerated() {
      if index > 0 { page.blank() }
      RunText(recording, run, number: analysis.runs.count > 1 ? index + 1 : nil, options: options).write(to: &page)
      page.drain(into: &output)
      trees?.write(index, on: &page, to: &output)
    }
    page.drain(into: &output)
  }

  /// The report of a run without its stages, to be pasted into a mail.
  static func story(of run: Run, _ recording: Recording) -> String {
    let options = ReportOptions()
    var page = Page(options)
    RunText(recording, run, number: nil, options: options).writeStory(to: &page)
    return page.text
  }
}

/// One run without its call tree.
struct RunText {
  private let facts: RunFacts
  private let run: Run
  private let number: Int?
  private let options: ReportOptions

  init(_ recording: Recording, _ run: Run, number: Int?, options: ReportOptions) {
    facts = RunFacts(recording: recording, run: run, glyphs: Glyphs(unicode: options.unicode))
    self.run = run
    self.number = number
    self.options = options
  }

  func write(to page: inout Page) {
    writeStory(to: &page)
    guard !options.quiet else { return }
    StageTable(run, glyphs: page.glyphs, verbose: options.verbose, width: page.columns).write(to: &page)
  }

  /// Verdict, integrity, facts and failure.
  func writeStory(to page: inout Page) {
    writeVerdict(to: &page)
    for sentence in facts.integrity { page.paragraph(indent: 2, label: "! ", page.safe(sentence), labelStyle: .warning, style: .warning) }
    guard !options.quiet else { return }
    if facts.tellsReason(verbose: options.verbose) { page.paragraph(indent: 2, page.safe(run.reason), style: .strong) }
    page.paragraph(indent: 2, page.safe(facts.facts(verbose: options.verbose)))
    if options.verbose {
      for line in facts.recorderLines {
        page.paragraph(indent: 2, label: page.safe(line.label) + ": ", page.safe(line.text), labelStyle: .faint)
      }
    }
    for note in run.notes { page.paragraph(indent: 2, label: "note: ", page.safe(note), labelStyle: .faint, style: .faint) }
    if let failure = run.failure { FailureText(failure: failure).write(to: &page) }
  }

  private func writeVerdict(to page: inout Page) {
    let style: Style =
      switch run.verdict {
      case .ok: .good
      case .failed: .bad
      case .incomplete, .unknown: .warning
      }
    let lead = (number.map { "\($0). " } ?? "") + page.safe(facts.subject) + ": "
    let error = facts.errorName.isEmpty ? "" : " (" + page.safe(facts.errorName) + ")"
    let time = facts.duration.isEmpty ? "" : "  " + facts.duration
    page.line(
      [(lead, .strong), (facts.verdictWord, style), (page.safe(facts.detail), .strong), (error, .strong), (time, .plain)], flexible: 2)
  }
}
