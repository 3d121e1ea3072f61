import CallTrees
import KVMStages

/// What other tasks, such as `cpuhp/1`, ran of the stages while the runs of a report were on.
///
/// Each call is shown with one run, the first one that was on: where many loads overlap, all of them would repeat it.
struct Meanwhile {
  /// Subtrees of a task, in order, not overlapping.
  struct Part {
    var task: Int
    var ranges: [Range<Int>]
  }

  private var parts: [[Part]]
  private var spans: [Span] = []

  /// When a run was on, and what its stages call in KVM's modules.
  private struct Span {
    var run: Int
    var task: Int?
    var window: ClosedRange<UInt64>
    var names: Set<String>
  }

  init(_ recording: Recording, _ runs: [Run]) {
    parts = Array(repeating: [], count: runs.count)
    let periods = runs.map { RunPeriod(start: $0.startNS, duration: $0.durationNS) }
    let windows = RunWindows(periods)
    for (number, run) in runs.enumerated() {
      guard let window = windows.window(of: periods[number]) else { continue }
      let markers = run.stages.flatMap { $0.stage.forms.flatMap(\.markers).filter { $0.module != nil }.map(\.function) }
      spans.append(Span(run: number, task: run.task, window: window, names: Set(markers)))
    }
    let names = spans.reduce(into: Set()) { $0.formUnion($1.names) }
    let isMarker = recording.functions.map { $0.trustedName.map(names.contains) ?? false }
    guard isMarker.contains(true) else { return }
    for task in recording.tasks.indices { look(through: recording.tasks[task].tree, task, recording, isMarker) }
  }

  /// Of the run with this number, from 0, in the order of the tasks.
  func parts(of number: Int) -> [Part] { parts.indices.contains(number) ? parts[number] : [] }

  private mutating func look(through tree: CallTree, _ task: Int, _ recording: Recording, _ isMarker: [Bool]) {
    var row = 0
    while row < tree.calls.count {
      let call = tree.calls[row]
      let function = Int(call.function.index)
      guard isMarker.indices.contains(function), isMarker[function], let at = call.knownStart,
        let name = recording.function(call.function).trustedName, let run = run(at: at, besides: task, calling: name)
      else {
        row += 1
        continue
      }
      let range = tree.subtree(of: row)
      if parts[run].last?.task != task { parts[run].append(Part(task: task, ranges: [])) }
      parts[run][parts[run].count - 1].ranges.append(range)
      row = range.upperBound
    }
  }

  private func run(at time: UInt64, besides task: Int, calling name: String) -> Int? {
    spans.first { $0.window.contains(time) && $0.task != task && $0.names.contains(name) }?.run
  }
}
