import CallTrees
import Exports
import KVMStages
import SmallTraces

/// Keeps what an export writes.
struct ByteSink: ByteOutput {
  private(set) var bytes: [UInt8] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n").map(String.init) }

  mutating func write(_ string: String) { bytes.append(contentsOf: string.utf8) }
  mutating func write(bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
}

extension ExportTrace {
  /// A small trace written as text, analysed.
  static func small(_ text: String, kernel: String? = "6.12.1") -> ExportTrace { ExportTrace(SmallTrace.recording(text, kernel: kernel)) }

  init(_ recording: Recording) { self.init(recording, Analyser.analyse(recording)) }

  /// The same with other names for functions.
  func renamed(_ names: [String: String]) -> ExportTrace {
    var recording = recording
    for index in recording.functions.indices {
      if let name = recording.functions[index].name, let other = names[name] { recording.functions[index].name = other }
    }
    return ExportTrace(recording)
  }
}

/// What acts on parsers and terminals: quotes, separators, control characters, and what stands for bytes that were no UTF-8.
let hostileName = "a;b \"c\" \\ \n\t\u{1b}[31m\u{fffd}<d>"
