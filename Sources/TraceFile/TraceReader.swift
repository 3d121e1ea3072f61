import CallTrees

/// Reads traces of every kind.
public enum TraceReader {
  /// Reads the trace at `path`; `-` is standard input. What kind of trace it is, the content tells.
  ///
  /// - Returns: all that could be read. A trace that is damaged in part says so in `Recording.damage`.
  public static func read(path: String, options: ReadOptions = ReadOptions()) throws(TraceReadError) -> Recording {
    let file = try FileLoader.load(path: path, limit: options.inputLimit)
    return try read(file, path: path, options: options)
  }

  static func read(_ file: ByteBlock, path: String, options: ReadOptions = ReadOptions()) throws(TraceReadError) -> Recording {
    guard !file.bytes.isEmpty else { throw TraceReadError(.empty, path: path) }
    if FileKind.isTraceCmdStump(file.bytes) { throw TraceReadError(.cutOff, path: path, offset: UInt64(file.bytes.count)) }
    let kind = FileKind(file.bytes)
    switch kind {
    case .traceCmd: return try DatReader.read(file, path: path, options: options)
    case .text, .gzip, .xz, .zstd: return try readText(file, path: path)
    case .perfData, .elf, .binary: throw TraceReadError(.notATrace(kind), path: path)
    }
  }

  private static func readText(_ file: ByteBlock, path: String) throws(TraceReadError) -> Recording {
    do {
      return try TextTraceReader.read(file.bytes, path: path)
    } catch let error as TraceReadError {
      throw error
    } catch {
      throw TraceReadError(.damaged("\(error)"), path: path)
    }
  }
}
