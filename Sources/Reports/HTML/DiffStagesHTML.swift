import KVMStages

/// The stages of both sides beside each other.
struct DiffStagesHTML {
  private let diff: RunDiff
  private let wording: DiffWording
  private let prefix: String
  private let verbose: Bool
  private let changes: [StageChange]
  private let unreached: [DiffStageTable.Unreached]

  /// - Parameter prefix: of ids on the page, for this comparison.
  init(_ diff: RunDiff, wording: DiffWording, prefix: String, verbose: Bool) {
    (self.diff, self.wording, self.prefix, self.verbose) = (diff, wording, prefix, verbose)
    changes = diff.stages.filter { $0.kind != .same || $0.before?.exists ?? false || $0.after?.exists ?? false }
    unreached = DiffStageTable.unreached(in: diff)
  }

  /// Ids of the stages that the text tells in one line, or counts.
  private var untold: Set<String> {
    Set(unreached.flatMap(\.stages).map(\.stage.id)).union(changes.filter { $0.kind == .same }.map(\.stage.id))
  }

  func write(to html: inout HTMLWriter, explanations: inout StageExplanations) {
    guard !changes.isEmpty else { return }
    let untold = untold
    var ids: [String: String] = [:]
    for change in changes {
      let side = change.after?.exists ?? false ? diff.after : diff.before
      ids[change.stage.id] = explanations.id(
        of: change.stage, kernel: side.version, vendor: side.vendor, isTold: !untold.contains(change.stage.id))
    }
    html.section("stages", id: "\(prefix)-stages", title: "Stages") { html in
      if !untold.isEmpty {
        let label = "also the \(Quantity.count(untold.count, "stage")) that are the same, or were not reached"
        html.stagesSwitch(label, prefix: prefix, isOn: verbose)
      }
      html.table("diff-table sortable", under: "\(prefix)-stages") { html in
        writeHead(to: &html)
        html.element("tbody") { html in
          for change in changes { write(change, ids[change.stage.id] ?? "", isTold: !untold.contains(change.stage.id), to: &html) }
        }
      }
      for group in unreached { html.element("p", ["class": "group"], group.text) }
      if changes.allSatisfy({ $0.kind == .same }) { html.element("p", ["class": "group"], "All stages are the same.") }
    }
  }

  private func writeHead(to html: inout HTMLWriter) {
    html.element("thead") { html in
      html.element("tr") { html in
        for (text, kind) in [
          ("Change", "text"), ("§", "natural"), ("Stage", "text"), ("Before", "number"), ("After", "number"), ("Difference", "number"),
          ("", ""), ("Why", "text"),
        ] {
          html.element("th", ["scope": "col", "class": kind == "number" ? "number" : nil, "data-sort": kind.isEmpty ? nil : kind]) { html in
            html.element("span", ["class": text.isEmpty ? "hidden-text" : nil], text.isEmpty ? "Times as bars" : text)
          }
        }
      }
    }
  }

  private func write(_ change: StageChange, _ explanation: String, isTold: Bool, to html: inout HTMLWriter) {
    let tone = StageTableHTML.tone(DiffWording.style(change))
    html.element("tr", ["class": "change-\(change.kind.rawValue) \(tone)\(isTold ? "" : " untold")", "data-stage": change.stage.id]) {
      html in
      html.element("td", ["class": "status"]) { html in
        html.element("span", ["class": "sign", "aria-hidden": "true"], DiffWording.sign(change.kind))
        html.text(" " + wording.word(change))
      }
      html.element("td", ["class": "section"], change.stage.section ?? "")
      html.element("th", ["scope": "row", "class": "stage"]) { html in
        html.element("a", ["class": "explain", "href": "#\(explanation)"], change.stage.title)
      }
      html.number(wording.cell(change.before), change.before?.duration.median)
      html.number(wording.cell(change.after), change.after?.duration.median)
      html.number(wording.delta(change), difference(change))
      html.element("td", ["class": "pair"]) { html in writeBars(change, to: &html) }
      html.element("td", ["class": "why"], change.reasons.joined(separator: "; "))
    }
  }

  private func difference(_ change: StageChange) -> Int64? {
    guard let old = change.before?.duration.median, let new = change.after?.duration.median else { return nil }
    return Int64(clamping: new).subtractingReportingOverflow(Int64(clamping: old)).partialValue
  }

  /// Both times to one scale, the side before above the side after.
  private func writeBars(_ change: StageChange, to html: inout HTMLWriter) {
    guard let old = change.before?.duration.median, let new = change.after?.duration.median, max(old, new) > 0 else { return }
    let scale = Scale(start: 0, length: max(old, new))
    html.element("svg", ["width": "100%", "height": "11", "aria-hidden": "true"]) { html in
      html.element("rect", ["class": "before", "width": scale.width(from: 0, for: old), "height": "5"])
      html.element("rect", ["class": "after", "y": "6", "width": scale.width(from: 0, for: new), "height": "5"])
    }
  }
}
