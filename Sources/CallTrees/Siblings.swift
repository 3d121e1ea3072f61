/// Rows of calls side by side: from a first one, hopping over subtrees, up to an end.
public struct Siblings: Sequence, IteratorProtocol {
  @usableFromInline let calls: [Call]
  @usableFromInline let end: Int
  @usableFromInline var row: Int

  /// - Parameters:
  ///   - calls: the rows of a task.
  ///   - first: row of the first sibling.
  ///   - end: the row behind the last one's subtree.
  @inlinable
  init(of calls: [Call], from first: Int, to end: Int) {
    self.calls = calls
    self.end = Swift.min(end, calls.count)
    row = first
  }

  @inlinable
  public mutating func next() -> Int? {
    guard row >= 0, row < end else { return nil }
    defer { row = Swift.max(Int(calls[row].subtreeEnd), row + 1) }
    return row
  }
}
