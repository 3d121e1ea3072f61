import CallTrees
import Reports

/// `export --to speedscope`: flame graphs for speedscope.app, one evented profile for each task.
///
/// The format wants every frame closed. A call left open, or only returned from, has no duration: it is a frame of no width in its place,
/// whose name says so; one that is open at the end of its task is closed where the task's events end.
public enum SpeedscopeExport {
  /// Writes `trace`.
  ///
  /// - Parameter name: what the trace is called.
  /// - Throws: `ExportError` for a trace without times.
  public static func write(_ trace: ExportTrace, name: String, to output: inout some ByteOutput) throws(ExportError) {
    guard trace.recording.hasTimes else { throw .noTimes("speedscope") }
    let recording = trace.recording
    var bytes = Array(#"{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"kvm-inittrace","name":"#.utf8)
    JSONText.appendQuoted(name, to: &bytes)
    bytes.append(#","activeProfileIndex":0,"shared":{"frames":["#)
    writeFrames(recording, to: &bytes)
    bytes.append(#"]},"profiles":["#)
    var isFirst = true
    for task in recording.tasks where !task.tree.calls.isEmpty {
      if !isFirst { bytes.append(",") }
      isFirst = false
      var visitor = SpeedscopeVisitor(task, functions: recording.functions.count, bytes, output)
      // Two owners of the bytes would copy them.
      bytes = []
      visitor.begin()
      var timeline = CallTimeline(task.tree)
      timeline.walk(into: &visitor)
      visitor.end()
      (bytes, output) = (visitor.bytes, visitor.output)
    }
    bytes.append("\n]}\n")
    bytes.drain(into: &output, all: true)
  }

  /// A frame for each function, then one for those without, then the same again for calls without an end or a begin.
  private static func writeFrames(_ recording: Recording, to bytes: inout [UInt8]) {
    let names = recording.functions.map(\.displayName) + ["?"]
    for (index, name) in (names + names.map { $0 + " (return not recorded)" } + names.map { $0 + " (entry not recorded)" }).enumerated() {
      bytes.append(contentsOf: (index == 0 ? "\n{\"name\":" : ",\n{\"name\":").utf8)
      JSONText.appendQuoted(name, to: &bytes)
      bytes.append("}")
    }
  }
}

/// Writes the events of one task's profile.
private struct SpeedscopeVisitor<Output: ByteOutput>: SliceVisitor {
  private let task: TaskTrace
  private let functions: Int
  private(set) var bytes: [UInt8]
  private(set) var output: Output
  private var isFirst = true

  init(_ task: TaskTrace, functions: Int, _ bytes: [UInt8], _ output: Output) {
    self.task = task
    self.functions = functions
    self.bytes = bytes
    self.output = output
  }

  // MARK: profile

  mutating func begin() {
    var span = SpanVisitor()
    var timeline = CallTimeline(task.tree)
    timeline.walk(into: &span)
    bytes.append("\n{\"type\":\"evented\",\"unit\":\"nanoseconds\",\"name\":")
    JSONText.appendQuoted(TaskLabel(task).name, to: &bytes)
    bytes.append(#","startValue":"#)
    JSONText.appendInteger(span.start ?? 0, to: &bytes)
    bytes.append(#","endValue":"#)
    JSONText.appendInteger(span.end, to: &bytes)
    bytes.append(#","events":["#)
  }

  mutating func end() { bytes.append("\n]}") }

  private mutating func event(_ type: StaticString, frame: Int, at time: UInt64) {
    if !isFirst { bytes.append(",") }
    isFirst = false
    bytes.append("\n{\"type\":\"")
    bytes.append(type)
    bytes.append(#"","frame":"#)
    JSONText.appendInteger(frame, to: &bytes)
    bytes.append(#","at":"#)
    JSONText.appendInteger(time, to: &bytes)
    bytes.append("}")
    bytes.drain(into: &output)
  }

  private func frame(_ row: Int) -> Int {
    let call = task.tree.calls[row]
    let kind = call.flags.contains(.entryMissing) ? 2 : call.measuredDuration == nil ? 1 : 0
    return kind * (functions + 1) + min(Int(call.function.index), functions)
  }

  // MARK: calls

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) { event("O", frame: frame(row), at: time) }

  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) { event("C", frame: frame(row), at: time) }

  mutating func instant(_ tag: Int, row: Int, at time: UInt64) {
    event("O", frame: frame(row), at: time)
    event("C", frame: frame(row), at: time)
  }

  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) { event("C", frame: frame(row), at: lastTime) }
}

/// Finds the first and the last time of a timeline.
private struct SpanVisitor: SliceVisitor {
  private(set) var start: UInt64?
  private(set) var end: UInt64 = 0

  private mutating func take(_ time: UInt64) {
    if start == nil { start = time }
    end = time
  }

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) { take(time) }
  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) { take(time) }
  mutating func instant(_ tag: Int, row: Int, at time: UInt64) { take(time) }
  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) { take(lastTime) }
}
