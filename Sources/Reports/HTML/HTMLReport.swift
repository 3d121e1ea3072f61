import CallTrees
import KVMStages

/// The report as a page to be mailed: one file that holds all, loads nothing, and shows verdict, failure and stages without scripts, too.
///
/// Traces are written one by one, so that each can be dropped before the next is read.
public struct HTMLReport {
  private let traces: Int
  private let options: ReportOptions
  private var html = HTMLWriter()
  private var explanations = StageExplanations()
  private var frame: HTMLFrame?
  private var written = 0
  private var runs = 0

  /// Calls that a page holds, at most: 200,000 are unpacked in less than a second, and are one to two megabytes.
  private let budget: Int
  private static let leastPerRun = 2000

  /// - Parameters:
  ///   - traces: how many there will be, at most.
  ///   - calls: calls that the page may hold; shorter ones are folded.
  public init(traces: Int = 1, calls: Int = 200_000, options: ReportOptions = ReportOptions()) {
    var options = options
    options.color = false
    options.unicode = true
    (self.traces, self.options, budget) = (max(1, traces), options, calls)
  }

  /// Writes the report of one recording.
  public mutating func write(_ recording: Recording, _ analysis: Analysis, to output: inout some TextOutputStream) {
    let count = analysis.runs.count
    let parts = analysis.runs.enumerated().map { index, run in
      RunHTML(recording, run, prefix: "run-\(runs + index + 1)", number: count > 1 ? index + 1 : nil, options: options)
    }
    runs += count
    written += 1
    begin(title: parts.first?.title ?? "no run", more: count > 1 || traces > 1)
    if parts.count > 1 { writeLinks(to: parts) }
    let share = max(Self.leastPerRun, budget / traces / max(1, parts.count))
    lazy var sections = TreeSections(recording, analysis.runs, stageID: options.stageID)
    lazy var events = EventIndex(recording, verbose: false)
    for (index, part) in parts.enumerated() {
      part.write(sections[index], events: events, budget: share, to: &html, explanations: &explanations, draining: &output)
    }
    embed(recording, analysis)
    html.drain(into: &output)
  }

  /// Ends the page; nothing when no trace was written.
  public mutating func finish(to output: inout some TextOutputStream) {
    guard let frame else { return }
    explanations.write(to: &html)
    frame.end(&html)
    html.drain(into: &output)
  }

  private mutating func begin(title: String, more: Bool) {
    guard frame == nil else { return }
    let frame = HTMLFrame(kind: "report", title: title + (more ? ", and more" : "") + " · kvm-inittrace")
    frame.begin(&html)
    self.frame = frame
  }

  private mutating func writeLinks(to parts: [RunHTML]) {
    html.element("nav", ["class": "runs", "aria-label": "Runs of this trace"]) { html in
      html.element("ul") { html in
        for part in parts {
          html.element("li") { html in html.element("a", ["href": "#\(part.prefix)"], part.title) }
        }
      }
    }
  }

  private mutating func embed(_ recording: Recording, _ analysis: Analysis) {
    var text = ""
    JSONReport.write(recording, analysis, pretty: false, to: &text)
    html.embed(text, id: written == 1 ? "report" : "report-\(written)", what: "report", command: "report")
  }
}
