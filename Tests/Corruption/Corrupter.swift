/// Changes traces at random, the same on every run.
public struct Corrupter: RandomNumberGenerator, Sendable {
  private var state: UInt64

  private static let words: [[UInt8]] = [
    [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0x80], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0x7f], [1, 0, 0, 0], [0xff, 0xff], [0xff, 0x7f],
  ]
  private static let signs = [UInt8](" \n{}();|-=>/*[]0x+!#@$:.,us".utf8)

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// Changes up to six places from `start` on: single bits, bytes, and words with telling values.
  public mutating func change(_ bytes: UnsafeMutableRawBufferPointer, from start: Int = 0) {
    guard start < bytes.count else { return }
    for _ in 0..<Int.random(in: 1...6, using: &self) {
      let at = Int.random(in: start..<bytes.count, using: &self)
      switch UInt8.random(in: 0...2, using: &self) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &self)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &self)
      default:
        let word = Self.words.randomElement(using: &self) ?? []
        for (index, byte) in word.enumerated() where at + index < bytes.count { bytes[at + index] = byte }
      }
    }
  }

  /// Changes a trace-cmd file: plain bytes of it, or, where it has `blocks`, the content of one of them.
  public mutating func change(dat bytes: inout [UInt8], blocks: PackedBlocks) {
    if let block = blocks.blocks.randomElement(using: &self), Bool.random(using: &self) {
      let isChanged = bytes.withUnsafeMutableBytes { bytes in PackedBlocks.change(block, of: bytes) { change($0) } }
      if isChanged { return }
    }
    bytes.withUnsafeMutableBytes { change($0, from: 10) }
  }

  /// Changes up to twenty places of a text: any byte, a sign that means something, or a stretch that goes missing or comes twice.
  public mutating func change(text bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...20, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &self)
      let end = min(place + Int.random(in: 1...200, using: &self), bytes.count)
      switch Int.random(in: 0..<5, using: &self) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 1, 2: bytes[place] = Self.signs.randomElement(using: &self) ?? 0
      case 3: bytes.removeSubrange(place..<end)
      default: bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &self))
      }
    }
  }
}
