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
    let cells = StageCells(result, of: run, glyphs: glyphs)
    return [
      MarkdownText.plain(result.stage.section ?? ""), indent + MarkdownText.plain(result.stage.title), MarkdownText.plain(cells.sign.text),
      cells.start ?? "", cells.time ?? "", cells.share.map { glyphs.bar($0.part, of: $0.whole, cells: 6) } ?? "", cells.interrupts,
      cells.sleep, remarks(on: cells),
    ]
  }

  private func remarks(on cells: StageCells) -> String {
    var remarks = [cells.perCPU(all: verbose)].filter { !$0.isEmpty }
    if let note = cells.result.note, verbose || cells.result.status != .ok { remarks.append(note) }
    return MarkdownText.plain(remarks.joined(separator: "; "))
  }
}
