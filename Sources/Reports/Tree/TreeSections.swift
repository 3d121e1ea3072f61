import CallTrees
import KVMStages

/// Chooses what the call trees of a report show.
struct TreeSections {
  private let recording: Recording
  private let runs: [Run]
  private let stageID: String?
  private let meanwhile: Meanwhile

  /// - Parameter stageID: the only stage to show, or nil.
  init(_ recording: Recording, _ runs: [Run], stageID: String?) {
    (self.recording, self.runs, self.stageID) = (recording, runs, stageID)
    meanwhile = Meanwhile(recording, stageID == nil ? runs : [])
  }

  /// What is shown of the run with this number, from 0.
  subscript(number: Int) -> [TreeSection] {
    let run = runs[number]
    guard let index = run.task, recording.tasks.indices.contains(index), let root = run.rootRow,
      recording.tasks[index].tree.calls.indices.contains(root)
    else { return Self.whole(recording) }
    let task = recording.tasks[index]
    let ranges = Self.ranges(of: run, tree: task.tree, root: root, stageID: stageID)
    let heading = stageID.map { "stage \($0) of \(Self.name(of: task))" } ?? "calls of \(Self.name(of: task))"
    let own = TreeSection(
      heading: heading, task: task, ranges: ranges, marks: Self.marks(of: run, tree: task.tree), culprit: run.failure?.stage.id,
      origin: run.startNS)
    return [own]
      + meanwhile.parts(of: number).map { part in
        let task = recording.tasks[part.task]
        return TreeSection(heading: Self.heading(of: task, at: part.ranges), task: task, ranges: part.ranges, origin: run.startNS)
      }
  }

  /// Every call of every task.
  private static func whole(_ recording: Recording) -> [TreeSection] {
    let starts = recording.hasTimes ? recording.tasks.compactMap { $0.tree.calls.first { $0.knownStart != nil }?.start } : []
    let origin = starts.min()
    return recording.tasks.map { task in
      TreeSection(heading: "calls of \(name(of: task))", task: task, ranges: [0..<task.tree.calls.count], origin: origin)
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

  private static func heading(of task: TaskTrace, at ranges: [Range<Int>]) -> String {
    let cpu = ranges.first.flatMap { task.tree.cpus.indices.contains($0.lowerBound) ? task.tree.cpus[$0.lowerBound] : nil }
    return "meanwhile in \(name(of: task))" + (cpu.map { ", CPU \($0)" } ?? "")
  }
}
