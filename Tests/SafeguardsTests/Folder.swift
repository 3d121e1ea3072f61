import Foundation

/// A folder of its own, which goes when nobody uses it any more.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func / (folder: Folder, name: String) -> String { folder.path + "/" + name }

  func make(_ name: String) throws { try FileManager.default.createDirectory(atPath: self / name, withIntermediateDirectories: true) }
  func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: self / name)) }
  func text(_ name: String) -> String? { try? String(contentsOfFile: self / name, encoding: .utf8) }
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self / name, withDestinationPath: target)
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func status(_ name: String) -> stat {
    var status = stat()
    _ = lstat(self / name, &status)
    return status
  }

  func mode(_ name: String) -> mode_t { status(name).st_mode & 0o7777 }

  /// What only root can do: a file that belongs to nobody.
  static var canGiveAway: Bool { geteuid() == 0 }
  static let nobody: uid_t = 65534
}
