import Corruption

/// Changes of the pages of a ring buffer: their heads, and the words that say how long events are.
enum PageChanges {
  private static let types: [UInt32] = [0, 1, 2, 3, 27, 28, 29, 30, 31]

  /// - Parameter pageSize: bytes of each page in `bytes`.
  static func change(_ bytes: inout [UInt8], pageSize: Int, with dice: inout Corrupter) {
    let pages = max(1, bytes.count / max(1, pageSize))
    let page = Int.random(in: 0..<pages, using: &dice) * pageSize
    switch UInt8.random(in: 0..<10, using: &dice) {
    case 0: Borders.put(into: &bytes, at: page, width: 8, with: &dice)
    case 1: changeCommit(&bytes, page: page, pageSize: pageSize, with: &dice)
    case 2..<5: changeEvent(&bytes, page: page, pageSize: pageSize, with: &dice)
    case 5: movePage(&bytes, page: page, pageSize: pageSize, with: &dice)
    case 6: bytes.removeLast(min(bytes.count, [1, 4, 8, pageSize - 1, pageSize + 1].randomElement(using: &dice) ?? 1))
    case 7: fill(&bytes, page: page, pageSize: pageSize, with: &dice)
    case 8: Borders.put(into: &bytes, with: &dice)
    default: bytes.withUnsafeMutableBytes { dice.change($0) }
    }
  }

  /// The commit word: the length, and the flags for lost events.
  private static func changeCommit(_ bytes: inout [UInt8], page: Int, pageSize: Int, with dice: inout Corrupter) {
    let room = pageSize - 16
    let length = [0, 1, 3, 4, 8, room - 8, room - 1, room, room + 1, pageSize, (1 << 27) - 1].randomElement(using: &dice) ?? 0
    let flags = [0, 1 << 31, 1 << 30, 3 << 30].randomElement(using: &dice) ?? 0
    put(UInt32(truncatingIfNeeded: length | flags), into: &bytes, at: page + 8)
  }

  /// The first word of an event: its type and the time, or the second one: its length.
  private static func changeEvent(_ bytes: inout [UInt8], page: Int, pageSize: Int, with dice: inout Corrupter) {
    // Walks over the first events, so that the word is one that is looked at.
    var at = page + 16
    for _ in 0..<Int.random(in: 0...20, using: &dice) {
      guard let word = word(bytes, at: at) else { break }
      let type = word & 31
      let step = type == 0 ? 4 + Int(self.word(bytes, at: at + 4) ?? 4) : type < 29 ? 4 + Int(type) * 4 : 8
      guard at + step < min(bytes.count, page + pageSize) else { break }
      at += step
    }
    let delta = [0, 1, 1000, (1 << 27) - 1].randomElement(using: &dice) ?? 0
    put(UInt32(delta) << 5 | (types.randomElement(using: &dice) ?? 0), into: &bytes, at: at)
    if Bool.random(using: &dice) { Borders.put(into: &bytes, at: at + 4, width: 4, with: &dice) }
  }

  private static func movePage(_ bytes: inout [UInt8], page: Int, pageSize: Int, with dice: inout Corrupter) {
    guard page + pageSize <= bytes.count, bytes.count < 1 << 20 else { return }
    let copy = Array(bytes[page..<page + pageSize])
    if Bool.random(using: &dice) { bytes.insert(contentsOf: copy, at: 0) } else { bytes += copy }
  }

  /// As many of the shortest events as a page holds.
  private static func fill(_ bytes: inout [UInt8], page: Int, pageSize: Int, with dice: inout Corrupter) {
    guard page + pageSize <= bytes.count, pageSize > 32 else { return }
    let words = Int.random(in: 1...5, using: &dice)
    let event = Array(bytes[(page + 16)..<min(page + 16 + words * 4, page + pageSize)])
    for place in (page + 16)..<(page + pageSize) { bytes[place] = event[(place - page - 16) % event.count] }
    put(UInt32(words - 1) | 1 << 5, into: &bytes, at: page + 16)
    put(UInt32(pageSize - 16), into: &bytes, at: page + 8)
  }

  private static func word(_ bytes: [UInt8], at: Int) -> UInt32? {
    guard at >= 0, at + 4 <= bytes.count else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
  }

  private static func put(_ value: UInt32, into bytes: inout [UInt8], at: Int) {
    guard at >= 0, at + 4 <= bytes.count else { return }
    for index in 0..<4 { bytes[at + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
  }
}
