import KVMStages

/// A comparison as Markdown, for a pull request.
public enum DiffMarkdown {
  /// - Parameter diffs: one per module.
  public static func write(_ diffs: [RunDiff], options: ReportOptions, to output: inout some TextOutputStream) {
    for (index, diff) in diffs.enumerated() {
      if index > 0 { output.write("\n") }
      let wording = DiffWording(diff: diff, glyphs: Glyphs(unicode: true))
      writeHead(diff, wording, to: &output)
      guard !options.quiet else { continue }
      writeStages(diff, wording, verbose: options.verbose, to: &output)
      if let remark = wording.timesRemark, diff.differentStages > 0 { output.write("\n\(remark)\n") }
      let calls = DiffCalls(diff.calls, wording: wording, maxDepth: options.maxDepth, verbose: options.verbose)
      writeCalls(calls.lines, count: diff.calls.differences, to: &output)
    }
  }

  private static func writeHead(_ diff: RunDiff, _ wording: DiffWording, to output: inout some TextOutputStream) {
    let summary = wording.summary.isEmpty ? "" : (diff.isDifferent ? " in " : ": ") + wording.summary
    output.write("### \(MarkdownText.plain(wording.subject)), \(MarkdownText.plain(wording.kernels)): \(wording.verdict)\(summary)\n\n")
    for (side, label) in [(diff.before, "before"), (diff.after, "after")] {
      output.write("- \(label): \(MarkdownText.code(wording.paths(of: side))): \(MarkdownText.plain(wording.outcome(of: side)))\n")
    }
    for fact in wording.configuration { output.write("- \(MarkdownText.plain(fact.name)): \(MarkdownText.code(fact.text))\n") }
    for note in wording.notes { output.write("- \(MarkdownText.plain(note))\n") }
    for failure in wording.failures {
      for line in failure.log { output.write("- kernel log: \(MarkdownText.code(line))\n") }
      if let cause = failure.cause { output.write("- likely cause: \(MarkdownText.plain(cause))\n") }
    }
  }

  private static func writeStages(_ diff: RunDiff, _ wording: DiffWording, verbose: Bool, to output: inout some TextOutputStream) {
    let shown = diff.stages.filter { $0.kind != .same || (verbose && $0.after?.exists ?? false) }
    guard !shown.isEmpty else { return }
    output.write("\n| stage | change | before | after | | why |\n|---|---|---:|---:|---:|---|\n")
    for change in shown {
      let cells = [
        change.stage.fullTitle, wording.word(change), wording.cell(change.before), wording.cell(change.after),
        wording.delta(change), change.reasons.joined(separator: "; "),
      ]
      output.write("| " + cells.map(MarkdownText.plain).joined(separator: " | ") + " |\n")
    }
  }

  private static func writeCalls(_ lines: [DiffCalls.Line], count: Int, to output: inout some TextOutputStream) {
    guard !lines.isEmpty else { return }
    let texts = lines.map { line in
      line.sign + " " + Columns.spaces(2 * min(line.change.level, 20)) + line.text + (line.detail.isEmpty ? "" : "  " + line.detail)
    }
    let title = "calls that differ: \(Quantity.count(count, "place"))"
    output.write("\n<details><summary>\(title)</summary>\n\n\(MarkdownText.block(texts, language: "diff"))\n</details>\n")
  }
}
