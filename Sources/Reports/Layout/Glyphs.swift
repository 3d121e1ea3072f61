/// The signs of a report, for terminals with and without more than ASCII.
struct Glyphs: Sendable {
  var unicode: Bool

  private func pick(_ rich: String, _ plain: String) -> String { unicode ? rich : plain }

  var dash: String { pick("–", "-") }
  var ellipsis: String { pick("…", "...") }
  var times: String { pick("×", "x") }
  var guide: String { pick("│ ", "| ") }
  var corner: String { pick("└ ", "`- ") }
  var arrow: String { pick("↳", "->") }
  /// Between what was and what is.
  var becomes: String { pick("→", "->") }
  var opening: String { pick("‹", "<") }
  var closing: String { pick("›", ">") }
  var rule: String { pick("─", "-") }

  /// A remark in the place of something that the trace does not hold.
  func gap(_ text: String) -> String { opening + text + closing }

  func time(_ nanoseconds: UInt64, digits: Int = 4) -> String { Quantity.time(nanoseconds, digits: digits, unicode: unicode) }

  /// A place in time: `@1.234 ms` after `origin`, `@-1.234 ms` before it.
  func at(_ time: UInt64, from origin: UInt64) -> String {
    var bytes: [UInt8] = []
    append(at: time, from: origin, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends what `at` gives.
  func append(at time: UInt64, from origin: UInt64, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "@"))
    if time < origin { bytes.append(UInt8(ascii: "-")) }
    Quantity.append(time: time >= origin ? time - origin : origin - time, unicode: unicode, to: &bytes)
  }

  /// A bar of at most `cells` cells for `part` of `whole`; the smallest share that is not zero can be seen.
  func bar(_ part: UInt64, of whole: UInt64, cells: Int) -> String {
    guard whole > 0, part > 0 else { return "" }
    let steps = UInt64(cells) * (unicode ? 8 : 1)
    let (product, overflow) = min(part, whole).multipliedReportingOverflow(by: steps)
    let exact = overflow ? min(part, whole) / max(1, whole / steps) : (product &+ whole / 2) / whole
    let filled = Int(min(max(exact, unicode ? 1 : 0), steps))
    guard unicode else { return filled == 0 ? "." : String(repeating: "#", count: filled) }
    let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: filled / 8) + eighths[filled % 8]
  }
}
