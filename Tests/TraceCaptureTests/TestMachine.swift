import Foundation

@testable import TraceCapture

/// A machine made of files in a temporary folder.
final class TestMachine {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-machine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var files: KernelFiles { KernelFiles(root: folder.path) }

  private func place(_ path: String) throws -> URL {
    let place = folder.appending(path: String(path.drop { $0 == "/" }))
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    return place
  }

  func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

  func write(_ path: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: place(path)) }

  func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(at: place(path), withIntermediateDirectories: true)
  }

  func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: place(path).path, withDestinationPath: target)
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(at: place(path)) }
}
