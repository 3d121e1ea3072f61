/// Lines of at most 100 columns, with emphasis where the terminal shows it.
struct StagesPage {
  static let width = 100
  var isColored: Bool
  private(set) var text = ""

  init(isColored: Bool) { self.isColored = isColored }

  mutating func line(_ line: String = "") { text += line + "\n" }

  func bold(_ text: String) -> String { isColored ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func dim(_ text: String) -> String { isColored ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// A paragraph after `lead`, its further lines indented by `indent`.
  mutating func paragraph(_ paragraph: String, lead: String = "", indent: Int = 0, shownLead: String? = nil) {
    var prefix = shownLead ?? lead
    var used = lead.count
    for piece in paragraph.split(separator: "\n", omittingEmptySubsequences: false) {
      for row in Self.wrap(String(piece), first: Self.width - max(used, indent), next: Self.width - indent) {
        line(prefix + (used < indent ? Self.spaces(indent - used) : "") + row)
        prefix = ""
        used = 0
      }
    }
  }

  static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// `text` filled with blanks to `width` columns.
  static func pad(_ text: String, _ width: Int) -> String { text + spaces(width - text.count) }

  /// Breaks at blanks; a word that is too long for a line stands on one of its own.
  static func wrap(_ text: String, first: Int, next: Int) -> [String] {
    var rows: [String] = []
    var row = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      let room = rows.isEmpty ? first : next
      if !row.isEmpty, row.count + 1 + word.count > room {
        rows.append(row)
        row = String(word)
      } else {
        row += (row.isEmpty ? "" : " ") + word
      }
    }
    rows.append(row)
    return rows
  }
}
