import Foundation
import Testing

@testable import TraceFile

/// Files that somebody else may change while they are read.
@Suite struct ChangingFileTests {
  private func withFile(mode: mode_t, _ body: (String, ByteBlock) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)").path
    defer { unlink(path) }
    try Data(repeating: 1, count: 10_000).write(to: URL(filePath: path))
    #expect(chmod(path, mode) == 0)
    let block = try FileLoader.load(path: path, limit: 1 << 20)
    #expect(block.bytes.count == 10_000)
    try body(path, block)
  }

  private func overwrite(_ path: String) {
    let file = open(path, O_WRONLY)
    _ = pwrite(file, [UInt8(2)], 1, 5000)
    close(file)
  }

  @Test(arguments: [0o666, 0o602] as [mode_t]) func theyAreCopied(_ mode: mode_t) throws {
    try withFile(mode: mode) { path, block in
      overwrite(path)
      #expect(block.bytes[5000] == 1)
      #expect(truncate(path, 0) == 0)
      #expect(block.bytes[9999] == 1)
    }
  }

  @Test func thoseOfAnotherUserAreCopied() throws {
    guard geteuid() == 0 else { return print("skipped: only root can make a file of somebody else") }
    let path = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)").path
    defer { unlink(path) }
    try Data(repeating: 1, count: 10_000).write(to: URL(filePath: path))
    #expect(chown(path, 65534, 65534) == 0)
    let block = try FileLoader.load(path: path, limit: 1 << 20)
    overwrite(path)
    #expect(block.bytes.count == 10_000 && block.bytes[5000] == 1)
  }

  /// One's own are mapped: large files need no memory.
  @Test func onesOwnAreMapped() throws {
    try withFile(mode: 0o600) { path, block in
      overwrite(path)
      #expect(block.bytes[5000] == 2)
    }
  }

  /// The size alone may be a lie: a file can have a size without bytes.
  @Test func oneThatIsTooLargeIsRefused() throws {
    try withFile(mode: 0o666) { path, _ in
      #expect(truncate(path, 1 << 40) == 0)
      #expect(throws: TraceReadError(.tooLargeToCopy(limit: 1 << 20), path: path)) { try FileLoader.load(path: path, limit: 1 << 20) }
    }
  }
}
