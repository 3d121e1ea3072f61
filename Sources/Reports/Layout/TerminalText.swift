extension Unicode.Scalar {
  /// Control characters, line separators, and the marks that turn the direction of writing: what must not reach a terminal as it is.
  ///
  /// All of them lie in the basic plane.
  var actsOnTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}

/// Text from a trace, made fit for a terminal.
public enum TerminalText {
  /// `text` with everything that acts on a terminal in a visible form: `\x1b`, `\u202e`; and `##[`, by which GitHub's runner knows commands in
  /// a log, as `##\x5b`.
  ///
  /// - Parameter asciiOnly: everything else than ASCII is shown so too.
  public static func escaped(_ text: String, asciiOnly: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: { isShown($0, asciiOnly) || $0 == "#" }) else { return text }
    var shown = ""
    var command = RunnerCommand.OlderForm()
    for scalar in text.unicodeScalars {
      if command.isCompleted(by: scalar) || isShown(scalar, asciiOnly) {
        shown += visible(scalar)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isShown(_ scalar: Unicode.Scalar, _ asciiOnly: Bool) -> Bool {
    scalar.actsOnTerminal || (asciiOnly && !scalar.isASCII)
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      let digits = String(scalar.value, radix: 16)
      let width = scalar.value < 0x100 ? 2 : 4
      return (width == 2 ? "\\x" : "\\u") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
  }
}
