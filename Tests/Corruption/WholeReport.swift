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
    let (result, reading) = effort.timed { read(bytes, options: options) }
    switch result {
    case .success(let trace): return answer(trace, reading: reading, of: bytes, effort: effort)
    case .failure(let error): return Answer(status: error.exitCode, written: error.description.utf8.count, slowest: reading)
    }
  }

  /// Analyses a recording and writes what is made of it; `bytes` is what it was made of.
  public static func make(_ recording: Recording, of bytes: UnsafeRawBufferPointer, effort: Effort) -> Answer {
    let (trace, reading) = effort.timed { analysed(recording) }
    return answer(trace, reading: reading, of: bytes, effort: effort)
  }

  private static func answer(_ trace: OutputWriter, reading: Duration, of bytes: UnsafeRawBufferPointer, effort: Effort) -> Answer {
    var sink = Sink()
    var slowest = Duration.zero
    var contradiction: String?
    for output in Output.all(for: bytes, effort: effort) {
      let (claim, time) = effort.timed { trace.write(output, to: &sink) }
      contradiction = claim ?? contradiction
      slowest = max(slowest, time)
    }
    return Answer(status: status(trace), written: sink.count, slowest: reading + slowest, contradiction: contradiction)
  }

  /// The exit status of the report command for `bytes`, without a report.
  public static func status(_ bytes: UnsafeRawBufferPointer, options: ReadOptions = ReadOptions()) -> Int32 {
    switch read(bytes, options: options) {
    case .success(let trace): status(trace)
    case .failure(let error): error.exitCode
    }
  }

  private static func status(_ trace: OutputWriter) -> Int32 { trace.recording.damage.isEmpty ? trace.analysis.exitStatus : 65 }

  private static func read(_ bytes: UnsafeRawBufferPointer, options: ReadOptions) -> Result<OutputWriter, TraceReadError> {
    do throws(TraceReadError) {
      return .success(analysed(try TraceReader.read(bytes: bytes, path: "input", options: options)))
    } catch {
      return .failure(error)
    }
  }

  private static func analysed(_ recording: Recording) -> OutputWriter {
    var recording = recording
    NameChecks.apply(to: &recording)
    return OutputWriter(recording: recording, analysis: Analyser.analyse(recording))
  }
}
