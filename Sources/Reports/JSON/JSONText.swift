/// Pieces of JSON text as bytes.
public enum JSONText {
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// Appends `text` in quotes.
  ///
  /// Besides what JSON asks for, everything that could act on a terminal is written as `\uXXXX`: DEL, the C1 controls, line and
  /// paragraph separators, and the marks that turn the direction of writing; so is the bracket of `##[`, by which GitHub's runner knows
  /// commands in a log.
  public static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.allSatisfy(isPlain) {
      bytes.append(contentsOf: text.utf8)
    } else {
      var command = RunnerCommand.OlderForm()
      for scalar in text.unicodeScalars {
        if command.isCompleted(by: scalar) { bytes.append(contentsOf: "\\u005b".utf8) } else { append(scalar, to: &bytes) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The JSON string of `text`, for fragments that are rendered once and written often.
  public static func quoted(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    appendQuoted(text, to: &bytes)
    return bytes
  }

  /// Appends a decimal integer.
  @inlinable
  public static func appendInteger(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = UInt64(truncatingIfNeeded: value.magnitude)
    let start = bytes.count
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
      rest = quotient
    } while rest > 0
    var low = start
    var high = bytes.count - 1
    while low < high {
      bytes.swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "#")
  }

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    switch scalar {
    case "\"", "\\":
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case "\n": bytes.append(contentsOf: "\\n".utf8)
    case "\r": bytes.append(contentsOf: "\\r".utf8)
    case "\t": bytes.append(contentsOf: "\\t".utf8)
    case _ where scalar.actsOnTerminal:
      bytes.append(contentsOf: "\\u".utf8)
      for shift in [12, 8, 4, 0] as [UInt32] { bytes.append(hexDigits[Int((scalar.value >> shift) & 15)]) }
    default: bytes.append(contentsOf: String(scalar).utf8)
    }
  }
}
