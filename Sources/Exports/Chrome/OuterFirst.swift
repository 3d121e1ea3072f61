/// Hands slices on in the order in which viewers of the Trace Event Format nest those that begin together: the outer one first.
///
/// Slices end from the innermost one outwards. One that begins together with the slice around it waits until that one has ended; all others
/// are handed on at once. Those that did not end come last, the outermost first.
struct OuterFirst<Visitor: SliceVisitor>: SliceVisitor {
  private var visitor: Visitor
  private var open: [OpenSlice] = []
  /// In the order of their begin.
  private var waiting: [TiedSlice] = []
  /// In the order of their end.
  private var unfinished: [(slice: TiedSlice, lastTime: UInt64)] = []

  init(_ visitor: Visitor) { self.visitor = visitor }

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) {
    visitor.begin(tag, row: row, at: time)
    let waits = open.last?.begin == time
    open.append(OpenSlice(begin: time, place: waiting.count, waits: waits))
    if waits { waiting.append(TiedSlice(tag: tag, row: row, begin: time, end: nil)) }
  }

  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) {
    guard let slice = open.popLast() else { return }
    if slice.waits {
      waiting[slice.place].end = time
    } else {
      visitor.end(tag, row: row, from: begin, at: time)
      if waiting.count > slice.place { handOn(from: slice.place) }
    }
  }

  mutating func instant(_ tag: Int, row: Int, at time: UInt64) { visitor.instant(tag, row: row, at: time) }

  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) {
    unfinished.append((TiedSlice(tag: tag, row: row, begin: begin, end: nil), lastTime))
  }

  /// Hands on what still waits, when all slices have come.
  mutating func finish() {
    handOn(from: 0)
    for (slice, lastTime) in unfinished.reversed() { visitor.unfinished(slice.tag, row: slice.row, from: slice.begin, lastTime: lastTime) }
    unfinished = []
  }

  private mutating func handOn(from place: Int) {
    // Those that did not end are handed on as unfinished.
    for slice in waiting[place...] { if let end = slice.end { visitor.end(slice.tag, row: slice.row, from: slice.begin, at: end) } }
    waiting.removeLast(waiting.count - place)
  }
}

// Not within the generic type: there, code that is not specialised for its visitor asks for their sizes each time.

private struct TiedSlice {
  var tag: Int
  var row: Int
  var begin: UInt64
  /// nil: it has not ended yet.
  var end: UInt64?
}

/// A slice that is open.
private struct OpenSlice {
  var begin: UInt64
  /// Where it stands among those that wait, or where those would stand that wait for it.
  var place: Int
  var waits: Bool
}
