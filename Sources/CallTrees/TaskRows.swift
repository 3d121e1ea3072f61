/// The rows of a task under construction, and the calls that have not returned yet, as memory that is in place for the time of one run of
/// events.
///
/// Rows are made in blocks, ahead of the calls that fill them, and so are the places for open calls. The loop over the events then asks
/// neither who owns an array nor whether it must grow: `isFull` tells when to make more.
struct TaskRows {
  /// A call that has not returned yet.
  struct Frame {
    var key: UInt64
    var row: Int32
    var depth: UInt16
    var cpu: UInt16
  }

  private let calls: UnsafeMutableBufferPointer<Call>
  private let cpus: UnsafeMutableBufferPointer<UInt16>
  private let frames: UnsafeMutableBufferPointer<Frame>
  /// Rows that calls have filled, and open calls: never more than there are places.
  private(set) var count: Int
  private(set) var openCount: Int

  /// - Parameters:
  ///   - count: rows that are filled; not more than `calls` and `cpus` have.
  ///   - openCount: open calls, whose rows are below `count`; not more than `frames` has.
  init(
    calls: UnsafeMutableBufferPointer<Call>, cpus: UnsafeMutableBufferPointer<UInt16>, frames: UnsafeMutableBufferPointer<Frame>,
    count: Int, openCount: Int
  ) {
    precondition(count <= min(calls.count, cpus.count) && openCount <= frames.count)
    self.calls = calls
    self.cpus = cpus
    self.frames = frames
    self.count = count
    self.openCount = openCount
  }

  /// Whether there is no place for one more call.
  @inline(__always)
  var isFull: Bool { count >= min(calls.count, cpus.count) || openCount >= frames.count }

  /// Row of the innermost running call, or `Call.noParent`.
  @inline(__always)
  var innermost: Int32 { openCount > 0 ? frames[openCount - 1].row : Call.noParent }

  @inline(__always)
  var top: Frame? { openCount > 0 ? frames[openCount - 1] : nil }

  /// An open call, from the outermost one on; `index` is below `openCount`.
  @inline(__always)
  subscript(frame index: Int) -> Frame {
    precondition(index >= 0 && index < openCount)
    return frames[index]
  }

  /// A row that is filled: each row's number comes from this task's own calls.
  @inline(__always)
  subscript(row: Int32) -> Call {
    get {
      precondition(row >= 0 && Int(row) < count)
      return calls[Int(row)]
    }
    nonmutating _modify {
      precondition(row >= 0 && Int(row) < count)
      yield &calls[Int(row)]
    }
  }

  /// Fills the next row; only while not `isFull`.
  @inline(__always)
  mutating func append(_ call: Call, cpu: UInt16) {
    precondition(count < min(calls.count, cpus.count))
    calls[count] = call
    cpus[count] = cpu
    count += 1
  }

  /// Opens a call; only while not `isFull`.
  @inline(__always)
  mutating func open(_ frame: Frame) {
    precondition(openCount < frames.count)
    frames[openCount] = frame
    openCount += 1
  }

  /// Takes the innermost open call off.
  @inline(__always)
  mutating func closeTop() {
    precondition(openCount > 0)
    openCount -= 1
  }
}
