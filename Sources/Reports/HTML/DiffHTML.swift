import KVMStages

/// A comparison as a page to be mailed: one file that loads nothing; all tables are there without scripts, too.
public enum DiffHTML {
  /// - Parameter diffs: one per module.
  public static func write(_ diffs: [RunDiff], options: ReportOptions, to output: inout some TextOutputStream) {
    var html = HTMLWriter()
    var explanations = StageExplanations()
    let parts = diffs.enumerated().map { OneDiffHTML($1, prefix: "diff-\($0 + 1)", options: options) }
    let title = (parts.first?.title ?? "nothing to compare") + (parts.count > 1 ? ", and more" : "")
    let frame = HTMLFrame(kind: "diff", title: title + " · kvm-inittrace")
    frame.begin(&html)
    for part in parts {
      part.write(to: &html, explanations: &explanations)
      html.drain(into: &output)
    }
    explanations.write(to: &html)
    var json = ""
    DiffJSON.write(diffs, pretty: false, to: &json)
    html.embed(json, id: "report", what: "comparison", command: "diff")
    frame.end(&html)
    html.drain(into: &output)
  }
}

/// The comparison of one module.
private struct OneDiffHTML {
  private let diff: RunDiff
  private let wording: DiffWording
  private let prefix: String
  private let options: ReportOptions

  init(_ diff: RunDiff, prefix: String, options: ReportOptions) {
    (self.diff, self.prefix, self.options) = (diff, prefix, options)
    wording = DiffWording(diff: diff, glyphs: Glyphs(unicode: true))
  }

  var title: String { "\(wording.subject), \(wording.kernels): \(wording.verdict)" }

  func write(to html: inout HTMLWriter, explanations: inout StageExplanations) {
    html.begin("section", ["class": "run diff", "id": prefix, "aria-labelledby": "\(prefix)-verdict"])
    writeHead(to: &html)
    if !options.quiet {
      writeSides(to: &html)
      if !wording.notes.isEmpty {
        html.element("ul", ["class": "integrity"]) { html in for note in wording.notes { html.element("li", "! \(note)") } }
      }
      DiffStagesHTML(diff, wording: wording, prefix: prefix, verbose: options.verbose).write(to: &html, explanations: &explanations)
      if let remark = wording.timesRemark { html.element("p", ["class": "quiet"], remark) }
      DiffCallsHTML(diff, wording: wording, prefix: prefix, options: options).write(to: &html)
    }
    html.end("section")
  }

  private func writeHead(to html: inout HTMLWriter) {
    html.element("h2", ["id": "\(prefix)-verdict", "class": "verdict"]) { html in
      html.text("\(wording.subject), \(wording.kernels): ")
      html.element("strong", ["class": StageTableHTML.tone(wording.verdictStyle)], wording.verdict)
      if !wording.summary.isEmpty { html.text((diff.isDifferent ? " in " : ": ") + wording.summary) }
    }
    html.json(id: "\(prefix)-story", class: "story-text") { $0.string(story) }
  }

  /// The comparison as the text report tells it.
  private var story: String {
    var text = ""
    DiffText.write([diff], options: ReportOptions(), to: &text)
    return text
  }

  private func writeSides(to html: inout HTMLWriter) {
    html.element("dl", ["class": "story sides"]) { html in
      for (side, label) in [(diff.before, "before"), (diff.after, "after")] {
        html.element("dt", label)
        html.element("dd") { html in
          html.element("code", wording.paths(of: side))
          html.text(": \(wording.outcome(of: side))")
        }
      }
      for fact in wording.configuration {
        html.element("dt", fact.name)
        html.element("dd", ["class": "log"], fact.text)
      }
      for line in wording.failures.flatMap(FailureText.differing) {
        html.element("dt", line.label)
        html.element("dd", ["class": line.isAdvice ? nil : "log"], line.text)
      }
    }
  }
}
