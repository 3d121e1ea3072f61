import CallTrees
import Foundation
import KVMStages
import TraceFile

/// A recording of SampleTraces.
struct Sample: Sendable, CustomStringConvertible {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All samples, sorted by name.
  static let all: [Sample] = {
    let folder = root.appending(path: "SampleTraces").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []
      return files.sorted().first { $0.hasPrefix("trace.") }.map { Sample(name: name, path: "SampleTraces/\(name)/\($0)") }
    }
  }()

  var name: String
  /// From the root of the repository.
  var path: String

  var description: String { name }
  var isDat: Bool { path.hasSuffix(".dat") }

  static func named(_ name: String) -> Sample? { all.first { $0.name == name } }

  /// Reads the trace as the command does, from the root of the repository.
  func read() throws -> Recording {
    var recording = try TraceReader.read(path: Sample.root.appending(path: path).path)
    recording.source.path = path
    NameChecks.apply(to: &recording)
    return recording
  }

  func golden(_ file: String) throws -> String {
    try String(contentsOf: Sample.root.appending(path: "SampleTraces/\(name)/\(file)"), encoding: .utf8)
  }
}
