import CallTrees
import KVMStages

/// The lines of a call tree: `@start  +time  │ │ function [module] = result`.
struct TreeLines {
  private let layout: Layout
  private let recording: Recording
  private let tree: CallTree
  private let lead: TreeLead
  private let culprit: String?
  /// Names as displayed, by function, each prepared once.
  private var names: [UInt32: MeasuredText] = [:]
  private var remarks: [CallFlags: [MeasuredText]] = [:]
  /// The line at hand.
  private var line = LineText()

  init(_ recording: Recording, _ section: TreeSection, layout: Layout) {
    self.layout = layout
    self.recording = recording
    tree = section.task.tree
    lead = TreeLead(layout, origin: section.origin)
    culprit = section.culprit
  }

  // MARK: lines

  /// - Parameter hides: calls below this one that are not shown.
  mutating func write(call row: Int, level: Int, hides: Int, to page: inout Page) {
    let call = tree.calls[row]
    begin(start: call.knownStart, duration: call.measuredDuration, level: level)
    line.add(name(call.function), .plain)
    if let value = tree.returnValues[UInt32(truncatingIfNeeded: row)] {
      let result = ReturnValue(value)
      line.add(" = \(result.text)", result.isError ? .bad : .faint)
    }
    if hides > 0 { line.add("  " + TreeWording.asleep(hides: hides, glyphs: layout.glyphs), .faint) }
    if !call.flags.isEmpty {
      for remark in remarks(on: call.flags) { line.add(remark, .warning) }
    }
    page.line(line, flexible: 2)
  }

  mutating func write(_ fold: TreeFold, level: Int, to page: inout Page) {
    let duration = fold.time.measured > 0 ? fold.time.nanoseconds : nil
    begin(start: tree.calls[fold.rows.lowerBound].knownStart, duration: duration, level: level)
    line.add(text(of: fold), fold.kind == .same ? .plain : .faint)
    if fold.time.unmeasured > 0 { line.add(" " + layout.glyphs.gap(TreeWording.unmeasured(fold.time)), .warning) }
    page.line(line)
  }

  mutating func write(heading result: StageResult, level: Int, to page: inout Page) {
    let sign = StatusSign(result: result, unicode: layout.glyphs.unicode, isCulprit: culprit == nil || culprit == result.stage.id)
    line.clear()
    lead.addBlank(level: level, to: &line)
    line.add(layout.glyphs.rule + layout.glyphs.rule + " ", .faint)
    line.add(layout.safe(result.stage.fullTitle), .heading)
    line.add(result.status == .ok ? "" : ": \(sign.word)", sign.style)
    page.line(line)
  }

  mutating func write(event text: String, time: UInt64?, level: Int, to page: inout Page) {
    begin(start: time, duration: nil, level: level, isCall: false)
    line.add(layout.safe(text), .warning)
    page.line(line)
  }

  mutating func write(_ gaps: Gaps, level: Int, to page: inout Page) {
    begin(start: gaps.end, duration: nil, level: level, isCall: false)
    line.add(layout.glyphs.gap(TreeWording.text(of: gaps)), .bad)
    page.line(line)
  }

  // MARK: pieces

  /// Begins a line with its two first pieces.
  private mutating func begin(start: UInt64?, duration: UInt64?, level: Int, isCall: Bool = true) {
    line.clear()
    lead.add(start: start, duration: duration, unknown: isCall ? layout.glyphs.dash : "", level: level, to: &line)
  }

  private mutating func name(_ id: FunctionID) -> MeasuredText {
    if let name = names[id.index] { return name }
    let name = MeasuredText(layout.safe(recording.function(id).displayName))
    names[id.index] = name
    return name
  }

  private mutating func remarks(on flags: CallFlags) -> [MeasuredText] {
    if let remarks = remarks[flags] { return remarks }
    let texts = TreeWording.remarks(on: flags).map { MeasuredText(" " + layout.glyphs.gap($0)) }
    remarks[flags] = texts
    return texts
  }

  private mutating func text(of fold: TreeFold) -> String {
    let name = String(decoding: name(tree.calls[fold.first].function).bytes, as: UTF8.self)
    return TreeWording.text(of: fold, name: name, glyphs: layout.glyphs)
  }
}
