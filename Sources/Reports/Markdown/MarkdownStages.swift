import KVMStages

/// The stages of a run as a Markdown table.
struct MarkdownStages {
  private let run: Run
  private let glyphs: Glyphs
  private let verbose: Bool
  private let listing: StageListing

  init(_ run: Run, glyphs: Glyphs, verbose: Bool) {
    self.run = run
    self.glyphs = glyphs
    self.verbose = verbose
    listing = StageListing(run.stages, all: verbose)
  }

  var text: String {
    var text = ""
    if !listing.rows.isEmpty {
      text += "| Section | Stage | Status | Start | Time | Share | Interrupts | Asleep | Remarks |\n"
      text += "|:--|:--|:--|--:|--:|:--|--:|--:|:--|\n"
      for result in listing.rows { text += "| " + cells(of: result).joined(separator: " | ") + " |\n" }
      text += "\n"
    }
    for group in listing.groups {
      let items = group.items.map(MarkdownText.plain).joined(separator: "; ")
      text += "- \(MarkdownText.plain(group.label)): \(items)\n"
    }
    return text + (listing.groups.isEmpty ? "" : "\n")
  }

  private func cells(of result: StageResult) -> [String] {
    let indent = String(repeating: "&nbsp;&nbsp;", count: min(result.level, 8))
    let sign = StatusSign(result: result, unicode: true, isCulprit: run.failure?.stage.id == result.stage.id)
    let share = run.durationNS.flatMap { whole in
      result.perCPU.isEmpty ? result.durationNS.map { glyphs.bar($0, of: whole, cells: 6) } : nil
    }
    return [
      MarkdownText.plain(result.stage.section ?? ""), indent + MarkdownText.plain(result.stage.title), MarkdownText.plain(sign.text),
      start(of: result),
      result.durationNS.map { glyphs.time($0) } ?? "", share ?? "", lost(result.interruptNS), lost(result.sleepNS), remarks(on: result),
    ]
  }

  private func start(of result: StageResult) -> String {
    guard let start = result.startNS, let origin = run.startNS else { return "" }
    return start >= origin ? glyphs.time(start - origin) : "-" + glyphs.time(origin - start)
  }

  private func lost(_ nanoseconds: UInt64) -> String { nanoseconds == 0 ? "" : glyphs.time(nanoseconds, digits: 3) }

  private func remarks(on result: StageResult) -> String {
    var remarks: [String] = []
    if !result.perCPU.isEmpty { remarks.append(PerCPUText(result.perCPU, glyphs: glyphs).text(all: verbose)) }
    if let note = result.note, verbose || result.status != .ok { remarks.append(note) }
    return MarkdownText.plain(remarks.joined(separator: "; "))
  }
}
