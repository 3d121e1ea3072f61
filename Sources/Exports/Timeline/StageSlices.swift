import CallTrees
import KVMStages

/// The stages of a run as slices: one for each call that shows a stage, within one for the run.
struct StageSlices {
  /// Tag of the slice that is the run itself; the others are indices of its stages.
  static let runTag = -1

  let run: Run
  let tree: CallTree
  /// Rows in ascending order; those of outer stages first.
  let rows: [(row: Int, tag: Int)]
  /// `kvm_intel: stages (modprobe-123)`.
  let name: String

  /// nil: the trace holds no call of the run.
  init?(_ run: Run, of recording: Recording) {
    guard let task = run.task, recording.tasks.indices.contains(task), let root = run.rootRow else { return nil }
    self.run = run
    tree = recording.tasks[task].tree
    var rows = [(row: root, tag: Self.runTag)]
    for (tag, stage) in run.stages.enumerated() { rows += stage.rows.map { (row: $0, tag: tag) } }
    func level(_ tag: Int) -> Int { tag < 0 ? -1 : run.stages[tag].level }
    self.rows = rows.sorted { ($0.row, level($0.tag), $0.tag) < ($1.row, level($1.tag), $1.tag) }
    name = "\(run.module ?? "KVM"): stages (\(TaskLabel(recording.tasks[task]).name))"
  }

  func title(_ tag: Int) -> String {
    guard run.stages.indices.contains(tag) else { return "\(run.module ?? "KVM") init: \(run.verdict.rawValue)" }
    return run.stages[tag].stage.fullTitle
  }

  /// What is said of a slice, as keys and texts.
  func facts(_ tag: Int) -> [(key: String, value: String)] {
    guard run.stages.indices.contains(tag) else {
      let facts: [(String, String?)] = [
        ("verdict", run.verdict.rawValue), ("reason", run.reason), ("module", run.module), ("failed_stage", run.failure?.stage.id),
        ("failed_function", run.failure?.function), ("errno", run.failure?.errno),
      ]
      return facts.compactMap { key, value in value.flatMap { $0.isEmpty ? nil : (key, $0) } }
    }
    let stage = run.stages[tag]
    var facts = [(key: "stage", value: stage.stage.id), (key: "status", value: stage.status.rawValue)]
    if let function = stage.function { facts.append((key: "function", value: function)) }
    if let note = stage.note { facts.append((key: "note", value: note)) }
    return facts
  }

  /// The shares of stages on single CPUs, by CPU.
  var lanes: [(cpu: Int, shares: [CPULane.Share])] {
    let shares = run.stages.enumerated().flatMap { tag, stage in
      stage.perCPU.compactMap { share in
        share.startNS.map { (cpu: share.cpu, share: CPULane.Share(tag: tag, start: $0, duration: share.durationNS)) }
      }
    }
    return Dictionary(grouping: shares, by: \.cpu).sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.share)) }
  }
}
