import CallTrees
import KVMStages

/// The report for an issue, a pull request, or a CI summary.
public enum MarkdownReport {
  /// Writes the report of one recording; the call tree, on demand, folded in `<details>`.
  public static func write(
    _ recording: Recording, _ analysis: Analysis, options: ReportOptions = ReportOptions(), to output: inout some TextOutputStream
  ) {
    var options = options
    options.color = false
    options.unicode = true
    let trees = options.showTree && !options.quiet ? RunTrees(recording, analysis.runs, options: options) : nil
    for (index, run) in analysis.runs.enumerated() {
      output.write(MarkdownRun(recording, run, options: options).text)
      guard let trees else { continue }
      output.write("<details><summary>Call tree</summary>\n\n```text")
      var page = Page(options)
      trees.write(index, on: &page, to: &output)
      page.drain(into: &output)
      output.write("```\n\n</details>\n\n")
    }
  }
}

/// One run as Markdown, without its call tree.
struct MarkdownRun {
  private let facts: RunFacts
  private let run: Run
  private let options: ReportOptions
  private let glyphs = Glyphs(unicode: true)

  init(_ recording: Recording, _ run: Run, options: ReportOptions) {
    facts = RunFacts(recording: recording, run: run, glyphs: glyphs)
    self.run = run
    self.options = options
  }

  var text: String {
    var text = verdict + "\n"
    for sentence in facts.integrity { text += "> **Integrity:** \(MarkdownText.plain(sentence))\n>\n" }
    if !facts.integrity.isEmpty { text += "\n" }
    guard !options.quiet else { return text }
    if facts.tellsReason(verbose: options.verbose) { text += MarkdownText.plain(run.reason) + "\n\n" }
    text += MarkdownText.plain(facts.facts(verbose: options.verbose)) + "\n\n"
    if options.verbose, !facts.recorderLines.isEmpty {
      for line in facts.recorderLines { text += "- \(MarkdownText.plain(line.label)): \(MarkdownText.plain(line.text))\n" }
      text += "\n"
    }
    for note in run.notes { text += "- Note: \(MarkdownText.plain(note))\n" }
    if !run.notes.isEmpty { text += "\n" }
    if let failure = run.failure { text += self.text(of: failure) }
    return text + MarkdownStages(run, glyphs: glyphs, verbose: options.verbose).text
  }

  private var verdict: String {
    let error = facts.errorName.isEmpty ? "" : " (\(MarkdownText.code(facts.errorName)))"
    let time = facts.duration.isEmpty ? "" : " \(facts.duration)"
    return "### \(MarkdownText.code(facts.subject)): \(facts.verdictWord)\(MarkdownText.plain(facts.detail))\(error)\(time)\n"
  }

  // MARK: failure

  private func text(of failure: Failure) -> String {
    var text = failure.inferred ? FailureText.inferredRemark + "\n\n" : ""
    if !failure.path.isEmpty { text += MarkdownText.block(pathLines(failure.path)) + "\n" }
    for evidence in failure.evidenceText { text += "- Evidence: \(MarkdownText.plain(evidence))\n" }
    for line in failure.log { text += "- Kernel log: \(MarkdownText.code(line))\n" }
    if let cause = failure.cause { text += "- **Likely cause:** \(MarkdownText.plain(cause))\n" }
    if let remedy = failure.remedy { text += "- **What to do:** \(MarkdownText.plain(remedy))\n" }
    return text + "\n"
  }

  private func pathLines(_ path: [PathStep]) -> [String] {
    path.enumerated().map { level, step in
      let result = step.result.map { " [\(Quantity.result($0))]" } ?? ""
      return Columns.spaces(2 * min(level, 40)) + step.function + (FailureText.role(of: step) ?? "") + result
    }
  }
}
