extension RandomAccessCollection where Index == Int {
  /// Index of the first element that `isBehind`, by binary search, or `endIndex`; those that are stand behind all others.
  @inlinable
  package func partitionPoint(where isBehind: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
