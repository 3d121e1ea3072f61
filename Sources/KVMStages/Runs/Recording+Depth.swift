import CallTrees

extension Recording {
  /// The greatest depth of any call: a call at it may have callees that a depth limit hides.
  var deepest: Int { tasks.map(\.tree.deepest).max() ?? 0 }

  /// No load of a KVM module is as shallow as this: a recording that is has a depth limit.
  static let leastDepth = 12
}

extension CallTree {
  /// Whether a depth limit may hide what `row` calls: it has no callees, and nothing in the recording is deeper than `deepest`.
  func isAtDepthLimit(_ row: Int, deepest: Int) -> Bool {
    deepest < Recording.leastDepth && Int(calls[row].depth) >= deepest && subtree(of: row).count == 1
  }
}
