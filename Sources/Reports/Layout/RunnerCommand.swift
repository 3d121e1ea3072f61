/// Lines that a CI system would obey: GitHub's runner takes any line of a log that begins with `::`, after blanks, for a command of the job.
///
/// Its older form, `##[`, is looked for anywhere in a line; `TerminalText` and `JSONText` show that otherwise.
enum RunnerCommand {
  /// Looks for `##[` in a text, whose scalars it is given one by one.
  struct OlderForm {
    private var hashes = 0

    /// Whether the scalar is the bracket of `##[`.
    mutating func isCompleted(by scalar: Unicode.Scalar) -> Bool {
      defer { hashes = scalar == "#" ? hashes + 1 : 0 }
      return scalar == "[" && hashes >= 2
    }
  }

  /// The place of the `::` that begins a line, or nil.
  static func start(of line: some StringProtocol) -> String.Index? {
    let scalars = line.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }), scalars[first] == ":" else { return nil }
    let next = scalars.index(after: first)
    return next < scalars.endIndex && scalars[next] == ":" ? first : nil
  }

  /// Whether a closer look is needed to tell that a line is none.
  static func mayStart(_ line: [UInt8]) -> Bool {
    guard let first = line.first(where: { $0 != UInt8(ascii: " ") }), first == UInt8(ascii: ":") || first >= 0x80 else { return false }
    return zip(line, line.dropFirst()).contains { $0 == UInt8(ascii: ":") && $1 == UInt8(ascii: ":") }
  }

  static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isBlank) }

  /// The runner passes over wide and thin blanks of all kinds, too.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || (!scalar.isASCII && scalar.properties.isWhitespace)
  }

  /// `line` as text: `\x3a:error::`.
  static func disarmed(_ line: String) -> String {
    guard let start = start(of: line) else { return line }
    return line[..<start] + "\\x3a" + line[line.utf8.index(after: start)...]
  }
}
