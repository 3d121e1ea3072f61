import CallTrees
import Exports
import KVMStages
import Reports
import TraceFile

/// Everything the command does with a trace: reading, checking, analysing, and every report.
public enum WholeReport {
  /// What came of a trace.
  public struct Answer: Sendable, Hashable {
    /// The exit status that the report command would end with.
    public var status: Int32
    /// Bytes of all reports together.
    public var written: Int
  }

  /// Counts what is written; nothing is kept.
  private struct Sink: ByteOutput {
    var count = 0

    mutating func write(_ string: String) { count += string.utf8.count }
    mutating func write(bytes: [UInt8]) { count += bytes.count }
  }

  /// Reads `bytes` and writes every report of them.
  public static func make(_ bytes: UnsafeRawBufferPointer, threads: Int? = nil) -> Answer {
    let recording: Recording
    do {
      recording = try read(bytes, threads: threads)
    } catch {
      return Answer(status: error.exitCode, written: error.description.utf8.count)
    }
    let analysis = Analyser.analyse(recording)
    var sink = Sink()
    TextReport.write(recording, analysis, options: ReportOptions(verbose: true, showTree: true, showNoise: true), to: &sink)
    TextReport.write(recording, analysis, options: ReportOptions(unicode: false, showTree: true), to: &sink)
    MarkdownReport.write(recording, analysis, options: ReportOptions(verbose: true), to: &sink)
    JSONReport.write(recording, analysis, to: &sink)
    // With so few calls that most are folded.
    var page = HTMLReport(calls: 500)
    page.write(recording, analysis, to: &sink)
    page.finish(to: &sink)
    export(ExportTrace(recording, analysis), to: &sink)
    return Answer(status: recording.damage.isEmpty ? analysis.exitStatus : 65, written: sink.count)
  }

  /// Every export that goes to a stream, as it is and redacted.
  private static func export(_ trace: ExportTrace, to sink: inout Sink) {
    for trace in [trace, Redaction.redacted(trace, number: 1)] {
      CallsExport.write(trace.recording, to: &sink)
      StagesExport.write(trace, path: "input", hostID: nil, to: &sink)
      OpenMetricsExport.write(trace, to: &sink)
      var folded = FoldedExport()
      folded.add(trace)
      folded.write(to: &sink)
      // A trace without times has no timeline.
      try? PerfettoExport.write(trace, to: &sink)
      try? ChromeExport.write(trace, to: &sink)
      try? SpeedscopeExport.write(trace, name: "input", to: &sink)
    }
  }

  /// The exit status of the report command for `bytes`, without a report.
  public static func status(_ bytes: UnsafeRawBufferPointer, threads: Int? = nil) -> Int32 {
    do {
      var recording = try TraceReader.read(bytes: bytes, path: "input", options: ReadOptions(threads: threads))
      guard recording.damage.isEmpty else { return 65 }
      NameChecks.apply(to: &recording)
      return Analyser.analyse(recording).exitStatus
    } catch {
      return error.exitCode
    }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, threads: Int?) throws(TraceReadError) -> Recording {
    var recording = try TraceReader.read(bytes: bytes, path: "input", options: ReadOptions(threads: threads))
    NameChecks.apply(to: &recording)
    return recording
  }
}
