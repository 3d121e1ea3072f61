import KVMStages

/// The stages of a run as a table. All cells are prepared, then measured, then printed.
struct StageTable {
  /// A column besides section, title and status.
  private enum Column: CaseIterable {
    case start, time, share, interrupts, sleep

    var heading: String {
      switch self {
      case .start: "@ start"
      case .time: "+ time"
      case .share: "share"
      case .interrupts: "irq"
      case .sleep: "asleep"
      }
    }
  }

  private struct Row {
    var stage: StageCells
    var section: String
    var title: String
    var cells: [Column: String] = [:]
  }

  private let run: Run
  private let glyphs: Glyphs
  private let verbose: Bool
  private var rows: [Row] = []
  private let groups: [StageListing.Group]
  private var columns: [Column] = []
  private var widths: [Column: Int] = [:]
  private var sectionWidth = 0
  private var titleWidth = 0
  private var statusWidth = 0
  private static let barCells = 6
  /// Columns of the title that are not given up for a further column.
  private static let titleRoom = 30

  init(_ run: Run, glyphs: Glyphs, verbose: Bool, width: Int) {
    self.run = run
    self.glyphs = glyphs
    self.verbose = verbose
    let listing = StageListing(run.stages, all: verbose)
    groups = listing.groups
    rows = listing.rows.map { row(for: $0) }
    measure(width: width)
  }

  // MARK: cells

  private func row(for result: StageResult) -> Row {
    let cells = StageCells(result, of: run, glyphs: glyphs)
    var row = Row(
      stage: cells, section: safe(result.stage.section ?? ""), title: Columns.spaces(2 * min(result.level, 8)) + safe(result.stage.title))
    guard cells.ran else { return row }
    row.cells[.start] = cells.start.map { "@" + $0 } ?? glyphs.dash
    row.cells[.time] = cells.time.map { "+" + $0 } ?? glyphs.dash
    row.cells[.share] = cells.share.map { glyphs.bar($0.part, of: $0.whole, cells: Self.barCells) }
    if !cells.interrupts.isEmpty { row.cells[.interrupts] = cells.interrupts }
    if !cells.sleep.isEmpty { row.cells[.sleep] = cells.sleep }
    return row
  }

  private func safe(_ text: String) -> String { TerminalText.escaped(text, asciiOnly: !glyphs.unicode) }

  // MARK: widths

  /// Chooses the columns: share, start, sleep and interrupts go, in this order, where the titles would have no room.
  private mutating func measure(width: Int) {
    sectionWidth = rows.map { Columns.width($0.section) }.max() ?? 0
    statusWidth = max(6, rows.map { Columns.width($0.stage.sign.text) }.max() ?? 0)
    let longest = rows.map { Columns.width($0.title) }.max() ?? 0
    for column in Column.allCases {
      let cells = rows.compactMap { $0.cells[column] }
      guard !cells.isEmpty else { continue }
      let content = column == .share ? Self.barCells : cells.map(Columns.width).max() ?? 0
      widths[column] = max(content, column.heading.utf8.count)
      columns.append(column)
    }
    for column in [Column.share, .start, .sleep, .interrupts] where room(width) < min(longest, Self.titleRoom) {
      columns.removeAll { $0 == column }
    }
    titleWidth = max(10, min(longest, room(width)))
  }

  /// Columns that are left for the titles.
  private func room(_ width: Int) -> Int {
    width - 2 - sectionWidth - 2 - 2 - statusWidth - columns.reduce(0) { $0 + 2 + widths[$1, default: 0] }
  }

  // MARK: printing

  func write(to page: inout Page) {
    guard !rows.isEmpty || !groups.isEmpty else { return }
    page.blank()
    if !rows.isEmpty { writeHeading(to: &page) }
    for row in rows {
      write(row, to: &page)
      writeDetails(of: row.stage, to: &page)
    }
    for group in groups {
      let items = group.items.map(page.safe).joined(separator: "; ")
      page.paragraph(indent: 2, "\(page.safe(group.label)): \(items)", style: .faint)
    }
  }

  private func writeHeading(to page: inout Page) {
    var text = "  " + Columns.left("", sectionWidth) + "  " + Columns.left("stage", titleWidth) + "  " + Columns.left("status", statusWidth)
    for column in columns {
      let width = widths[column, default: 0]
      text += "  " + (column == .share ? Columns.left(column.heading, width) : Columns.right(column.heading, width))
    }
    page.line((text, .faint))
  }

  private func write(_ row: Row, to page: inout Page) {
    let title = Columns.clipped(row.title, to: titleWidth, ellipsis: glyphs.ellipsis)
    var cells = ""
    for column in columns {
      let width = widths[column, default: 0]
      let cell = row.cells[column] ?? ""
      cells += "  " + (column == .share ? Columns.left(cell, width) : Columns.right(cell, width))
    }
    let titleStyle: Style = row.stage.sign.style == .bad ? .strong : row.stage.sign.style == .faint ? .faint : .plain
    page.line(
      ("  " + Columns.left(row.section, sectionWidth) + "  ", .faint), (Columns.left(title, titleWidth) + "  ", titleStyle),
      (Columns.left(row.stage.sign.text, statusWidth), row.stage.sign.style), (cells, .plain))
  }

  private func writeDetails(of stage: StageCells, to page: inout Page) {
    let result = stage.result
    let indent = 4 + sectionWidth + 2 * min(result.level, 8)
    let shares = stage.perCPU(all: verbose)
    if !shares.isEmpty { page.paragraph(indent: indent, label: "per CPU: ", shares, labelStyle: .faint) }
    if let note = result.note, !note.isEmpty, verbose || (result.status != .ok && !stage.merelyHoldsFailure) {
      page.paragraph(indent: indent, label: glyphs.arrow + " ", page.safe(note), labelStyle: .faint, style: .faint)
    }
  }
}
