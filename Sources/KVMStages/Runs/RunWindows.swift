import CallTrees

/// When a run began, and how long it was on, in nanoseconds of the recording's clock.
package struct RunPeriod: Sendable {
  /// nil where the recording does not tell.
  package var start: UInt64?
  /// nil where its end is not in the trace.
  package var duration: UInt64?

  package init(start: UInt64?, duration: UInt64?) { (self.start, self.duration) = (start, duration) }

  init(_ candidate: RunCandidate, in recording: Recording) {
    let call = recording.tasks[candidate.task].tree.calls[candidate.rootRow]
    self.init(start: recording.hasTimes ? call.knownStart : nil, duration: call.measuredDuration)
  }
}

/// When the runs of a recording were on.
package struct RunWindows: Sendable {
  private let starts: [UInt64]
  private var ends: [UInt64] = []

  /// - Parameter periods: those of all runs of the recording.
  package init(_ periods: [RunPeriod]) {
    starts = periods.compactMap(\.start).sorted()
    ends = periods.compactMap { window(of: $0)?.upperBound }.sorted()
  }

  /// From the run's first call to its end; where its end is not in the trace, up to the next run, or for ever. Nil without times.
  package func window(of period: RunPeriod) -> ClosedRange<UInt64>? {
    guard let start = period.start else { return nil }
    if let duration = period.duration { return start...max(start, start &+ duration) }
    let later = starts.partitionPoint { $0 > start }
    return start...(starts.indices.contains(later) ? starts[later] - 1 : .max)
  }

  /// Whether exactly one run was on at `time`: what other tasks did for KVM then, they did for that one.
  func isOfOneRun(_ time: UInt64) -> Bool {
    starts.partitionPoint { $0 > time } - ends.partitionPoint { $0 >= time } == 1
  }
}
