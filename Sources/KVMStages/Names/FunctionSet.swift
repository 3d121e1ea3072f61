import CallTrees

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

  func union(_ other: FunctionSet) -> FunctionSet {
    var union = self
    for (index, word) in other.words.enumerated() {
      if index < union.words.count { union.words[index] |= word } else { union.words.append(word) }
    }
    union.isEmpty = isEmpty && other.isEmpty
    return union
  }
}

extension CallTree {
  /// Rows of the calls of these functions, in order.
  func rows(of functions: FunctionSet) -> [Int] {
    var rows: [Int] = []
    calls.withUnsafeBufferPointer { calls in
      for row in calls.indices where functions.contains(calls[row].function.index) { rows.append(row) }
    }
    return rows
  }
}
