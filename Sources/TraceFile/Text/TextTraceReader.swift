import CallTrees

/// Reads text traces: tracefs' `trace` and `trace_pipe`, and `trace-cmd report`. The kind is told from the content.
enum TextTraceReader {
  /// - Parameter bytes: the whole text, decompressed; nothing of it is kept.
  /// - Throws: `TextTraceError` when the text is no function_graph trace.
  static func read(_ bytes: UnsafeRawBufferPointer, path: String) throws -> Recording {
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      throw TextTraceError(message: "the file is empty", hint: "record again, and copy the trace before tracing is switched off")
    }
    let text = TextBytes(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    let head = TextHead(text)
    switch head.kind {
    case .graph: return TextGraphReader.read(text, vote: head.vote, path: path)
    case .report: return try TextReportReader(text, path: path).read()
    case .otherTracer(let tracer, let line): throw noCalls(tracer: tracer, line: line)
    case .unknown: throw notATrace(text)
    }
  }

  static func noCalls(tracer: String, line: Int?) -> TextTraceError {
    TextTraceError(
      line: line, message: "this is a trace of the tracer '\(tracer)': there is no call tree in it",
      hint: "record with the tracer function_graph")
  }

  private static func notATrace(_ text: TextBytes) -> TextTraceError {
    var lines = TextLines(text)
    var line = lines.next()
    while let current = line, current.trimmed.isEmpty, let next = lines.next() { line = next }
    let start = (line ?? text).slice(0, 60)
    let isBinary = text.slice(0, 4096).firstIndex(of: 0) != nil
    let looks = isBinary ? "binary data" : "it starts with: \(start.string)"
    return TextTraceError(
      line: isBinary ? nil : max(lines.number, 1),
      message: "this is neither function_graph text of tracefs nor the text of trace-cmd report: \(looks)",
      hint: "give a trace.dat, a copy of /sys/kernel/tracing/trace, or the output of trace-cmd report")
  }
}
