/// The lines of a text, one after the other, without their line ends.
struct TextLines {
  let text: TextBytes
  /// Offset of the next line.
  private(set) var offset = 0
  /// Number of the line that `next()` gave last, from 1.
  private(set) var number = 0
  /// False after a last line without a line end.
  private(set) var isTerminated = true

  init(_ text: TextBytes) { self.text = text }

  @inline(__always)
  mutating func next() -> TextBytes? {
    guard offset < text.count else { return nil }
    number += 1
    let start = offset
    var end = text.count
    if let newline = text.firstIndex(of: .newline, from: start) {
      end = newline
      offset = newline + 1
    } else {
      offset = end
      isTerminated = false
    }
    if end > start, text[end - 1] == .carriageReturn { end -= 1 }
    return text.slice(start, end)
  }
}
