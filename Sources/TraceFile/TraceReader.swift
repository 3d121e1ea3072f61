import CallTrees
import Glibc

/// Reads traces of every kind.
public enum TraceReader {
  /// Reads the trace at `path`; `-` is standard input. What kind of trace it is, the content tells.
  ///
  /// - Returns: all that could be read. A trace that is damaged in part says so in `Recording.damage`.
  public static func read(path: String, options: ReadOptions = ReadOptions()) throws(TraceReadError) -> Recording {
    let file = try FileLoader.load(path: path, limit: options.inputLimit, isTrace: true)
    return try read(file, path: path, options: options)
  }

  /// Reads a trace that is in memory, as `read(path:options:)` reads a file with these bytes. `path` is its name in messages.
  package static func read(
    bytes: UnsafeRawBufferPointer, path: String, options: ReadOptions = ReadOptions()
  ) throws(TraceReadError) -> Recording {
    guard let base = bytes.baseAddress, !bytes.isEmpty, let copy = malloc(bytes.count) else { throw TraceReadError(.empty, path: path) }
    memcpy(copy, base, bytes.count)
    let block = ByteBlock(allocation: UnsafeRawBufferPointer(start: copy, count: bytes.count), origin: 0)
    return try read(block, path: path, options: options)
  }

  static func read(_ file: ByteBlock, path: String, options: ReadOptions = ReadOptions()) throws(TraceReadError) -> Recording {
    guard !file.bytes.isEmpty else { throw TraceReadError(.empty, path: path) }
    if FileKind.isTraceCmdStump(file.bytes) { throw TraceReadError(.cutOff, path: path, offset: UInt64(file.bytes.count)) }
    let kind = FileKind(file.bytes)
    var recording: Recording
    switch kind {
    case .traceCmd: recording = try DatReader.read(file, path: path, options: options)
    case .text, .gzip, .xz, .zstd: recording = try readText(file, path: path)
    case .perfData, .elf, .binary: throw TraceReadError(.notATrace(kind), path: path)
    }
    if kind != .traceCmd { recording.noteUnusedLists(options) }
    ModuleNaming.apply(to: &recording, options: options)
    recording.takeProbeResults()
    return recording
  }

  /// Reads a text, unpacking it first where it is compressed; a compressed file of another kind says what it holds.
  private static func readText(_ file: ByteBlock, path: String) throws(TraceReadError) -> Recording {
    do {
      guard let format = CompressedInput.format(file.bytes) else { return try TextTraceReader.read(file.bytes, path: path) }
      let (text, damage) = try CompressedInput.decompress(file.bytes)
      var recording = try text.withUnsafeBytes { bytes in
        let inner = FileKind(bytes)
        guard inner == .text else { throw TraceReadError(.compressed(format.rawValue, inner), path: path) }
        return try TextTraceReader.read(bytes, path: path)
      }
      if let damage { recording.damage.insert(damage, at: 0) }
      return recording
    } catch let error as TraceReadError {
      throw error
    } catch let error as TextTraceError {
      throw TraceReadError(.unusableText(error), path: path)
    } catch {
      throw TraceReadError(.damaged("\(error)"), path: path)
    }
  }
}

extension Recording {
  /// Says that symbol lists are of no use for a text: it has no symbols that tell whether they belong to it.
  fileprivate mutating func noteUnusedLists(_ options: ReadOptions) {
    guard functions.contains(where: { $0.address != nil && $0.name == nil }) else { return }
    for path in [options.kallsyms, options.systemMap] {
      if let path { nameNotes.append("\(path) is not used: nothing in a text tells whether it is of the same boot") }
    }
  }
}
