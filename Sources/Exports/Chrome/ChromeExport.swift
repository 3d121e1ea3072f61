import CallTrees
import KVMStages
import Reports

/// `export --to chrome`: a trace in the Trace Event Format, the JSON that chrome://tracing, Perfetto and others open.
///
/// Calls are complete events (X), written where they end, but of those that begin together the outer first; times are microseconds with
/// three digits behind the point, so that no nanosecond is lost. A call left open at the end of its task is a begin (B) without an end; in
/// the midst of others it is an instant (i).
public enum ChromeExport {
  /// Writes `trace`.
  ///
  /// - Throws: `ExportError` for a trace without times.
  public static func write(_ trace: ExportTrace, to output: inout some ByteOutput) throws(ExportError) {
    guard trace.recording.hasTimes else { throw .noTimes("chrome") }
    let recording = trace.recording
    let events = ChromeEvents(output)
    events.begin(recording)
    for (index, run) in trace.analysis.runs.enumerated() {
      if let slices = StageSlices(run, of: recording) { write(slices, run: index, events) }
    }
    let names = FunctionLabels(recording.functions) { JSONText.quoted($0.displayName) }
    for (index, task) in recording.tasks.enumerated() where !task.tree.calls.isEmpty {
      let label = TaskLabel(task)
      let track = ChromeTrack(task: index, label)
      events.describe(track, process: label.comm, thread: label.name)
      var visitor = OuterFirst(ChromeCallVisitor(task.tree, names, track, events))
      var timeline = CallTimeline(task.tree)
      timeline.walk(into: &visitor)
      visitor.finish()
    }
    write(TraceMark.all(of: recording), events)
    events.end()
    output = events.output
  }

  private static func write<Output>(_ slices: StageSlices, run: Int, _ events: ChromeEvents<Output>) {
    let track = ChromeTrack(run: run)
    events.describe(track, process: slices.name, thread: "stages")
    var visitor = OuterFirst(ChromeStageVisitor(slices, track, events))
    var timeline = CallTimeline(slices.tree)
    timeline.walk(slices.rows, into: &visitor)
    visitor.finish()
    for (cpu, shares) in slices.lanes {
      let lane = ChromeTrack(run: run, cpu: cpu)
      events.describe(lane, process: slices.name, thread: "CPU \(cpu)")
      visitor = OuterFirst(ChromeStageVisitor(slices, lane, events))
      CPULane(shares).walk(into: &visitor)
      visitor.finish()
    }
  }

  private static func write<Output>(_ marks: [TraceMark], _ events: ChromeEvents<Output>) {
    for (category, name) in [(CallDetails.Category.log, "kernel log"), (.event, "events"), (.loss, "lost events")] {
      let own = marks.filter { $0.category == category }
      guard !own.isEmpty else { continue }
      let track = ChromeTrack(marks: category)
      events.describe(track, process: "trace", thread: name)
      for mark in own {
        guard let time = mark.time else { continue }
        events.instant(JSONText.quoted(mark.text), category, track, at: time) { arguments in
          arguments.number("cpu", mark.cpu)
          if let pid = mark.pid { arguments.number("pid", pid) }
          if let count = mark.count { arguments.number("count", count) }
        }
      }
    }
  }
}

/// Where events stand: the format knows processes and threads only. Numbers above the kernel's greatest PID stand for other tracks.
struct ChromeTrack {
  let process: Int
  let thread: Int

  /// PID_MAX_LIMIT of the kernel.
  private static let greatestPID = 1 << 22

  init(task: Int, _ label: TaskLabel) {
    let own = Self.greatestPID + 1_000_000 + task
    process = label.pid.map { Int($0) } ?? own
    thread = process
  }

  init(run: Int, cpu: Int? = nil) {
    process = Self.greatestPID + 100 + run
    thread = cpu.map { Self.greatestPID + 10_000_000 + run << 16 + $0 & 0xffff } ?? process
  }

  init(marks category: CallDetails.Category) {
    process = Self.greatestPID + 1
    thread = process + category.rawValue
  }
}
