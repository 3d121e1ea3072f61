import Foundation

/// The recordings of the repository's SampleTraces folder, and those that `KVM_INITTRACE_SAMPLES` names.
enum Samples {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Paths of all `trace.dat`, sorted.
  static let recordings: [String] = {
    var folders = [root.appending(path: "SampleTraces").path]
    if let more = ProcessInfo.processInfo.environment["KVM_INITTRACE_SAMPLES"] { folders.append(more) }
    return folders.flatMap { folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.sorted().map { "\(folder)/\($0)/trace.dat" }.filter { FileManager.default.fileExists(atPath: $0) }
    }
  }()

  /// Whether `KVM_INITTRACE_THOROUGH` asks for the long runs.
  static let isThorough = ProcessInfo.processInfo.environment["KVM_INITTRACE_THOROUGH"] != nil

  static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

  /// The standard output of a command, or nil when it is not installed or fails.
  static func output(_ command: String, _ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [command] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
  }
}
