import CallTrees
import Exports
import KVMStages
import Reports
import TraceFile

/// Everything the command does with a trace: reading, checking, analysing, and every report.
public enum WholeReport {
  /// What came of a trace.
  public struct Answer: Sendable {
    /// The exit status that the report command would end with.
    public var status: Int32
    /// Bytes of all reports together.
    public var written: Int
    /// The longest time that one command takes: to read and to analyse, and for one report or export.
    public var slowest: Duration
  }

  /// Counts what is written; nothing is kept.
  private struct Sink: ByteOutput {
    var count = 0

    mutating func write(_ string: String) { count += string.utf8.count }
    mutating func write(bytes: [UInt8]) { count += bytes.count }
  }

  /// Reads `bytes` and writes every report of them.
  public static func make(_ bytes: UnsafeRawBufferPointer, threads: Int? = nil) -> Answer {
    make(bytes, options: ReadOptions(threads: threads))
  }

  /// Reads `bytes` with the symbol lists and modules of `options`, and writes every report of them.
  public static func make(_ bytes: UnsafeRawBufferPointer, options: ReadOptions) -> Answer {
    var sink = Sink()
    var slowest = Duration.zero
    func time(_ body: () -> Void) -> Duration { ContinuousClock().measure(body) }
    func write(_ body: (inout Sink) -> Void) { slowest = max(slowest, time { body(&sink) }) }

    var result: Result<(Recording, Analysis), TraceReadError> = .failure(TraceReadError(.empty, path: "input"))
    let reading = time { result = read(bytes, options: options) }
    let (recording, analysis): (Recording, Analysis)
    switch result {
    case .success(let both): (recording, analysis) = both
    case .failure(let error): return Answer(status: error.exitCode, written: error.description.utf8.count, slowest: reading)
    }
    write {
      TextReport.write(recording, analysis, options: ReportOptions(verbose: true, showTree: true, showNoise: true), to: &$0)
    }
    write { TextReport.write(recording, analysis, options: ReportOptions(unicode: false, showTree: true), to: &$0) }
    write { MarkdownReport.write(recording, analysis, options: ReportOptions(verbose: true), to: &$0) }
    write { JSONReport.write(recording, analysis, to: &$0) }
    write { output in
      // With so few calls that most are folded.
      var page = HTMLReport(calls: 500)
      page.write(recording, analysis, to: &output)
      page.finish(to: &output)
    }
    let trace = ExportTrace(recording, analysis)
    for trace in [trace, Redaction.redacted(trace, number: 1)] { export(trace, write) }
    return Answer(status: recording.damage.isEmpty ? analysis.exitStatus : 65, written: sink.count, slowest: reading + slowest)
  }

  /// Every export that goes to a stream.
  private static func export(_ trace: ExportTrace, _ write: ((inout Sink) -> Void) -> Void) {
    write { CallsExport.write(trace.recording, to: &$0) }
    write { StagesExport.write(trace, path: "input", hostID: nil, to: &$0) }
    write { OpenMetricsExport.write(trace, to: &$0) }
    write { output in
      var folded = FoldedExport()
      folded.add(trace)
      folded.write(to: &output)
    }
    // A trace without times has no timeline.
    write { try? PerfettoExport.write(trace, to: &$0) }
    write { try? ChromeExport.write(trace, to: &$0) }
    write { try? SpeedscopeExport.write(trace, name: "input", to: &$0) }
  }

  /// The exit status of the report command for `bytes`, without a report.
  public static func status(_ bytes: UnsafeRawBufferPointer, threads: Int? = nil) -> Int32 {
    status(bytes, options: ReadOptions(threads: threads))
  }

  /// The same with the symbol lists and modules of `options`.
  public static func status(_ bytes: UnsafeRawBufferPointer, options: ReadOptions) -> Int32 {
    switch read(bytes, options: options) {
    case .success(let (recording, analysis)): recording.damage.isEmpty ? analysis.exitStatus : 65
    case .failure(let error): error.exitCode
    }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, options: ReadOptions) -> Result<(Recording, Analysis), TraceReadError> {
    do throws(TraceReadError) {
      var recording = try TraceReader.read(bytes: bytes, path: "input", options: options)
      NameChecks.apply(to: &recording)
      return .success((recording, Analyser.analyse(recording)))
    } catch {
      return .failure(error)
    }
  }
}
