/// A set of function indices, as bits: the analysis asks row by row whether a call's function is in it.
struct FunctionSet {
  private var words: [UInt64] = []

  private(set) var isEmpty = true

  func contains(_ index: UInt32) -> Bool {
    let word = Int(index >> 6)
    return word < words.count && words[word] >> UInt64(index & 63) & 1 != 0
  }

  /// Adds an index of the recording's functions; these are few.
  mutating func insert(_ index: UInt32) {
    let word = Int(index >> 6)
    if word >= words.count { words += Array(repeating: 0, count: word + 1 - words.count) }
    words[word] |= 1 << UInt64(index & 63)
    isEmpty = false
  }
}
