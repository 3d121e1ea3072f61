import CallTrees
import Reports

/// Writes events of the Trace Event Format, one on a line.
///
/// A class, because tracks are written by visitors one after the other: as a value it would be copied for each.
final class ChromeEvents<Output: ByteOutput> {
  private(set) var output: Output
  private var bytes: [UInt8] = []
  private var isFirst = true

  init(_ output: Output) { self.output = output }

  // MARK: document

  func begin(_ recording: Recording) {
    let source = recording.source
    var json = JSONWriter()
    json.object { json in
      json.field("kernel", source.kernel)
      json.field("machine", source.machine)
      json.field("clock", source.clock)
      json.field("lost_events", recording.lostEvents)
    }
    bytes.append(#"{"displayTimeUnit":"ns","otherData":"#)
    bytes.append(contentsOf: json.bytes)
    bytes.append(#","traceEvents":["#)
  }

  func end() {
    bytes.append("\n]}\n")
    bytes.drain(into: &output, all: true)
  }

  /// Begins an event, up to its time.
  private func open(_ phase: StaticString, _ name: [UInt8], _ category: CallDetails.Category, _ track: ChromeTrack, _ time: UInt64) {
    if !isFirst { bytes.append(",") }
    isFirst = false
    bytes.append("\n{\"ph\":\"")
    bytes.append(phase)
    bytes.append(#"","name":"#)
    bytes.append(contentsOf: name)
    bytes.append(#","cat":""#)
    bytes.append(contentsOf: category.name.utf8)
    bytes.append(#"","pid":"#)
    JSONText.appendInteger(track.process, to: &bytes)
    bytes.append(#","tid":"#)
    JSONText.appendInteger(track.thread, to: &bytes)
    bytes.append(#","ts":"#)
    appendMicroseconds(time)
  }

  private func close(_ arguments: (inout ChromeArguments) -> Void) {
    // The bytes go there and come back: a copy would be made for every event.
    var written = ChromeArguments()
    swap(&written.bytes, &bytes)
    arguments(&written)
    swap(&written.bytes, &bytes)
    bytes.append(written.isEmpty ? "}" : "}}")
    bytes.drain(into: &output)
  }

  private func appendMicroseconds(_ nanoseconds: UInt64) {
    JSONText.appendInteger(nanoseconds / 1000, to: &bytes)
    let rest = nanoseconds % 1000
    bytes.append(UInt8(ascii: "."))
    for divisor in [100, 10, 1] as [UInt64] { bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor % 10)) }
  }

  // MARK: events

  /// A slice from `begin` to `end`; `name` is JSON.
  func slice(
    _ name: [UInt8], _ category: CallDetails.Category, _ track: ChromeTrack, from begin: UInt64, to end: UInt64,
    _ arguments: (inout ChromeArguments) -> Void
  ) {
    open("X", name, category, track, begin)
    bytes.append(#","dur":"#)
    appendMicroseconds(end &- begin)
    close(arguments)
  }

  /// A slice that did not end.
  func beginning(
    _ name: [UInt8], _ category: CallDetails.Category, _ track: ChromeTrack, at time: UInt64, _ arguments: (inout ChromeArguments) -> Void
  ) {
    open("B", name, category, track, time)
    close(arguments)
  }

  func instant(
    _ name: [UInt8], _ category: CallDetails.Category, _ track: ChromeTrack, at time: UInt64, _ arguments: (inout ChromeArguments) -> Void
  ) {
    open("i", name, category, track, time)
    bytes.append(#","s":"t""#)
    close(arguments)
  }

  /// Names a track. One process may be named several times, always the same.
  func describe(_ track: ChromeTrack, process: String, thread: String) {
    for (kind, name) in [("process_name", process), ("thread_name", thread)] {
      if !isFirst { bytes.append(",") }
      isFirst = false
      bytes.append(
        contentsOf: "\n{\"ph\":\"M\",\"name\":\"\(kind)\",\"pid\":\(track.process),\"tid\":\(track.thread),\"args\":{\"name\":".utf8)
      JSONText.appendQuoted(name, to: &bytes)
      bytes.append("}}")
    }
  }
}

/// The arguments of an event, which are left out when there are none.
struct ChromeArguments {
  fileprivate var bytes: [UInt8] = []
  fileprivate var isEmpty = true

  private mutating func key(_ name: StaticString) {
    bytes.append(isEmpty ? #","args":{""# : #",""#)
    isEmpty = false
    bytes.append(name)
    bytes.append("\":")
  }

  mutating func number(_ name: StaticString, _ value: some FixedWidthInteger) {
    key(name)
    JSONText.appendInteger(value, to: &bytes)
  }

  mutating func text(_ name: String, _ value: String) {
    bytes.append(isEmpty ? #","args":{"# : ",")
    isEmpty = false
    JSONText.appendQuoted(name, to: &bytes)
    bytes.append(":")
    JSONText.appendQuoted(value, to: &bytes)
  }

  mutating func add(_ details: CallDetails) {
    if let cpu = details.cpu { number("cpu", cpu) }
    if let measured = details.measured { number("measured_ns", measured) }
    if let value = details.returnValue { number("return_value", value) }
    if !details.flags.isEmpty { text("flags", details.flags.names.joined(separator: " ")) }
  }
}
