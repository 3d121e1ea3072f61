import CallTrees

/// Reads text traces.
enum TextTraceReader {
  static func read(_ bytes: UnsafeRawBufferPointer, path: String) throws -> Recording {
    throw TraceReadError(.notATrace(.text), path: path)
  }
}
