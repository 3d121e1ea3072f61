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
  private var bytes: [UInt8] = []
  let layout: Layout
  private static let pieceSize = 1 << 16

  init(_ options: ReportOptions) { layout = Layout(options) }

  var columns: Int { layout.columns }
  var glyphs: Glyphs { layout.glyphs }
  /// What was added since it was moved to an output.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Text from a trace, fit for the terminal.
  func safe(_ text: String) -> String { layout.safe(text) }

  // MARK: lines

  mutating func blank() { bytes.append(UInt8(ascii: "\n")) }

  /// Adds one line; what does not fit is cut off.
  mutating func line(_ pieces: (text: String, style: Style)...) { line(pieces) }

  /// Adds one line of these pieces.
  mutating func line(_ pieces: [(text: String, style: Style)], flexible: Int? = nil) { line(LineText(pieces), flexible: flexible) }

  /// Adds one line; what does not fit is cut off: at the piece `flexible` where there is one, so that what follows it stays, else
  /// at the end.
  mutating func line(_ line: LineText, flexible: Int? = nil) {
    if line.columns <= columns, !RunnerCommand.mayStart(line.bytes) {
      append(line)
    } else {
      append(fitted(line.texts, flexible: flexible))
    }
    if !layout.palette.isOn { bytes.trimTrailingSpaces(from: 0) }
    blank()
  }

  /// The pieces as far as the columns reach, with nothing that a CI system would obey.
  private func fitted(_ pieces: [(text: String, style: Style)], flexible: Int?) -> LineText {
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
    var line = LineText()
    for piece in pieces where line.columns < columns {
      line.add(Columns.clipped(piece.text, to: columns - line.columns, ellipsis: glyphs.ellipsis), piece.style)
    }
    return line
  }

  private mutating func append(_ line: LineText) {
    var (start, used) = (0, 0)
    for piece in line.pieces where used < columns {
      bytes.append(contentsOf: layout.palette.start(piece.style).utf8)
      let begin = bytes.count
      bytes.append(contentsOf: line.bytes[start..<piece.end])
      if piece.end == line.bytes.count { bytes.trimTrailingSpaces(from: begin) }
      bytes.append(contentsOf: layout.palette.end(piece.style).utf8)
      start = piece.end
      used += piece.columns
    }
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
    bytes.removeAll(keepingCapacity: true)
  }

  var isFull: Bool { bytes.count >= Self.pieceSize }
}

extension [UInt8] {
  /// Removes the blanks at the end, back to `start` at most.
  fileprivate mutating func trimTrailingSpaces(from start: Int) {
    var end = count
    while end > start, self[end - 1] == UInt8(ascii: " ") { end -= 1 }
    removeLast(count - end)
  }
}
