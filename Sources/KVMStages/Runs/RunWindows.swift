import CallTrees

/// When the runs of a recording were on, by the recording's clock.
struct RunWindows {
  private var starts: [UInt64] = []
  private var ends: [UInt64] = []
  private let recording: Recording

  init(_ candidates: some Collection<RunCandidate>, _ recording: Recording) {
    self.recording = recording
    guard recording.hasTimes else { return }
    starts = candidates.compactMap { root($0).knownStart }.sorted()
    ends = candidates.compactMap { window(of: $0)?.upperBound }.sorted()
  }

  /// From the run's first call to its end; where its end is not in the trace, up to the next run, or for ever. Nil without times.
  func window(of candidate: RunCandidate) -> ClosedRange<UInt64>? {
    let call = root(candidate)
    guard recording.hasTimes, let start = call.knownStart else { return nil }
    if let duration = call.measuredDuration { return start...max(start, start &+ duration) }
    let later = starts.partitionPoint { $0 > start }
    return start...(starts.indices.contains(later) ? starts[later] - 1 : .max)
  }

  /// Whether exactly one run was on at `time`: what other tasks did for KVM then, they did for that one.
  func isOfOneRun(_ time: UInt64) -> Bool {
    starts.partitionPoint { $0 > time } - ends.partitionPoint { $0 >= time } == 1
  }

  private func root(_ candidate: RunCandidate) -> Call { recording.tasks[candidate.task].tree.calls[candidate.rootRow] }
}
