/// Text from a trace, made fit for HTML: it shows as it is, and makes no markup.
enum HTMLText {
  /// `text` for an element or a quoted attribute; what acts on a terminal is shown in a visible form, as in the other reports.
  static func escaped(_ text: String) -> String {
    let safe = TerminalText.escaped(text)
    guard safe.utf8.contains(where: isSpecial) else { return safe }
    var shown: [UInt8] = []
    shown.reserveCapacity(safe.utf8.count + 16)
    for byte in safe.utf8 {
      switch byte {
      case UInt8(ascii: "&"): shown += "&amp;".utf8
      case UInt8(ascii: "<"): shown += "&lt;".utf8
      case UInt8(ascii: ">"): shown += "&gt;".utf8
      case UInt8(ascii: "\""): shown += "&quot;".utf8
      case UInt8(ascii: "'"): shown += "&#39;".utf8
      default: shown.append(byte)
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }

  /// JSON text for a `<script>` block. The signs of markup occur in JSON only within strings, where they can be written otherwise:
  /// so nothing in it ends the block, or begins a comment.
  static func script(_ json: some Sequence<UInt8>) -> String {
    var shown: [UInt8] = []
    for byte in json {
      switch byte {
      case UInt8(ascii: "<"): shown += #"\u003c"#.utf8
      case UInt8(ascii: ">"): shown += #"\u003e"#.utf8
      case UInt8(ascii: "&"): shown += #"\u0026"#.utf8
      default: shown.append(byte)
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }
}
