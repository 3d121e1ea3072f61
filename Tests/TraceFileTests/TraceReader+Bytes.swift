import CallTrees
import TraceFile

extension TraceReader {
  /// Reads a file that is in memory.
  static func read(_ bytes: [UInt8], options: ReadOptions = ReadOptions()) throws -> Recording {
    try bytes.withUnsafeBytes { try read(bytes: $0, path: "test", options: options) }
  }
}
