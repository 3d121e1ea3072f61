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
    var result: StageResult
    var section: String
    var title: String
    var sign: StatusSign
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
    var row = Row(
      result: result, section: safe(result.stage.section ?? ""), title: Columns.spaces(2 * min(result.level, 8)) + safe(result.stage.title),
      sign: StatusSign(result: result, unicode: glyphs.unicode, isCulprit: !merelyHoldsFailure(result)))
    let ran = result.calls > 0 || result.startNS != nil || result.durationNS != nil
    guard ran else { return row }
    row.cells[.start] = start(of: result)
    row.cells[.time] = result.durationNS.map { "+" + glyphs.time($0) } ?? glyphs.dash
    if let duration = result.durationNS, let whole = run.durationNS, result.perCPU.isEmpty {
      row.cells[.share] = glyphs.bar(duration, of: whole, cells: Self.barCells)
    }
    if result.interruptNS > 0 { row.cells[.interrupts] = glyphs.time(result.interruptNS, digits: 3) }
    if result.sleepNS > 0 { row.cells[.sleep] = glyphs.time(result.sleepNS, digits: 3) }
    return row
  }

  private func safe(_ text: String) -> String { TerminalText.escaped(text, asciiOnly: !glyphs.unicode) }

  private func start(of result: StageResult) -> String {
    guard let start = result.startNS, let origin = run.startNS else { return glyphs.dash }
    return start >= origin ? "@" + glyphs.time(start - origin) : "@-" + glyphs.time(origin - start)
  }

  // MARK: widths

  /// Chooses the columns: share, start, sleep and interrupts go, in this order, where the titles would have no room.
  private mutating func measure(width: Int) {
    sectionWidth = rows.map { Columns.width($0.section) }.max() ?? 0
    statusWidth = max(6, rows.map { Columns.width($0.sign.text) }.max() ?? 0)
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
      writeDetails(of: row.result, to: &page)
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
    let titleStyle: Style = row.sign.style == .bad ? .strong : row.sign.style == .faint ? .faint : .plain
    page.line(
      ("  " + Columns.left(row.section, sectionWidth) + "  ", .faint), (Columns.left(title, titleWidth) + "  ", titleStyle),
      (Columns.left(row.sign.text, statusWidth), row.sign.style), (cells, .plain))
  }

  /// Whether the stage failed only because the failing one is a part of it.
  private func merelyHoldsFailure(_ result: StageResult) -> Bool {
    guard let failure = run.failure, result.status == .failed else { return false }
    return !result.tolerated && failure.stage.id != result.stage.id
  }

  private func writeDetails(of result: StageResult, to page: inout Page) {
    let indent = 4 + sectionWidth + 2 * min(result.level, 8)
    if !result.perCPU.isEmpty {
      page.paragraph(indent: indent, label: "per CPU: ", PerCPUText(result.perCPU, glyphs: glyphs).text(all: verbose), labelStyle: .faint)
    }
    if let note = result.note, !note.isEmpty, verbose || (result.status != .ok && !merelyHoldsFailure(result)) {
      page.paragraph(indent: indent, label: glyphs.arrow + " ", page.safe(note), labelStyle: .faint, style: .faint)
    }
  }
}
