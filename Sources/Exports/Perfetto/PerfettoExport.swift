import CallTrees
import KVMStages

/// `export --to perfetto`: a trace for ui.perfetto.dev, as the packets of its protobuf schema.
///
/// Packets come track by track, not by time; Perfetto sorts them. A call left open at the end of its task has a begin and no end, which
/// Perfetto shows as a slice that did not end. In the midst of others it would swallow what follows: there it is an instant.
public enum PerfettoExport {
  /// Writes `trace`.
  ///
  /// - Throws: `ExportError` for a trace without times.
  public static func write(_ trace: ExportTrace, to output: inout some ByteOutput) throws(ExportError) {
    guard trace.recording.hasTimes else { throw .noTimes("perfetto") }
    var writer = PerfettoTraceWriter(trace)
    writer.writeClock()
    writer.writeStages(to: &output)
    for task in trace.recording.tasks.indices { writer.writeTask(task, to: &output) }
    writer.writeMarks()
    writer.drain(into: &output, all: true)
  }
}

struct PerfettoTraceWriter {
  private let recording: Recording
  private let runs: [Run]
  private let clock: Int?
  private var out = ProtobufWriter()
  private var sequences = 0
  /// A name for each function, and one for those that are not among them.
  private var names: [Int]

  init(_ trace: ExportTrace) {
    recording = trace.recording
    runs = trace.analysis.runs
    clock = PerfettoClock.builtin(trace.recording.source.clock)
    names = [Int](repeating: 0, count: trace.recording.functions.count + 1)
  }

  mutating func drain(into output: inout some ByteOutput, all: Bool) { out.bytes.drain(into: &output, all: all) }

  private mutating func newSequence(_ track: UInt64, names: [Int] = []) -> PerfettoSequence {
    sequences += 1
    return PerfettoSequence(sequences, track: track, clock: clock, names: names)
  }

  /// Makes the trace's own clock the one that Perfetto counts in: how it relates to others is not told.
  mutating func writeClock() {
    guard let clock else { return }
    let time = recording.tasks.compactMap { $0.tree.calls.first?.start }.min() ?? 0
    out.message(PerfettoSchema.packet) { out in
      out.message(PerfettoSchema.Packet.clockSnapshot) { out in
        out.message(PerfettoSchema.ClockSnapshot.clock) { out in
          out.field(PerfettoSchema.ClockSnapshot.id, clock)
          out.field(PerfettoSchema.ClockSnapshot.timestamp, time)
        }
        out.field(PerfettoSchema.ClockSnapshot.primary, clock)
      }
    }
  }

  mutating func writeStages(to output: inout some ByteOutput) {
    for (index, run) in runs.enumerated() {
      guard let slices = StageSlices(run, of: recording) else { continue }
      let track = PerfettoTracks.ID.stages(ofRun: index)
      PerfettoTracks.describe(track, slices.name, ordersChildren: true, &out)
      var visitor = PerfettoStageVisitor(slices, newSequence(track), out)
      var timeline = CallTimeline(slices.tree)
      timeline.walk(slices.rows, into: &visitor)
      out = visitor.out
      for (cpu, shares) in slices.lanes {
        let lane = PerfettoTracks.ID.lane(ofRun: index, cpu: cpu)
        PerfettoTracks.describe(lane, "CPU \(cpu)", below: track, rank: cpu, &out)
        visitor = PerfettoStageVisitor(slices, newSequence(lane), out)
        CPULane(shares).walk(into: &visitor)
        out = visitor.out
      }
      drain(into: &output, all: false)
    }
  }

  mutating func writeTask(_ task: Int, to output: inout some ByteOutput) {
    let trace = recording.tasks[task]
    guard !trace.tree.calls.isEmpty else { return }
    PerfettoTracks.describe(task: task, TaskLabel(trace), &out)
    var visitor = PerfettoCallVisitor(
      trace.tree, recording.functions, newSequence(PerfettoTracks.ID.task(task), names: names), out, output)
    // Two owners of the bytes or the names would copy them.
    (out, names) = (ProtobufWriter(), [])
    var timeline = CallTimeline(trace.tree)
    timeline.walk(into: &visitor)
    (out, output, names) = (visitor.out, visitor.output, visitor.names)
  }

  /// The kernel's log and other events have a track each, losses one for each CPU.
  mutating func writeMarks() {
    let marks = TraceMark.all(of: recording)
    for (category, name) in [(CallDetails.Category.log, "kernel log"), (.event, "events")] {
      write(marks.filter { $0.category == category }, PerfettoTracks.ID.marks(category), name)
    }
    let losses = Dictionary(grouping: marks.filter { $0.category == .loss }, by: \.cpu).sorted { $0.key < $1.key }
    for (cpu, marks) in losses { write(marks, PerfettoTracks.ID.marks(.loss, cpu: cpu), "lost events of CPU \(cpu)") }
  }

  private mutating func write(_ marks: [TraceMark], _ track: UInt64, _ name: String) {
    guard !marks.isEmpty else { return }
    PerfettoTracks.describe(track, name, &out)
    var sequence = newSequence(track)
    for mark in marks {
      guard let time = mark.time else { continue }
      var numbers: [(PerfettoSequence.Key, UInt64)] = [(.cpu, UInt64(max(0, mark.cpu)))]
      if let pid = mark.pid, pid >= 0 { numbers.append((.pid, UInt64(pid))) }
      if let count = mark.count { numbers.append((.count, count)) }
      sequence.event(mark.text, isInstant: true, mark.category, numbers: numbers, at: time, &out)
    }
  }
}
