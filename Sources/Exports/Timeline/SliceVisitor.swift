/// Takes slices that nest, in the order of their timeline.
///
/// `tag` tells what a slice stands for, `row` is that of its call in the tree, or -1.
protocol SliceVisitor {
  /// A slice begins. It ends in `end`, or in `unfinished` at the end of the task.
  mutating func begin(_ tag: Int, row: Int, at time: UInt64)
  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64)
  /// A call of which only the entry or only the return is known, in the midst of others; what it called is drawn in its caller.
  mutating func instant(_ tag: Int, row: Int, at time: UInt64)
  /// The slice has no end: nothing was recorded of the task after it. The innermost one comes first.
  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64)
}
