import Corruption

/// Changes of texts by their lines and words.
enum TextChanges {
  /// Takes lines away, repeats or moves them, and puts border numbers or hostile words in the place of words.
  ///
  /// - Parameters:
  ///   - words: what may take the place of a word.
  ///   - separators: bytes between words.
  static func change(_ bytes: inout [UInt8], words: [String], separators: String = " \t:;,=()[]{}", with dice: inout Corrupter) {
    for _ in 0..<Int.random(in: 1...4, using: &dice) {
      var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
      guard let at = lines.indices.randomElement(using: &dice) else { return }
      switch UInt8.random(in: 0..<7, using: &dice) {
      case 0: lines.remove(at: at)
      case 1:
        // As often as an input has room for.
        let count = min(1 << Int.random(in: 0...10, using: &dice), 50_000 / (lines[at].count + 1) + 1)
        lines.insert(contentsOf: repeatElement(lines[at], count: count), at: at)
      case 2: lines.swapAt(at, lines.indices.randomElement(using: &dice) ?? at)
      case 3: lines[at] += lines.randomElement(using: &dice) ?? []
      default: replaceWord(of: &lines[at], words: words, separators: Array(separators.utf8), with: &dice)
      }
      bytes = Array(lines.joined(separator: CollectionOfOne(UInt8(ascii: "\n"))))
    }
  }

  private static func replaceWord(of line: inout [UInt8], words: [String], separators: [UInt8], with dice: inout Corrupter) {
    let parts = line.split(omittingEmptySubsequences: true) { separators.contains($0) }
    guard let part = parts.randomElement(using: &dice) else { return }
    var word: [UInt8]
    switch UInt8.random(in: 0..<4, using: &dice) {
    case 0: word = Array("\(Borders.number(near: [line.count], with: &dice))".utf8)
    case 1: word = Array("0x\(String(Borders.number(near: [], with: &dice), radix: 16))".utf8)
    case 2: word = Array(repeatElement(Array(part), count: 1 << Int.random(in: 1...8, using: &dice)).joined().prefix(20_000))
    default: word = Array((words.randomElement(using: &dice) ?? "").utf8)
    }
    if Bool.random(using: &dice), let first = part.first { word.insert(first, at: 0) }
    line.replaceSubrange(part.startIndex..<part.endIndex, with: word)
  }
}
