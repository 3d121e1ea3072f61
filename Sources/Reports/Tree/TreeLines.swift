import CallTrees
import KVMStages

/// The lines of a call tree: `@start  +time  │ │ function [module] = result`.
struct TreeLines {
  private let layout: Layout
  private let recording: Recording
  private let tree: CallTree
  private let origin: UInt64?
  private let culprit: String?
  /// Names as displayed, by function, each prepared once.
  private var names: [UInt32: String] = [:]
  private static let timeColumns = 10

  init(_ recording: Recording, _ section: TreeSection, layout: Layout) {
    self.layout = layout
    self.recording = recording
    tree = section.task.tree
    origin = section.origin
    culprit = section.culprit
  }

  // MARK: lines

  /// - Parameter hides: calls below this one that are not shown.
  mutating func write(call row: Int, level: Int, hides: Int, to page: inout Page) {
    let call = tree.calls[row]
    var pieces = lead(start: call.knownStart, duration: call.measuredDuration, level: level)
    pieces.append((name(call.function), .plain))
    if let value = tree.returnValues[UInt32(truncatingIfNeeded: row)] {
      let result = ReturnValue(value)
      pieces.append((" = \(result.text)", result.isError ? .bad : .faint))
    }
    if hides > 0 { pieces.append(("  " + TreeWording.asleep(hides: hides, glyphs: layout.glyphs), .faint)) }
    for remark in TreeWording.remarks(on: call.flags) { pieces.append((" " + layout.glyphs.gap(remark), .warning)) }
    page.line(pieces, flexible: 2)
  }

  mutating func write(_ fold: TreeFold, level: Int, to page: inout Page) {
    let duration = fold.time.measured > 0 ? fold.time.nanoseconds : nil
    let start = tree.calls[fold.rows.lowerBound].knownStart
    var pieces = lead(start: start, duration: duration, level: level)
    let style: Style = fold.kind == .same ? .plain : .faint
    pieces.append((text(of: fold), style))
    if fold.time.unmeasured > 0 {
      pieces.append((" " + layout.glyphs.gap(TreeWording.unmeasured(fold.time)), .warning))
    }
    page.line(pieces)
  }

  func write(heading result: StageResult, level: Int, to page: inout Page) {
    let sign = StatusSign(result: result, unicode: layout.glyphs.unicode, isCulprit: culprit == nil || culprit == result.stage.id)
    page.line([
      (Columns.spaces(leadColumns) + guides(level), .faint),
      (layout.glyphs.rule + layout.glyphs.rule + " ", .faint), (layout.safe(result.stage.fullTitle), .heading),
      (result.status == .ok ? "" : ": \(sign.word)", sign.style),
    ])
  }

  func write(event text: String, time: UInt64?, level: Int, to page: inout Page) {
    var pieces = lead(start: time, duration: nil, level: level, isCall: false)
    pieces.append((layout.safe(text), .warning))
    page.line(pieces)
  }

  func write(_ loss: Loss, level: Int, to page: inout Page) {
    var pieces = lead(start: loss.before, duration: nil, level: level, isCall: false)
    pieces.append((layout.glyphs.gap(TreeWording.text(of: loss)), .bad))
    page.line(pieces)
  }

  // MARK: pieces

  private func lead(start: UInt64?, duration: UInt64?, level: Int, isCall: Bool = true) -> [(text: String, style: Style)] {
    let unknown = isCall ? layout.glyphs.dash : ""
    let time = duration.map { "+" + layout.glyphs.time($0) } ?? unknown
    let begin = hasStart ? Columns.right(at(start) ?? unknown, Self.timeColumns) + " " : ""
    return [(begin, .faint), (Columns.right(time, Self.timeColumns) + "  " + guides(level), .plain)]
  }

  /// Narrow pages show no start.
  private var hasStart: Bool { layout.columns >= 80 }

  private var leadColumns: Int { Self.timeColumns + 2 + (hasStart ? Self.timeColumns + 1 : 0) }

  private func at(_ start: UInt64?) -> String? {
    guard let start, let origin else { return nil }
    return layout.glyphs.at(start, from: origin)
  }

  /// Guides for the levels that fit; of deeper calls the level is told instead.
  private func guides(_ level: Int) -> String {
    let most = (layout.columns - leadColumns - 30) / 2
    return String(repeating: layout.glyphs.guide, count: min(level, most)) + (level > most ? "[\(level + 1)] " : "")
  }

  private mutating func name(_ id: FunctionID) -> String {
    if let name = names[id.index] { return name }
    let name = layout.safe(recording.function(id).displayName)
    names[id.index] = name
    return name
  }

  private mutating func text(of fold: TreeFold) -> String {
    TreeWording.text(of: fold, name: name(tree.calls[fold.first].function), glyphs: layout.glyphs)
  }
}
