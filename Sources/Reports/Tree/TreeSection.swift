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

/// Chooses what `--tree` shows of a run.
struct TreeSections {
  private(set) var sections: [TreeSection] = []

  init(_ recording: Recording, _ run: Run, options: ReportOptions) {
    guard let index = run.task, recording.tasks.indices.contains(index), let root = run.rootRow,
      recording.tasks[index].tree.calls.indices.contains(root)
    else {
      sections = Self.whole(recording)
      return
    }
    let task = recording.tasks[index]
    let ranges = Self.ranges(of: run, tree: task.tree, root: root, stageID: options.stageID)
    let heading = options.stageID.map { "stage \($0) of \(Self.name(of: task))" } ?? "calls of \(Self.name(of: task))"
    sections.append(
      TreeSection(
        heading: heading, task: task, ranges: ranges, marks: Self.marks(of: run, tree: task.tree),
        culprit: run.failure?.stage.id, origin: run.startNS))
    if options.stageID == nil { sections += Self.remote(recording, run, except: index) }
  }

  /// Every call of every task.
  private static func whole(_ recording: Recording) -> [TreeSection] {
    let starts = recording.hasTimes ? recording.tasks.compactMap { $0.tree.calls.first { $0.knownStart != nil }?.start } : []
    return recording.tasks.map { task in
      TreeSection(heading: "calls of \(name(of: task))", task: task, ranges: [0..<task.tree.calls.count], origin: starts.min())
    }
  }

  static func name(of task: TaskTrace) -> String {
    switch (task.comm, task.pid) {
    case (let comm?, let pid?): "\(comm)-\(pid)"
    case (nil, let pid?): "task \(pid)"
    default: task.comm ?? "an unnamed task"
    }
  }

  private static func ranges(of run: Run, tree: CallTree, root: Int, stageID: String?) -> [Range<Int>] {
    guard let stageID else { return [tree.subtree(of: root)] }
    var ranges: [Range<Int>] = []
    let rows = run.stages.filter { $0.stage.id == stageID }.flatMap(\.rows).filter(tree.calls.indices.contains).sorted()
    for row in rows where row >= (ranges.last?.upperBound ?? 0) { ranges.append(tree.subtree(of: row)) }
    return ranges
  }

  private static func marks(of run: Run, tree: CallTree) -> [TreeSection.Mark] {
    var marks: [TreeSection.Mark] = []
    for result in run.stages {
      for (index, row) in result.rows.enumerated() where tree.calls.indices.contains(row) {
        marks.append(TreeSection.Mark(row: row, stage: result, isFirst: index == 0))
      }
    }
    return marks.sorted { ($0.row, $0.stage.level) < ($1.row, $1.stage.level) }
  }

  // MARK: other tasks

  /// What other tasks, such as `cpuhp/1`, ran of the stages while the run was on.
  private static func remote(_ recording: Recording, _ run: Run, except index: Int) -> [TreeSection] {
    guard let start = run.startNS else { return [] }
    let end = run.durationNS.map { start &+ $0 } ?? .max
    let names = Set(run.stages.flatMap { $0.stage.forms.flatMap(\.markers).filter { $0.module != nil }.map(\.function) })
    let isMarker = recording.functions.map { $0.trustedName.map(names.contains) ?? false }
    var sections: [TreeSection] = []
    for (other, task) in recording.tasks.enumerated() where other != index {
      var ranges: [Range<Int>] = []
      var row = 0
      while row < task.tree.calls.count {
        let call = task.tree.calls[row]
        let function = Int(call.function.index)
        if isMarker.indices.contains(function), isMarker[function], let at = call.knownStart, at >= start, at < end {
          ranges.append(task.tree.subtree(of: row))
          row = ranges[ranges.count - 1].upperBound
        } else {
          row += 1
        }
      }
      if !ranges.isEmpty { sections.append(TreeSection(heading: heading(of: task, at: ranges), task: task, ranges: ranges, origin: start)) }
    }
    return sections
  }

  private static func heading(of task: TaskTrace, at ranges: [Range<Int>]) -> String {
    let cpu = ranges.first.flatMap { task.tree.cpus.indices.contains($0.lowerBound) ? task.tree.cpus[$0.lowerBound] : nil }
    return "meanwhile in \(name(of: task))" + (cpu.map { ", CPU \($0)" } ?? "")
  }
}
