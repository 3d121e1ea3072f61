import CallTrees
import Reports

/// A moment of a trace: a line of the kernel's log, something else that happened, or a gap.
struct TraceMark {
  /// nil: the trace does not tell.
  var time: UInt64?
  var text: String
  var cpu: Int
  var pid: Int32?
  var category: CallDetails.Category
  /// Lost events: how many, where that is known.
  var count: UInt64?

  /// All marks of a recording: events in the order of the trace, then gaps.
  static func all(of recording: Recording) -> [TraceMark] {
    recording.events.compactMap(mark) + recording.losses.map(mark)
  }

  private static func mark(_ event: TraceEvent) -> TraceMark? {
    if case .console(let line) = event.payload {
      return TraceMark(time: event.time, text: line, cpu: event.cpu, pid: event.pid, category: .log)
    }
    guard let text = EventText.text(of: event.payload, verbose: false) else { return nil }
    return TraceMark(time: event.time, text: text, cpu: event.cpu, pid: event.pid, category: .event)
  }

  /// A gap stands where the trace goes on.
  private static func mark(_ loss: Loss) -> TraceMark {
    let count = loss.count.map { $0 == 1 ? "1 event" : "\($0) events" } ?? "events"
    return TraceMark(
      time: loss.before ?? loss.after, text: "\(count) lost", cpu: loss.cpu, pid: nil, category: .loss, count: loss.count)
  }
}
