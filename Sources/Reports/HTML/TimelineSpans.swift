import CallTrees

/// Stretches of time for a drawing, from many calls: what the eye could not tell apart is one.
struct TimelineSpans {
  private(set) var spans: [Span] = []
  /// Gaps below this many nanoseconds are closed.
  private let resolution: UInt64
  private let scale: Scale

  /// - Parameter scale: what lies outside of it is left out.
  init(scale: Scale) {
    self.scale = scale
    resolution = scale.length / 2000
  }

  /// Adds a stretch; they come in the order of their start.
  mutating func add(from start: UInt64, for duration: UInt64) {
    let last = scale.start &+ scale.length
    guard start < last else { return }
    let (sum, overflow) = start.addingReportingOverflow(duration)
    let end = min(overflow ? .max : sum, last)
    guard end > scale.start else { return }
    let begin = max(start, scale.start)
    if let previous = spans.indices.last, begin <= spans[previous].end &+ resolution {
      spans[previous].end = max(spans[previous].end, end)
    } else {
      spans.append(Span(start: begin, end: end))
    }
  }

  /// The topmost calls below `rows` with `flag`.
  mutating func add(_ tree: CallTree, rows: Range<Int>, flagged flag: CallFlags) {
    var row = rows.lowerBound
    while row < min(rows.upperBound, tree.calls.count) {
      let call = tree.calls[row]
      guard call.flags.contains(flag), let start = call.knownStart, let duration = call.measuredDuration else {
        row += 1
        continue
      }
      add(from: start, for: duration)
      row = tree.subtree(of: row).upperBound
    }
  }

  /// The outline of all stretches over a width of 10,000 units and a height of 1.
  var path: String {
    spans.map { span in
      let x = scale.place(span.start, units: 10_000)
      let width = scale.place(span.end, units: 10_000) - x
      return "M\(Scale.decimal(x)) 0h\(Scale.decimal(width))v1H\(Scale.decimal(x))z"
    }.joined()
  }
}
