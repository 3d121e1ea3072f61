/// One line of a report while it is put together: pieces of text, each with its style and the columns that it takes.
///
/// Lines of a call tree are millions: they are bytes from the start, and one of these serves for all of them.
struct LineText {
  struct Piece {
    var style: Style
    /// The place in the line's bytes where the piece ends.
    var end: Int
    /// Of a terminal.
    var columns: Int
  }

  private(set) var bytes: [UInt8] = []
  private(set) var pieces: [Piece] = []
  /// Of all pieces together.
  private(set) var columns = 0

  init() {}

  init(_ pieces: [(text: String, style: Style)]) {
    for piece in pieces { add(piece.text, piece.style) }
  }

  /// The pieces one by one, for what is done to few lines.
  var texts: [(text: String, style: Style)] {
    var start = 0
    return pieces.map { piece in
      defer { start = piece.end }
      return (String(decoding: bytes[start..<piece.end], as: UTF8.self), piece.style)
    }
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    columns = 0
  }

  // MARK: pieces

  /// Adds a piece.
  mutating func add(_ text: String, _ style: Style) {
    bytes.append(contentsOf: text.utf8)
    end(style, columns: Columns.width(text))
  }

  mutating func add(_ text: MeasuredText, _ style: Style) {
    bytes.append(contentsOf: text.bytes)
    end(style, columns: text.columns)
  }

  /// Adds a piece of which every character takes one column: what `write` appends to the bytes.
  mutating func add(_ style: Style, _ write: (inout [UInt8]) -> Void) {
    let start = bytes.count
    write(&bytes)
    end(style, columns: bytes.characters(from: start))
  }

  private mutating func end(_ style: Style, columns: Int) {
    pieces.append(Piece(style: style, end: bytes.count, columns: columns))
    self.columns += columns
  }
}

/// Text that is added to many lines.
struct MeasuredText {
  let bytes: [UInt8]
  let columns: Int

  init(_ text: String) {
    bytes = Array(text.utf8)
    columns = Columns.width(text)
  }
}

extension [UInt8] {
  /// Appends what `write` does, with blanks in front up to `columns`; every character of it takes one.
  mutating func append(right columns: Int, _ write: (inout [UInt8]) -> Void) {
    let start = count
    write(&self)
    let missing = columns - characters(from: start)
    if missing > 0 { insert(contentsOf: repeatElement(UInt8(ascii: " "), count: missing), at: start) }
  }

  /// The characters of UTF-8 from byte `start` on.
  fileprivate func characters(from start: Int) -> Int {
    var number = 0
    for index in start..<Swift.max(start, count) where self[index] & 0xC0 != 0x80 { number += 1 }
    return number
  }
}
