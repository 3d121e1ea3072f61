import CTrace
import Glibc
import Safeguards
import TraceFile

/// Reads the formats of the events that a recording may hold.
struct FormatReader {
  let place: TracefsDirectory
  let top: TracefsDirectory

  /// Events of ftrace itself that the function_graph tracer and `trace_printk` write.
  private static let ownEvents: [String] = [
    "funcgraph_entry", "funcgraph_exit", "fgraph_retaddr_entry", "print", "bprint", "bputs", "user_stack", "kernel_stack", "function",
  ]

  /// - Parameter all: also those of events that this recorder does not ask for, which somebody else's ring buffer may hold.
  func read(all: Bool) throws(CaptureError) -> RingBufferFormat {
    let headerPage = Array(try top.read("events/header_page").utf8)
    let headerEvent = Array(try top.read("events/header_event").utf8)
    var events: [EventFormat] = []
    if all {
      for system in folders(in: "events") {
        for name in folders(in: "events/" + system) { events += format(system, name).map { [$0] } ?? [] }
      }
      return try format(headerPage, headerEvent, events)
    }
    for name in Self.ownEvents { events += format("ftrace", name).map { [$0] } ?? [] }
    for event in RecordingPlan.events {
      let parts = event.split(separator: "/")
      if parts.count == 2 { events += format(String(parts[0]), String(parts[1])).map { [$0] } ?? [] }
    }
    for name in folders(in: "events/" + RecordingPlan.probeGroup) {
      events += format(RecordingPlan.probeGroup, name).map { [$0] } ?? []
    }
    return try format(headerPage, headerEvent, events)
  }

  private func format(_ headerPage: [UInt8], _ headerEvent: [UInt8], _ events: [EventFormat]) throws(CaptureError) -> RingBufferFormat {
    if let format = RingBufferFormat(headerPage: headerPage, headerEvent: headerEvent, events: events, pageSize: pageSize) { return format }
    throw CaptureError(
      .unavailable, "this kernel's ring buffer has pages of \(pageSize) bytes, which no reader knows",
      remedy: "set a power of two: echo 4 > \(place.path)/buffer_subbuf_size_kb")
  }

  private func format(_ system: String, _ name: String) -> EventFormat? {
    guard let text = try? top.read("events/\(system)/\(name)/format") else { return nil }
    return EventFormat(system: system, text: Array(text.utf8))
  }

  /// A read of `trace_pipe_raw` gives one sub-buffer: a page, or more since 6.8 (`buffer_subbuf_size_kb`).
  private var pageSize: Int {
    if let text = try? place.read("buffer_subbuf_size_kb"), let size = Int(text.trimmed), size > 0, size <= 1 << 14 { return size << 10 }
    return Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  private func folders(in folder: String) -> [String] {
    let entries = DirectoryEntry.all(in: top.path + "/" + folder) ?? []
    return entries.filter { $0.kind == .directory && !$0.isHidden }.map(\.name).sorted()
  }
}
