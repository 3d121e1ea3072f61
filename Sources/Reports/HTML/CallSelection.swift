import CallTrees

/// The calls that a page holds: all of them, or, of a large trace, those that last. The others are folded, and counted.
struct CallSelection {
  /// A call, or neighbours that are too short to be held one by one.
  struct Item {
    var row: Int
    /// The row after the last that it stands for, its callees not counted if they have items.
    var end: Int
    var level: Int
    /// Calls that a fold stands for, those below them too; 0 for a call.
    var folded = 0
    var isFold: Bool { folded > 0 }
  }

  struct Lane {
    var section: TreeSection
    var items: [Item] = []
  }

  private(set) var lanes: [Lane] = []
  /// Calls below this many nanoseconds are folded, unless a stage or the failing call is in them; `.max`: all others.
  private(set) var shortest: UInt64?
  /// Calls below the depth that was asked for.
  private(set) var tooDeep = 0
  /// The depth that was asked for.
  let maxDepth: Int?
  /// Tasks that have no lane.
  let hiddenTasks: Int

  private static let mostLanes = 64
  /// Bounds that are tried, in nanoseconds: 1, 2, 5 times the powers of ten from 1 µs to 10 s, and everything.
  private static let bounds: [UInt64] =
    [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000].flatMap { [$0, 2 * $0, 5 * $0] } + [.max]

  /// - Parameters:
  ///   - kept: rows of the first section that are never folded.
  ///   - budget: items, at most.
  init(_ sections: [TreeSection], kept: [Int], budget: Int, maxDepth: Int?, minDuration: UInt64?) {
    self.maxDepth = maxDepth
    hiddenTasks = max(0, sections.count - Self.mostLanes)
    let walks = sections.prefix(Self.mostLanes).enumerated().map { index, section in
      Walk(section, kept: index == 0 ? kept : [], maxDepth: maxDepth)
    }
    shortest = Self.bound(walks, budget: budget, least: minDuration)
    for walk in walks {
      var lane = Lane(section: walk.section)
      tooDeep += walk.visit(shortest: shortest) { lane.items.append($0) }
      lanes.append(lane)
    }
  }

  /// The first bound that keeps within the budget.
  private static func bound(_ walks: [Walk], budget: Int, least: UInt64?) -> UInt64? {
    func fits(_ bound: UInt64?) -> Bool {
      var count = 0
      for walk in walks { _ = walk.visit(shortest: bound) { _ in count += 1 } }
      return count <= budget
    }
    if fits(least) { return least }
    let bounds = bounds.filter { $0 > least ?? 0 }
    // The last is taken when no other fits.
    return bounds[bounds.dropLast().partitionPoint { fits($0) }]
  }
}

/// A walk over the calls of a section.
private struct Walk {
  let section: TreeSection
  private let tree: CallTree
  /// Rows that are not folded, nor what they lie in.
  private let kept: [Int]
  private let maxDepth: Int?

  init(_ section: TreeSection, kept: [Int], maxDepth: Int?) {
    self.section = section
    self.maxDepth = maxDepth
    tree = section.task.tree
    self.kept = (kept + section.marks.filter(\.isFirst).map(\.row)).sorted()
  }

  /// Calls `body` for each item, in order.
  ///
  /// - Returns: the number of calls that are too deep.
  func visit(shortest: UInt64?, _ body: (CallSelection.Item) -> Void) -> Int {
    var tooDeep = 0
    var ends: [Int] = []
    for range in section.ranges {
      ends.removeAll()
      var row = range.lowerBound
      while row < range.upperBound {
        while let end = ends.last, row >= end { ends.removeLast() }
        let siblingsEnd = ends.last ?? range.upperBound
        let end = end(of: row, within: siblingsEnd)
        if let shortest, isShort(row..<end, shortest) {
          var last = end
          while last < siblingsEnd, case let next = self.end(of: last, within: siblingsEnd), isShort(last..<next, shortest) { last = next }
          body(CallSelection.Item(row: row, end: last, level: ends.count, folded: last - row))
          row = last
          continue
        }
        body(CallSelection.Item(row: row, end: row + 1, level: ends.count))
        let isDeepest = maxDepth.map { ends.count >= $0 } ?? false
        if isDeepest { tooDeep += end - row - 1 } else { ends.append(end) }
        row = isDeepest ? end : row + 1
      }
    }
    return tooDeep
  }

  private func end(of row: Int, within end: Int) -> Int { min(tree.subtree(of: row).upperBound, end) }

  private func isShort(_ rows: Range<Int>, _ shortest: UInt64) -> Bool {
    if shortest != .max {
      guard let duration = tree.calls[rows.lowerBound].measuredDuration, duration < shortest else { return false }
    }
    return !holdsKept(rows)
  }

  private func holdsKept(_ rows: Range<Int>) -> Bool {
    let first = kept.partitionPoint { $0 >= rows.lowerBound }
    return first < kept.count && kept[first] < rows.upperBound
  }
}
