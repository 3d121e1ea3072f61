/// The calls of one task in pre-order, as flat rows.
///
/// Row `i`'s first child is `i + 1` if that is below `calls[i].subtreeEnd`; the next sibling is `calls[i].subtreeEnd`. No walk recurses.
public struct CallTree: Sendable {
  public internal(set) var calls: [Call] = []
  /// CPU of each row's entry.
  public internal(set) var cpus: [UInt16] = []
  /// Return values by row, where the trace has them (`funcgraph-retval`). Sign-extended from the register.
  public internal(set) var returnValues: [UInt32: Int64] = [:]

  public init() {}

  /// The greatest depth of any call, 0 without calls.
  public var deepest: Int {
    calls.withUnsafeBufferPointer { calls in
      var deepest: UInt16 = 0
      for index in calls.indices { deepest = max(deepest, calls[index].depth) }
      return Int(deepest)
    }
  }

  /// Rows of the calls without a parent, in order.
  public var roots: Siblings { Siblings(of: calls, from: 0, to: calls.count) }

  /// Rows of the direct children of `row`, in order.
  public func children(of row: Int) -> Siblings { Siblings(of: calls, from: row + 1, to: Int(calls[row].subtreeEnd)) }

  /// All rows of the subtree of `row`, `row` first.
  public func subtree(of row: Int) -> Range<Int> { row..<max(row + 1, Int(calls[row].subtreeEnd)) }
}

extension CallTree {
  /// Gives the call at `row` another function: for a name that turned out to be wrong at this place.
  public mutating func setFunction(_ function: FunctionID, at row: Int) {
    guard calls.indices.contains(row) else { return }
    calls[row].function = function
  }
}

extension CallTree {
  /// Drops the return values of which `isKept` says so.
  public mutating func keepReturnValues(where isKept: (Int64) -> Bool) {
    if !returnValues.isEmpty { returnValues = returnValues.filter { isKept($0.value) } }
  }
}
