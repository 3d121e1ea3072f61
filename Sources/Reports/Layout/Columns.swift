/// How many columns of a terminal text takes, and how to make it take a given number.
enum Columns {
  /// Columns of `text`, which holds no control characters.
  static func width(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// `text` padded with spaces on its right.
  static func left(_ text: String, _ columns: Int) -> String {
    text + spaces(columns - width(text))
  }

  /// `text` padded with spaces on its left.
  static func right(_ text: String, _ columns: Int) -> String {
    spaces(columns - width(text)) + text
  }

  static func spaces(_ count: Int) -> String { count > 0 ? String(repeating: " ", count: count) : "" }

  /// `text`, or as much of its beginning as fits with `ellipsis` at the end.
  static func clipped(_ text: String, to columns: Int, ellipsis: String) -> String {
    guard width(text) > columns else { return text }
    let room = columns - width(ellipsis)
    guard room >= 0 else { return String(repeating: ".", count: max(0, columns)) }
    return prefix(of: text, columns: room) + ellipsis
  }

  /// The longest beginning of `text` that takes at most `columns`.
  static func prefix(of text: String, columns: Int) -> String {
    var shown = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      used += width(scalar)
      if used > columns { break }
      shown.append(scalar)
    }
    return String(shown)
  }

  /// `text` broken at spaces into lines of at most `columns`; longer words are cut.
  static func wrapped(_ text: String, columns: Int) -> [String] {
    let columns = max(columns, 10)
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      var word = String(word)
      var size = width(word)
      if used > 0 && used + 1 + size > columns {
        lines.append(line)
        (line, used) = ("", 0)
      }
      while size > columns {
        let piece = prefix(of: word, columns: columns)
        lines.append(piece)
        word = String(word.unicodeScalars.dropFirst(max(1, piece.unicodeScalars.count)))
        size = width(word)
      }
      line += (used > 0 ? " " : "") + word
      used += (used > 0 ? 1 : 0) + size
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    // The second range holds the report's own signs and the tree's guides.
    if scalar.value < 0x300 || (0x2190..<0x2600).contains(scalar.value) { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
