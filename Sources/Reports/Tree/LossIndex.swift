import CallTrees

/// The losses of a recording by CPU and time, put in order once for all sections of a report: there are tens of thousands of either.
struct LossIndex {
  /// Losses of one CPU, in the order of their places, with what comes before each in sum.
  fileprivate struct Lane {
    var cpu: Int
    var places: [UInt64] = []
    /// Ends of the gaps.
    var ends: [UInt64?] = []
    /// One more than there are losses, as in `unknown`: losses without a number.
    var events: [UInt64] = [0]
    var unknown = [0]

    init(_ losses: [Loss], cpu: Int) {
      self.cpu = cpu
      for loss in losses.sorted(by: { LossIndex.place($0) < LossIndex.place($1) }) {
        places.append(LossIndex.place(loss))
        ends.append(loss.before)
        events.append((events.last ?? 0) &+ (loss.count ?? 0))
        unknown.append((unknown.last ?? 0) + (loss.count == nil ? 1 : 0))
      }
    }

    /// The losses in `range`, which is not empty, as one.
    func gaps(_ range: Range<Int>) -> Gaps {
      let events = events[range.upperBound] &- events[range.lowerBound]
      let isKnown = unknown[range.upperBound] == unknown[range.lowerBound]
      return Gaps(cpu: cpu, count: range.count, events: isKnown ? events : nil, end: ends[range.upperBound - 1])
    }
  }

  private var ended: [Int: Lane] = [:]
  /// Those whose end is not in the trace: they concern all that ran on the CPU.
  private var open: [Int: Lane] = [:]
  /// By the begin of the gap.
  let byStart: [Loss]

  init(_ recording: Recording) {
    byStart = recording.hasTimes ? recording.losses.sorted { ($0.after ?? 0) < ($1.after ?? 0) } : []
    for (cpu, losses) in Dictionary(grouping: byStart, by: \.cpu) {
      ended[cpu] = Lane(losses.filter { $0.before != nil }, cpu: cpu)
      open[cpu] = Lane(losses.filter { $0.before == nil }, cpu: cpu)
    }
  }

  /// Where a loss stands among calls: at its end.
  private static func place(_ loss: Loss) -> UInt64 { loss.before ?? loss.after ?? 0 }

  /// Those on `cpus` that end after `begin`.
  func cursor(on cpus: Set<Int>, after begin: UInt64) -> LossCursor {
    let parts = cpus.sorted().flatMap { cpu in
      [
        ended[cpu].map { LossCursor.Part(lane: $0, next: $0.places.partitionPoint { $0 > begin }) },
        open[cpu].map { LossCursor.Part(lane: $0, next: 0) },
      ].compactMap { $0 }
    }
    return LossCursor(parts)
  }
}

/// Losses that are still to come in a section of the tree.
struct LossCursor {
  fileprivate struct Part {
    var lane: LossIndex.Lane
    var next: Int

    var place: UInt64? { next < lane.places.count ? lane.places[next] : nil }
  }

  private var parts: [Part]
  /// Of the next one; nil: none is left.
  private var place: UInt64?

  fileprivate init(_ parts: [Part]) {
    self.parts = parts
    place = parts.lazy.compactMap(\.place).min()
  }

  /// The losses that ended by `time`, those of each CPU as one: where many tasks run, a task calls little between many gaps.
  mutating func gaps(before time: UInt64) -> [Gaps] {
    guard let first = place, first <= time else { return [] }
    var gaps: [(place: UInt64, gaps: Gaps)] = []
    for index in parts.indices {
      guard let place = parts[index].place, place <= time else { continue }
      let end = parts[index].lane.places.partitionPoint { $0 > time }
      gaps.append((place, parts[index].lane.gaps(parts[index].next..<end)))
      parts[index].next = end
    }
    place = parts.lazy.compactMap(\.place).min()
    return gaps.sorted { $0.place < $1.place }.map(\.gaps)
  }
}

/// Losses of one CPU between two calls of a task.
struct Gaps {
  var cpu: Int
  /// Number of gaps.
  var count: Int
  /// Events that were lost; nil: not known of each gap.
  var events: UInt64?
  /// End of the last one, where the trace tells it.
  var end: UInt64?
}
