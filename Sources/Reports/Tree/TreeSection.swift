import CallTrees
import KVMStages

/// A part of a task's call tree that is shown under one heading.
struct TreeSection {
  /// A stage that begins at a row.
  struct Mark {
    var row: Int
    var stage: StageResult
    var isFirst: Bool
  }

  var heading: String
  var task: TaskTrace
  /// Subtrees to show, in order, not overlapping.
  var ranges: [Range<Int>]
  /// In the order of rows.
  var marks: [Mark] = []
  /// Id of the failing stage; others that failed only hold it.
  var culprit: String?
  /// The time that `@` counts from, nil when the trace has no times.
  var origin: UInt64?

  /// Marks with rows in `range`.
  func marks(in range: Range<Int>) -> ArraySlice<Mark> {
    marks[firstMark(at: range.lowerBound)..<firstMark(at: range.upperBound)]
  }

  private func firstMark(at row: Int) -> Int { marks.partitionPoint { $0.row >= row } }
}
