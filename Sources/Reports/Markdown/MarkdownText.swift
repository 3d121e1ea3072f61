/// Text from a trace, made fit for Markdown: it shows as it is, and makes no markup, HTML, mention or link.
enum MarkdownText {
  private static let special = Set("\\`*_[]#+~|@-".unicodeScalars)

  /// `text` as running text.
  static func plain(_ text: String) -> String {
    var shown = ""
    let safe = TerminalText.escaped(text).unicodeScalars
    var previous: Unicode.Scalar?
    for scalar in safe {
      switch scalar {
      case "<": shown += "&lt;"
      case ">": shown += "&gt;"
      case "&": shown += "&amp;"
      default:
        if special.contains(scalar), needsEscape(scalar, after: previous) { shown += "\\" }
        shown.unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    return shown
  }

  /// Signs of a list mean something at the beginning only, and underscores only where a word could begin.
  private static func needsEscape(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
    switch scalar {
    case "-", "+": previous == nil
    case "_": previous.map { !$0.properties.isAlphabetic && $0.properties.numericType == nil } ?? true
    default: true
    }
  }

  /// `text` as a code span.
  static func code(_ text: String) -> String {
    let safe = TerminalText.escaped(text)
    let fence = String(repeating: "`", count: longestRun(of: "`", in: safe) + 1)
    let pad = safe.hasPrefix("`") || safe.hasSuffix("`") || safe.isEmpty ? " " : ""
    return fence + pad + safe + pad + fence
  }

  /// Lines as a code block, below a fence that is longer than any in them.
  static func block(_ lines: [String], language: String = "text") -> String {
    let safe = lines.map { RunnerCommand.disarmed(TerminalText.escaped($0)) }
    let fence = String(repeating: "`", count: max(3, (safe.map { longestRun(of: "`", in: $0) }.max() ?? 0) + 1))
    return fence + language + "\n" + safe.map { $0 + "\n" }.joined() + fence + "\n"
  }

  private static func longestRun(of scalar: Unicode.Scalar, in text: String) -> Int {
    var longest = 0
    var run = 0
    for next in text.unicodeScalars {
      run = next == scalar ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
