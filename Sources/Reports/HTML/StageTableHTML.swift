import KVMStages

/// The stages of a run as a table. What the text report names below its table is there too, hidden until it is asked for.
struct StageTableHTML {
  private let run: Run
  private let colours: StageColours
  private let links: SourceLinks
  private let glyphs: Glyphs
  private let prefix: String
  private let verbose: Bool
  /// Ids of the stages that have a row in the text report.
  let told: Set<String>
  private let groups: [StageListing.Group]

  /// - Parameter prefix: of ids on the page, for this run.
  init(_ run: Run, colours: StageColours, links: SourceLinks, glyphs: Glyphs, prefix: String, verbose: Bool) {
    (self.run, self.colours, self.links, self.glyphs, self.prefix, self.verbose) = (run, colours, links, glyphs, prefix, verbose)
    let listing = StageListing(run.stages, all: false, hint: "")
    told = Set(listing.rows.map(\.stage.id))
    groups = listing.groups
  }

  /// - Parameter explanation: gives the id of a stage's explanation on the page.
  func write(to html: inout HTMLWriter, explanation: (Stage) -> String) {
    guard !run.stages.isEmpty else { return }
    let hidden = run.stages.count { !told.contains($0.stage.id) }
    html.section("stages", id: "\(prefix)-stages", title: "Stages") { html in
      if hidden > 0 {
        html.stagesSwitch("also the \(Quantity.count(hidden, "stage")) of which nothing is in this trace", prefix: prefix, isOn: verbose)
      }
      html.table("stage-table sortable", under: "\(prefix)-stages") { html in
        writeHead(to: &html)
        html.element("tbody") { html in
          for result in run.stages { write(StageCells(result, of: run, glyphs: glyphs), explanation(result.stage), to: &html) }
        }
      }
      for group in groups { html.element("p", ["class": "group"], "\(group.label): \(group.items.joined(separator: "; "))") }
    }
  }

  // MARK: rows

  private static let headings: [(text: String, kind: String, name: String?)] = [
    ("§", "natural", "Section"), ("Stage", "text", nil), ("Status", "text", nil), ("@ start", "number", "Start"),
    ("+ time", "number", "Time"), ("Share", "number", nil), ("irq", "number", "Time in interrupts"), ("asleep", "number", nil),
  ]

  private func writeHead(to html: inout HTMLWriter) {
    html.element("thead") { html in
      html.element("tr") { html in
        for heading in Self.headings {
          let name = heading.kind == "number" && heading.text != "Share" ? "number" : nil
          html.element("th", ["scope": "col", "class": name, "data-sort": heading.kind]) { html in
            html.element("span", ["title": heading.name], heading.text)
          }
        }
      }
    }
  }

  private func write(_ cells: StageCells, _ explanation: String, to html: inout HTMLWriter) {
    let result = cells.result
    let isCulprit = run.failure?.stage.id == result.stage.id
    let classes = [
      told.contains(result.stage.id) ? nil : "untold", isCulprit ? "culprit" : cells.merelyHoldsFailure ? "on-path" : nil,
      Self.tone(cells.sign.style),
    ]
    html.element("tr", ["class": classes.compactMap(\.self).joined(separator: " "), "data-stage": result.stage.id]) { html in
      html.element("td", ["class": "section"], result.stage.section ?? "")
      html.element("th", ["scope": "row", "class": "stage l\(min(max(result.level, 0), 8))"]) { html in
        writeTitle(result, explanation, to: &html)
        writeRemarks(cells, to: &html)
      }
      html.element("td", ["class": "status"]) { html in
        html.element("span", ["class": "sign", "aria-hidden": "true"], cells.sign.sign)
        html.text(" " + cells.sign.word)
      }
      html.number(cells.ran ? cells.start.map { "@" + $0 } ?? glyphs.dash : "", cells.offset)
      html.number(cells.ran ? cells.time.map { "+" + $0 } ?? glyphs.dash : "", result.durationNS)
      writeShare(cells, to: &html)
      html.number(cells.interrupts, result.interruptNS > 0 ? result.interruptNS : nil)
      html.number(cells.sleep, result.sleepNS > 0 ? result.sleepNS : nil)
    }
  }

  private func writeTitle(_ result: StageResult, _ explanation: String, to html: inout HTMLWriter) {
    html.element("span", ["class": "swatch \(colours[result.stage].map { "s\($0)" } ?? "s-none")", "aria-hidden": "true"])
    html.element("a", ["class": "explain", "href": "#\(explanation)"], result.stage.title)
    guard let function = result.function else { return }
    html.text(" ")
    html.element("span", ["class": "function"]) { html in links.write(function, to: &html) }
  }

  private func writeRemarks(_ cells: StageCells, to html: inout HTMLWriter) {
    let shares = cells.perCPU(all: verbose)
    if !shares.isEmpty { html.element("div", ["class": "remark"], "per CPU: \(shares)") }
    if let note = cells.result.note, !note.isEmpty { html.element("div", ["class": "remark"], "\(glyphs.arrow) \(note)") }
  }

  // MARK: cells

  /// A bar over the width of the run, where the stage lies in it.
  private func writeShare(_ cells: StageCells, to html: inout HTMLWriter) {
    html.element("td", ["class": "share", "data-value": cells.share.map { "\($0.part)" }]) { html in
      guard let share = cells.share, share.whole > 0 else { return }
      let scale = Scale(start: 0, length: share.whole)
      let start = UInt64(clamping: cells.offset ?? 0)
      html.element(
        "svg",
        [
          "class": colours[cells.result.stage].map { "s\($0)" }, "width": "100%", "height": "10", "role": "img",
          "aria-label": percent(share),
        ]
      ) { html in
        html.element("rect", ["class": "track", "width": "100%", "height": "10"])
        html.element(
          "rect", ["class": "bar", "x": scale.percent(start), "width": scale.width(from: start, for: share.part), "height": "10"])
      }
    }
  }

  private func percent(_ share: (part: UInt64, whole: UInt64)) -> String {
    let percent = Double(share.part) / Double(share.whole) * 100
    if percent > 0, percent < 0.1 { return "less than 0.1 % of the run" }
    // A trace can claim that a step lasts as long as it likes.
    return percent > 1000 ? "more than 1000 % of the run" : Scale.decimal((percent * 10).rounded() / 10) + " % of the run"
  }

  static func tone(_ style: Style) -> String {
    switch style {
    case .good: "good"
    case .bad: "bad"
    case .warning: "warn"
    case .plain, .strong, .faint, .heading: "quiet"
    }
  }
}
