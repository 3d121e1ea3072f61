import KVMStages

/// The calls that differ, both sides aligned: a call stands in the column of each side that makes it.
struct DiffCallsHTML {
  private let diff: RunDiff
  private let prefix: String
  private let lines: [DiffCalls.Line]
  private let before: SourceLinks
  private let after: SourceLinks

  /// - Parameter prefix: of ids on the page, for this comparison.
  init(_ diff: RunDiff, wording: DiffWording, prefix: String, options: ReportOptions) {
    (self.diff, self.prefix) = (diff, prefix)
    lines = DiffCalls(diff.calls, wording: wording, maxDepth: options.maxDepth, verbose: options.verbose).lines
    before = SourceLinks(kernel: diff.before.kernels.count == 1 ? diff.before.kernels.first : nil)
    after = SourceLinks(kernel: diff.after.kernels.count == 1 ? diff.after.kernels.first : nil)
  }

  func write(to html: inout HTMLWriter) {
    guard !lines.isEmpty else { return }
    let title = "Calls that differ: \(Quantity.count(diff.calls.differences, "place"))"
    html.section("diff-calls", id: "\(prefix)-calls", title: title) { html in
      html.table("call-table", under: "\(prefix)-calls") { html in
        html.element("thead") { html in
          html.element("tr") { html in
            for heading in ["Change", "Before", "After", "What"] { html.element("th", ["scope": "col"], heading) }
          }
        }
        html.element("tbody") { html in for line in lines { write(line, to: &html) } }
      }
    }
  }

  private func write(_ line: DiffCalls.Line, to html: inout HTMLWriter) {
    let change = line.change
    let tone = StageTableHTML.tone(DiffCalls.style(change.kind))
    html.element("tr", ["class": "call-\(change.kind.rawValue) \(tone)"]) { html in
      html.element("td", ["class": "status"]) { html in
        html.element("span", ["class": "sign", "aria-hidden": "true"], line.sign)
        html.text(change.kind == .context ? "" : " " + change.kind.rawValue)
      }
      writeSide(change.before, change, before, to: &html)
      writeSide(change.after, change, after, to: &html)
      html.element("td", ["class": "why"], line.detail)
    }
  }

  private func writeSide(_ names: [String], _ change: CallChange, _ links: SourceLinks, to html: inout HTMLWriter) {
    html.element("td", ["class": "call d\(min(max(change.level, 0), 12))"]) { html in
      for (index, name) in names.enumerated() {
        if index > 0 { html.text(", ") }
        links.write(change.module.map { "\(name) [\($0)]" } ?? name, to: &html)
      }
    }
  }
}
