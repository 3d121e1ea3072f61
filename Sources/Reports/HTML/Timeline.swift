import CallTrees
import KVMStages

/// What a timeline shows of a run: lanes with bars, and what happened beside them.
struct Timeline {
  struct Bar {
    var stage: StageResult
    var start: UInt64
    var duration: UInt64
    /// Calls that the bar stands for, for the hint that a pointer gets.
    var calls = 1
    /// Of a CPU's share: whether its result is an error, as far as the trace tells. nil: the bar is of the run's task.
    var isRefusal: Bool?
  }

  struct Lane {
    var label: String
    /// Bars by level, the outermost stages first.
    var levels: [[Bar]]
  }

  let scale: Scale
  private(set) var lanes: [Lane] = []
  let interrupts: TimelineSpans
  let sleep: TimelineSpans
  let lost: TimelineSpans
  /// CPUs that have no lane of their own.
  private(set) var hiddenCPUs = 0

  private static let mostCPUs = 32
  private static let mostLevels = 12
  /// Bars of one stage in one lane: further calls are joined with the last.
  private static let mostBars = 400

  /// nil when the trace has no times to draw.
  ///
  /// - Parameter losses: those of the recording, by their begin.
  init?(_ recording: Recording, _ run: Run, losses: [Loss]) {
    guard recording.hasTimes, let start = run.startNS, let duration = run.durationNS, duration > 0, let index = run.task,
      let root = run.rootRow, recording.tasks.indices.contains(index), recording.tasks[index].tree.calls.indices.contains(root)
    else { return nil }
    let task = recording.tasks[index]
    let scale = Scale(start: start, length: duration)
    self.scale = scale
    var interrupts = TimelineSpans(scale: scale)
    interrupts.add(task.tree, rows: task.tree.subtree(of: root), flagged: .interrupt)
    self.interrupts = interrupts
    sleep = Self.sleep(of: task, root: root, scale: scale)
    lost = Self.lost(losses, scale: scale)
    lanes = [Lane(label: TreeSections.name(of: task), levels: Self.levels(of: run, tree: task.tree, scale: scale))]
    addCPUs(of: run)
  }

  private static func sleep(of task: TaskTrace, root: Int, scale: Scale) -> TimelineSpans {
    var spans = TimelineSpans(scale: scale)
    guard let offCPU = task.offCPU else {
      spans.add(task.tree, rows: task.tree.subtree(of: root), flagged: .sleep)
      return spans
    }
    for span in offCPU { spans.add(from: span.start, for: span.end &- span.start) }
    return spans
  }

  private static func lost(_ losses: [Loss], scale: Scale) -> TimelineSpans {
    var spans = TimelineSpans(scale: scale)
    for loss in losses[..<losses.partitionPoint { ($0.after ?? 0) >= scale.start &+ scale.length }] {
      let start = loss.after ?? 0
      spans.add(from: start, for: (loss.before ?? .max) &- start)
    }
    return spans
  }

  // MARK: bars

  private static func levels(of run: Run, tree: CallTree, scale: Scale) -> [[Bar]] {
    var levels: [[Bar]] = []
    for result in run.stages {
      let bars = bars(of: result, tree: tree, scale: scale)
      guard !bars.isEmpty, result.level >= 0 else { continue }
      let level = min(result.level, mostLevels - 1)
      while levels.count <= level { levels.append([]) }
      levels[level] += bars
    }
    return levels.filter { !$0.isEmpty }
  }

  private static func bars(of result: StageResult, tree: CallTree, scale: Scale) -> [Bar] {
    var bars: [Bar] = []
    for row in result.rows where tree.calls.indices.contains(row) {
      let call = tree.calls[row]
      guard let start = call.knownStart, let duration = call.measuredDuration else { continue }
      let end = start &+ duration
      if let last = bars.indices.last, start >= bars[last].start, isNear(start, bars[last], scale) || bars.count >= mostBars {
        bars[last].duration = max(bars[last].duration, end &- bars[last].start)
        bars[last].calls += 1
      } else {
        bars.append(Bar(stage: result, start: start, duration: duration))
      }
    }
    return bars
  }

  private static func isNear(_ start: UInt64, _ bar: Bar, _ scale: Scale) -> Bool {
    let end = bar.start &+ bar.duration
    return start <= end || start - end < scale.length / 1000
  }

  // MARK: other CPUs

  private mutating func addCPUs(of run: Run) {
    var bars: [Int: [Bar]] = [:]
    for result in run.stages {
      for share in result.perCPU {
        guard let start = share.startNS, let duration = share.durationNS else { continue }
        bars[share.cpu, default: []].append(
          Bar(stage: result, start: start, duration: duration, isRefusal: share.result.map(ErrnoName.isError) ?? false))
      }
    }
    let cpus = bars.keys.sorted()
    hiddenCPUs = max(0, cpus.count - Self.mostCPUs)
    for cpu in cpus.prefix(Self.mostCPUs) { lanes.append(Lane(label: "CPU \(cpu)", levels: [bars[cpu] ?? []])) }
  }
}
