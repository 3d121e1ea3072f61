/// Texts within one line of a file: what would end the line, divide it, or move a terminal's cursor, is escaped.
///
/// `\n`, `\\`, and `\x` with two digits for other control characters. Scalars are compared, not characters: a line feed behind a carriage
/// return is one character with it, at which no line ends.
package enum LineEscapes {
  package static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0a: result.append(contentsOf: #"\n"#.unicodeScalars)
      case 0x5c: result.append(contentsOf: #"\\"#.unicodeScalars)
      case 0..<0x20, 0x7f..<0xa0:
        result.append(contentsOf: ((scalar.value < 16 ? #"\x0"# : #"\x"#) + String(scalar.value, radix: 16)).unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static let letters: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "r": "\r", "t": "\t"]

  /// What `escaped` was made of. Other escaped characters stand for themselves.
  package static func unescaped(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let next = rest.popFirst() else {
        result.append(scalar)
        continue
      }
      if next == "x", rest.prefix(2).count == 2, let code = UInt8(String(rest.prefix(2)), radix: 16) {
        result.append(Unicode.Scalar(code))
        rest = rest.dropFirst(2)
      } else {
        result.append(letters[next] ?? next)
      }
    }
    return String(result)
  }
}
