import CallTrees
import KVMStages
import TraceFile

/// Everything the commands do with a trace: reading, checking, analysing, and every report, comparison and export.
public enum WholeReport {
  /// What came of a trace.
  public struct Answer: Sendable {
    /// The exit status that the report command would end with.
    public var status: Int32
    /// Bytes of all outputs together.
    public var written: Int
    /// The longest time that one command takes: to read and to analyse, and for one output.
    public var slowest: Duration
    /// What an output says that cannot be.
    public var contradiction: String?
  }

  /// Reads `bytes` and writes what is made of them.
  public static func make(_ bytes: UnsafeRawBufferPointer, effort: Effort = .test) -> Answer {
    make(bytes, options: ReadOptions(), effort: effort)
  }

  /// Reads `bytes` with the symbol lists and modules of `options`, and writes what is made of them.
  public static func make(_ bytes: UnsafeRawBufferPointer, options: ReadOptions, effort: Effort) -> Answer {
    var options = options
    options.threads = effort.threads
    var result: Result<(Recording, Analysis), TraceReadError> = .failure(TraceReadError(.empty, path: "input"))
    let reading = effort.time { result = read(bytes, options: options) }
    let writer: OutputWriter
    switch result {
    case .success(let (recording, analysis)): writer = OutputWriter(recording: recording, analysis: analysis)
    case .failure(let error): return Answer(status: error.exitCode, written: error.description.utf8.count, slowest: reading)
    }
    var sink = Sink()
    var slowest = Duration.zero
    var contradiction: String?
    for output in Output.all(for: bytes, effort: effort) {
      slowest = max(slowest, effort.time { contradiction = writer.write(output, to: &sink) ?? contradiction })
    }
    return Answer(status: status(writer), written: sink.count, slowest: reading + slowest, contradiction: contradiction)
  }

  /// The exit status of the report command for `bytes`, without a report.
  public static func status(_ bytes: UnsafeRawBufferPointer, options: ReadOptions = ReadOptions()) -> Int32 {
    switch read(bytes, options: options) {
    case .success(let (recording, analysis)): status(OutputWriter(recording: recording, analysis: analysis))
    case .failure(let error): error.exitCode
    }
  }

  private static func status(_ trace: OutputWriter) -> Int32 { trace.recording.damage.isEmpty ? trace.analysis.exitStatus : 65 }

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
