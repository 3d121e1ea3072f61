/// The place that a report is laid out for.
struct Layout: Sendable {
  let columns: Int
  let glyphs: Glyphs
  let palette: Palette

  init(_ options: ReportOptions) {
    columns = options.columns
    glyphs = Glyphs(unicode: options.unicode)
    palette = Palette(isOn: options.color)
  }

  /// Text from a trace, fit for the terminal.
  func safe(_ text: String) -> String { TerminalText.escaped(text, asciiOnly: !glyphs.unicode) }
}

/// Lines of text that grow one by one and are moved to an output from time to time.
struct Page {
  private(set) var text = ""
  let layout: Layout
  private static let pieceSize = 1 << 16

  init(_ options: ReportOptions) { layout = Layout(options) }

  var columns: Int { layout.columns }
  var glyphs: Glyphs { layout.glyphs }
  private var palette: Palette { layout.palette }

  /// Text from a trace, fit for the terminal.
  func safe(_ text: String) -> String { layout.safe(text) }

  // MARK: lines

  mutating func blank() { text += "\n" }

  /// Adds one line; what does not fit is cut off.
  mutating func line(_ pieces: (text: String, style: Style)...) { line(pieces) }

  /// Adds one line; what does not fit is cut off: at the piece `flexible` where there is one, so that what follows it stays, else
  /// at the end.
  mutating func line(_ pieces: [(text: String, style: Style)], flexible: Int? = nil) {
    var pieces = pieces
    if let first = pieces.firstIndex(where: { !RunnerCommand.isBlank($0.text) }) {
      pieces[first].text = RunnerCommand.disarmed(pieces[first].text)
    }
    if let flexible, pieces.indices.contains(flexible) {
      let total = pieces.reduce(0) { $0 + Columns.width($1.text) }
      let width = Columns.width(pieces[flexible].text)
      let room = max(min(width, 12), width - max(0, total - columns))
      pieces[flexible].text = Columns.clipped(pieces[flexible].text, to: room, ellipsis: glyphs.ellipsis)
    }
    var room = columns
    for (index, piece) in pieces.enumerated() where room > 0 {
      let isLast = index == pieces.count - 1
      var shown = Columns.clipped(piece.text, to: room, ellipsis: glyphs.ellipsis)
      if isLast { shown = shown.trimmingTrailingSpaces() }
      room -= Columns.width(shown)
      text += palette.start(piece.style) + shown + palette.end(piece.style)
    }
    if !palette.isOn { text.trimTrailingSpaces() }
    text += "\n"
  }

  /// Adds a paragraph: `label`, then `body` wrapped, its further lines indented to stand below its first.
  mutating func paragraph(indent: Int = 0, label: String = "", _ body: String, labelStyle: Style = .plain, style: Style = .plain) {
    let hanging = indent + Columns.width(label)
    let room = columns - hanging
    for (index, piece) in Columns.wrapped(body, columns: room).enumerated() {
      if index == 0 {
        line((Columns.spaces(indent), .plain), (label, labelStyle), (piece, style))
      } else {
        line((Columns.spaces(hanging), .plain), (piece, style))
      }
    }
  }

  // MARK: output

  /// Moves the text to `output`.
  mutating func drain(into output: inout some TextOutputStream) {
    output.write(text)
    text = ""
    text.reserveCapacity(Self.pieceSize)
  }

  var isFull: Bool { text.utf8.count >= Self.pieceSize }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    var copy = self
    copy.trimTrailingSpaces()
    return copy
  }

  fileprivate mutating func trimTrailingSpaces() {
    guard utf8.last == UInt8(ascii: " ") else { return }
    let end = utf8.lastIndex { $0 != UInt8(ascii: " ") }.map { utf8.index(after: $0) } ?? startIndex
    removeSubrange(end...)
  }
}
