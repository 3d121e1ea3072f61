import CallTrees

/// The events around calls, prepared when they are first asked for: a recording can hold hundreds of runs, thousands of inits whose names are
/// gone, and a hundred thousand events.
final class TaskSurroundings {
  private let recording: Recording
  /// Of each process, by row.
  private lazy var events = Dictionary(grouping: recording.events, by: \.pid).mapValues { $0.inOrderOfRows() }
  /// Of the task that was asked about last.
  private var roots: (task: Int, rows: [Int])?

  init(_ recording: Recording) { self.recording = recording }

  /// The events of the task from the end of the root before `row` to the end of what `row` calls.
  func events(around row: Int, task: Int) -> ArraySlice<TraceEvent> {
    let tree = recording.tasks[task].tree
    let roots = roots(of: task)
    let place = roots.partitionPoint { $0 >= row }
    let start = place == 0 ? 0 : tree.subtree(of: roots[place - 1]).upperBound
    return events(from: start, through: tree.subtree(of: row).upperBound, task: task)
  }

  /// The events of the task that come at the calls from row `first` to row `last`.
  func events(from first: Int, through last: Int, task: Int) -> ArraySlice<TraceEvent> {
    guard let events = events[recording.tasks[task].pid] else { return [] }
    let (start, end) = (events.partitionPoint { $0.row >= first }, events.partitionPoint { $0.row > last })
    return start < end ? events[start..<end] : []
  }

  private func roots(of task: Int) -> [Int] {
    if let roots, roots.task == task { return roots.rows }
    let rows = Array(recording.tasks[task].tree.roots)
    roots = (task, rows)
    return rows
  }
}
