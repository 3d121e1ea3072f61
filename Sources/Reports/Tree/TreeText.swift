import CallTrees
import KVMStages

/// Writes one section of a call tree, a line or a few at a time. No walk recurses: a stack holds the ends of the calls above.
struct TreeText {
  private struct Frame {
    var row: Int
    var end: Int
  }

  private let section: TreeSection
  private let tree: CallTree
  private let options: ReportOptions
  private let folder: TreeFolder
  private var lines: TreeLines
  private var events: TreeEvents
  private var stack: [Frame] = []
  private var rangeIndex = 0
  private var row: Int
  /// Folds that follow a call shown in full, by their first row.
  private var pending: [Int: TreeFold] = [:]
  private var hiddenDeep = 0
  private var hiddenShort = 0

  init(_ recording: Recording, _ section: TreeSection, events: EventIndex, options: ReportOptions) {
    self.section = section
    self.options = options
    tree = section.task.tree
    folder = TreeFolder(section: section, functions: recording.functions)
    lines = TreeLines(recording, section, layout: Layout(options))
    self.events = TreeEvents(events, section)
    row = section.ranges.first?.lowerBound ?? 0
  }

  func writeHeading(to page: inout Page) {
    page.blank()
    page.line((page.safe(section.heading), .strong))
    if section.ranges.isEmpty { page.line(("  no call of it is in the trace", .warning)) }
  }

  /// Writes what comes next; false when nothing is left.
  mutating func writeNext(to page: inout Page) -> Bool {
    guard rangeIndex < section.ranges.count else { return false }
    let range = section.ranges[rangeIndex]
    guard row < range.upperBound else {
      weave(before: range.upperBound - 1, to: &page)
      stack.removeAll()
      pending.removeAll()
      rangeIndex += 1
      if rangeIndex < section.ranges.count { row = section.ranges[rangeIndex].lowerBound }
      return true
    }
    weave(before: row, to: &page)
    while let top = stack.last, row >= top.end { stack.removeLast() }
    if let time = tree.calls[row].knownStart {
      for gaps in events.gaps(before: time) { lines.write(gaps, level: stack.count, to: &page) }
    }
    writeRow(siblingsEnd: stack.last?.end ?? range.upperBound, to: &page)
    return true
  }

  func writeEnd(to page: inout Page) {
    var parts: [String] = []
    if hiddenDeep > 0 { parts.append(Quantity.count(hiddenDeep, "call") + " deeper than \(options.maxDepth ?? 0)") }
    if hiddenShort > 0 { parts.append(Quantity.count(hiddenShort, "call") + " shorter than \(page.glyphs.time(options.minDuration ?? 0))") }
    if !parts.isEmpty { page.paragraph(indent: 2, "not shown: " + parts.joined(separator: ", "), style: .faint) }
  }

  // MARK: rows

  private mutating func writeRow(siblingsEnd: Int, to page: inout Page) {
    let subtree = tree.subtree(of: row)
    let end = min(subtree.upperBound, siblingsEnd)
    if let most = options.maxDepth, stack.count > most {
      hiddenDeep += end - row
      row = end
      return
    }
    if let fold = takePending() ?? (options.showNoise ? nil : folder.fold(at: row, end: siblingsEnd)) {
      if fold.kind == .more && fold.rows.lowerBound != row {
        pending[fold.rows.lowerBound] = fold
      } else {
        return write(fold, to: &page)
      }
    }
    if isTooShort(row..<end) {
      hiddenShort += end - row
      row = end
      return
    }
    writeHeadings(at: row, to: &page)
    let folds = !options.showNoise && tree.calls[row].flags.contains(.sleep) && section.marks(in: subtree).isEmpty
    lines.write(call: row, level: stack.count, hides: folds ? end - row - 1 : 0, to: &page)
    stack.append(Frame(row: row, end: end))
    row = folds ? end : row + 1
  }

  private mutating func takePending() -> TreeFold? { pending.isEmpty ? nil : pending.removeValue(forKey: row) }

  private mutating func write(_ fold: TreeFold, to page: inout Page) {
    row = fold.rows.upperBound
    if let least = options.minDuration, fold.time.unmeasured == 0, fold.time.nanoseconds < least {
      hiddenShort += fold.rows.count
      return
    }
    if fold.kind == .same { writeHeadings(at: fold.first, to: &page) }
    lines.write(fold, level: stack.count, to: &page)
  }

  private func isTooShort(_ rows: Range<Int>) -> Bool {
    guard let least = options.minDuration, let duration = tree.calls[rows.lowerBound].measuredDuration, duration < least else {
      return false
    }
    return section.marks(in: rows).isEmpty
  }

  private mutating func writeHeadings(at row: Int, to page: inout Page) {
    for mark in section.marks(in: row..<row + 1) where mark.isFirst {
      lines.write(heading: mark.stage, level: stack.count, to: &page)
    }
  }

  // MARK: events

  /// Writes the events that come before `row`, each below the call that was running.
  private mutating func weave(before row: Int, to page: inout Page) {
    while let event = events.event(before: row) {
      guard let text = EventText.text(of: event.payload, verbose: options.verbose) else { continue }
      lines.write(event: text, time: event.time, level: level(within: event.within), to: &page)
    }
  }

  /// Level below the innermost call shown that is, or is above, the call at `row`.
  private func level(within row: Int?) -> Int {
    row.map { row in stack.partitionPoint { $0.row > row } } ?? 0
  }
}
