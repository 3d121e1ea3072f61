import CallTrees
import Foundation
import Testing

@testable import TraceFile

/// Files that the writer makes of real recordings, against those recordings.
@Suite struct DatFileWriterTests {
  /// What a reader tells, line by line.
  private static func shown(_ recording: Recording) -> [String] {
    var lines = recording.tasks.flatMap { task in
      ["task \(task.pid ?? -1) \(task.comm ?? "?")"]
        + task.tree.calls.indices.map { row in
          let call = task.tree.calls[row]
          return "\(call.start) \(call.duration) \(call.depth) \(call.flags) \(task.tree.cpus[row]) \(recording.function(call.function))"
        }
    }
    lines += recording.events.map { "\($0.time ?? 0) \($0.cpu) \($0.pid ?? -1) \($0.payload) \($0.sequence)" }
    lines += recording.losses.map { "\($0)" } + recording.damage.map { "\($0)" }
    lines += recording.eventFunctions.sorted { $0.key < $1.key }.map { "\($0.value)" }
    let source = recording.source
    lines.append("\(source.kernel ?? "") \(source.machine ?? "") \(source.cpus ?? 0) \(source.clock ?? "") \(source.events)")
    lines.append("\(recording.loadedModules?.sorted() ?? [])")
    return lines
  }

  private static func expectSame(_ one: [String], _ other: [String], _ comment: Comment) {
    #expect(one.count == other.count, comment)
    for (left, right) in zip(one, other) where left != right {
      Issue.record("\(comment): \(left) became \(right)")
      return
    }
  }

  @Test(arguments: SampleSpool.small, [DatFileWriter.Form.compressed, .compatible])
  func aWrittenFileReadsAsTheRecording(path: String, form: DatFileWriter.Form) throws {
    let spool = try SampleSpool(path)
    var writer = try spool.writer()
    writer.form = form
    writer.facts.command = ["modprobe", "kvm_amd"]
    let written = try TraceReader.read(path: try spool.write(writer))
    Self.expectSame(Self.shown(try TraceReader.read(path: path)), Self.shown(written), "\(path)")
    #expect(written.source.kind == (form == .compressed ? .traceCmdV7 : .traceCmdV6))
    #expect(written.source.recorder?.command == ["modprobe", "kvm_amd"])
  }

  @Test(arguments: SampleSpool.small, [DatFileWriter.Form.compressed, .compatible])
  func traceCmdReadsTheSame(path: String, form: DatFileWriter.Form) throws {
    guard let whole = TraceCmd.report(path), let raw = TraceCmd.report(path, ["-R"]) else {
      print("skipped: trace-cmd is not installed, or cannot read \(path)")
      return
    }
    let spool = try SampleSpool(path)
    var writer = try spool.writer()
    writer.form = form
    let file = try spool.write(writer)
    let rawWritten = try #require(TraceCmd.report(file, ["-R"]))
    #expect(rawWritten.errors == [])
    Self.expectSame(raw.lines, rawWritten.lines, "\(path)")
    let written = try #require(TraceCmd.report(file))
    #expect(written.errors == [])
    for (old, new) in zip(whole.lines, written.lines) where old != new {
      Issue.record("\(old) became \(new)")
      return
    }
  }
}

/// What `trace-cmd report` says.
enum TraceCmd {
  static func report(_ path: String, _ arguments: [String] = []) -> (lines: [String], errors: [String])? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["trace-cmd", "report", "-t", "-i", path] + arguments
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
