import KVMStages

/// The stages that differ as a table, with the reasons below them.
struct DiffStageTable {
  private struct Row {
    var change: StageChange
    var title: String
    var cells: [String]
  }

  /// Stages that a side did not come to.
  struct Unreached {
    /// The side: `before`, `after`.
    var word: String
    var stages: [StageChange]

    /// `not reached after: 40 stages, from … to …`.
    var text: String {
      let titles = stages.map { $0.stage.fullTitle }
      let range = titles.first.flatMap { first in titles.last.map { ", from \(first) to \($0)" } } ?? ""
      return "\(label)\(Quantity.count(titles.count, "stage"))\(range)"
    }

    var label: String { "not reached \(word): " }
  }

  private let wording: DiffWording
  private let rows: [Row]
  /// Stages that a failed side did not come to; with `verbose` they are rows.
  private let unreached: [Unreached]
  private let same: Int
  private static let headings = ["change", "before", "after", ""]

  init(_ diff: RunDiff, wording: DiffWording, verbose: Bool) {
    self.wording = wording
    let groups = verbose ? [] : Self.unreached(in: diff)
    unreached = groups
    let folded = Set(groups.flatMap(\.stages).map(\.stage.id))
    let shown = diff.stages.filter { change in
      guard change.kind == .same else { return !folded.contains(change.stage.id) }
      return verbose && (change.before?.exists ?? false || change.after?.exists ?? false)
    }
    rows = shown.map { change in
      Row(
        change: change, title: change.stage.fullTitle,
        cells: [wording.word(change), wording.cell(change.before), wording.cell(change.after), wording.delta(change)])
    }
    same = diff.stages.count { $0.kind == .same && $0.after?.exists ?? false }
  }

  /// The groups of more than two stages, each of one side.
  static func unreached(in diff: RunDiff) -> [Unreached] {
    let changes = diff.stages.filter { $0.kind == .status }
    return [
      Unreached(word: "before", stages: changes.filter { $0.before?.status == .notReached }),
      Unreached(word: "after", stages: changes.filter { $0.after?.status == .notReached }),
    ].filter { $0.stages.count > 2 }
  }

  func write(to page: inout Page) {
    page.blank()
    if !rows.isEmpty {
      let widths = self.widths(page.columns)
      writeHeading(widths, to: &page)
      for (index, row) in rows.enumerated() {
        write(row, widths, to: &page)
        writeReasons(upTo: index, to: &page)
      }
    }
    for group in unreached {
      let text = page.safe(String(group.text.dropFirst(group.label.count))) + " (-v lists them)"
      page.paragraph(indent: 2, label: "~ " + group.label, text, labelStyle: .bad)
    }
    guard same > 0, !rows.contains(where: { $0.change.kind == .same }) else { return }
    page.line(("  the same: \(Quantity.count(same, "stage"))" + (rows.isEmpty ? "" : " (-v lists them)"), .faint))
  }

  /// Of the title, then of the cells.
  private func widths(_ columns: Int) -> [Int] {
    let cells = Self.headings.indices.map { column in
      max(Self.headings[column].utf8.count, rows.map { Columns.width($0.cells[column]) }.max() ?? 0)
    }
    let room = columns - 4 - cells.reduce(0) { $0 + ($1 > 0 ? $1 + 2 : 0) }
    return [max(12, min(rows.map { Columns.width($0.title) }.max() ?? 0, room))] + cells
  }

  private func writeHeading(_ widths: [Int], to page: inout Page) {
    var text = "    " + Columns.left("stage", widths[0])
    for (column, heading) in Self.headings.enumerated() where widths[column + 1] > 0 {
      text += "  " + (column == 0 ? Columns.left(heading, widths[1]) : Columns.right(heading, widths[column + 1]))
    }
    page.line((text, .faint))
  }

  private func write(_ row: Row, _ widths: [Int], to page: inout Page) {
    let style = DiffWording.style(row.change)
    let title = Columns.left(Columns.clipped(row.title, to: widths[0], ellipsis: page.glyphs.ellipsis), widths[0])
    var times = ""
    for column in 1..<row.cells.count where widths[column + 1] > 0 { times += "  " + Columns.right(row.cells[column], widths[column + 1]) }
    page.line(
      ("  " + DiffWording.sign(row.change.kind) + " ", style), (title + "  ", row.change.kind == .same ? .faint : .plain),
      (Columns.left(row.cells[0], widths[1]), style), (times, .plain))
  }

  /// The reasons of the rows before `index` that share them, once below the last of these.
  private func writeReasons(upTo index: Int, to page: inout Page) {
    let reasons = rows[index].change.reasons
    guard !reasons.isEmpty else { return }
    if rows.indices.contains(index + 1), rows[index + 1].change.reasons == reasons { return }
    var first = index
    while first > 0, rows[first - 1].change.reasons == reasons { first -= 1 }
    let label = "\(page.glyphs.arrow) " + (first < index ? "these \(index - first + 1): " : "")
    page.paragraph(indent: 6, label: label, page.safe(reasons.joined(separator: "; ")), labelStyle: .faint, style: .faint)
  }
}
