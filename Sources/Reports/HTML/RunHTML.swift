import CallTrees
import KVMStages

/// One run on a page: the sections of the text report, and a timeline and the calls as drawings.
struct RunHTML {
  private let recording: Recording
  private let run: Run
  private let facts: RunFacts
  private let options: ReportOptions
  /// Of ids on the page, for this run.
  let prefix: String
  private let number: Int?
  private let links: SourceLinks
  private let colours: StageColours
  private let glyphs = Glyphs(unicode: true)

  /// - Parameters:
  ///   - prefix: of ids on the page, for this run.
  ///   - number: of the run in its trace, where that has several.
  init(_ recording: Recording, _ run: Run, prefix: String, number: Int?, options: ReportOptions) {
    (self.recording, self.run, self.prefix, self.number, self.options) = (recording, run, prefix, number, options)
    facts = RunFacts(recording: recording, run: run, glyphs: glyphs)
    links = SourceLinks(kernel: recording.source.kernel)
    colours = StageColours(run.stages)
  }

  /// The verdict as one line, for titles and links.
  var title: String {
    let error = facts.errorName.isEmpty ? "" : " (\(facts.errorName))"
    return (number.map { "\($0). " } ?? "") + "\(facts.subject): \(facts.verdictWord)\(facts.detail)\(error)"
  }

  // MARK: sections

  /// Writes the run; what is large goes to `output` piece by piece.
  ///
  /// - Parameters:
  ///   - sections: what is shown of the run's calls; asked for unless only verdicts are shown, as are the events.
  ///   - events: those of all runs.
  ///   - budget: calls and folds that are held, at most.
  func write(
    _ sections: @autoclosure () -> [TreeSection], events: @autoclosure () -> EventIndex, budget: Int, to html: inout HTMLWriter,
    explanations: inout StageExplanations,
    draining output: inout some TextOutputStream
  ) {
    html.begin("section", ["class": "run", "id": prefix, "aria-labelledby": "\(prefix)-verdict", "data-verdict": run.verdict.rawValue])
    writeVerdict(to: &html)
    writeIntegrity(to: &html)
    if !options.quiet {
      writeFacts(to: &html)
      if let failure = run.failure { FailureHTML(failure: failure, links: links, prefix: prefix).write(to: &html) }
      html.drain(into: &output)
      writeStages(losses: events().losses.byStart, to: &html, explanations: &explanations)
      html.drain(into: &output)
      CallsHTML(recording, run, sections: sections(), colours: colours, links: links, prefix: prefix, options: options)
        .write(budget: budget, to: &html)
      html.drain(into: &output)
      EventsHTML(recording, run, events: events(), glyphs: glyphs, prefix: prefix).write(to: &html)
      writeRecorder(to: &html)
    }
    html.end("section")
    html.drain(into: &output)
  }

  private func writeVerdict(to html: inout HTMLWriter) {
    html.element("p", ["class": "source"], recording.source.path)
    html.element("h2", ["id": "\(prefix)-verdict", "class": "verdict"]) { html in
      html.text((number.map { "\($0). " } ?? "") + facts.subject + ": ")
      html.element("strong", ["class": Self.tone(run.verdict)], facts.verdictWord)
      html.text(facts.detail)
      if !facts.errorName.isEmpty { html.text(" (\(facts.errorName))") }
      if !facts.duration.isEmpty { html.element("span", ["class": "duration"], " " + facts.duration) }
    }
    // The same as text, for who wants to paste it.
    html.json(id: "\(prefix)-story", class: "story-text") { $0.string(TextReport.story(of: run, recording)) }
  }

  private static func tone(_ verdict: Verdict) -> String {
    switch verdict {
    case .ok: "good"
    case .failed: "bad"
    case .incomplete, .unknown: "warn"
    }
  }

  private func writeIntegrity(to html: inout HTMLWriter) {
    guard !facts.integrity.isEmpty else { return }
    html.element("ul", ["class": "integrity", "aria-label": "Integrity of the trace"]) { html in
      for sentence in facts.integrity {
        html.element("li") { html in
          html.element("span", ["class": "sign", "aria-hidden": "true"], "! ")
          html.text(sentence)
        }
      }
    }
  }

  private func writeFacts(to html: inout HTMLWriter) {
    if facts.tellsReason(verbose: options.verbose) { html.element("p", ["class": "reason"], run.reason) }
    html.element("p", ["class": "facts"], facts.facts(verbose: true))
    for note in run.notes { html.element("p", ["class": "remark"], "note: \(note)") }
  }

  private func writeStages(losses: [Loss], to html: inout HTMLWriter, explanations: inout StageExplanations) {
    if let timeline = Timeline(recording, run, losses: losses) {
      TimelineHTML(timeline, run: run, colours: colours, glyphs: glyphs, prefix: prefix).write(to: &html)
    } else if run.rootRow != nil {
      let reason = "the trace does not tell when its calls started, or how long the run took"
      html.element("p", ["class": "quiet no-timeline"], "No timeline: \(reason).")
    }
    let table = StageTableHTML(run, colours: colours, links: links, glyphs: glyphs, prefix: prefix, verbose: options.verbose)
    var ids: [String: String] = [:]
    for result in run.stages {
      let stage = result.stage
      ids[stage.id] = explanations.id(of: stage, kernel: run.version, vendor: run.vendor, isTold: table.told.contains(stage.id))
    }
    table.write(to: &html) { ids[$0.id] ?? "explanations" }
  }

  private func writeRecorder(to html: inout HTMLWriter) {
    guard !facts.recorderLines.isEmpty else { return }
    html.section("recorder", id: "\(prefix)-recorder", title: "How it was recorded") { html in
      html.element("dl") { html in
        for line in facts.recorderLines {
          html.element("dt", line.label)
          html.element("dd", line.text)
        }
      }
    }
  }
}
