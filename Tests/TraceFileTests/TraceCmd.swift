import Foundation

/// What `trace-cmd report` says.
enum TraceCmd {
  /// Its lines and its warnings. nil: it is not installed, or fails.
  static func report(_ path: String) -> (lines: [String], errors: [String])? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["trace-cmd", "report", "-t", "-i", path]
    let errors = FileManager.default.temporaryDirectory.appending(path: "errors-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: errors.path, contents: nil) else { return nil }
    defer { try? FileManager.default.removeItem(at: errors) }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try? FileHandle(forWritingTo: errors)
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0, let warnings = try? String(contentsOf: errors, encoding: .utf8) else { return nil }
    return (text.split(separator: "\n").map(String.init), warnings.split(separator: "\n").map(String.init))
  }
}
