import Glibc

/// What a directory says about something in it.
public struct DirectoryEntry: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case directory, link, other
    /// The file system does not tell.
    case untold
  }

  public let name: String
  public let kind: Kind

  /// What is in a directory, in the order of the file system and without `.` and `..`.
  ///
  /// - Parameter limit: entries at most.
  /// - Returns: nil when the directory cannot be read, with `errno`.
  public static func all(in directory: String, limit: Int = .max) -> [DirectoryEntry]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var entries: [DirectoryEntry] = []
    while entries.count < limit, let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { entries.append(DirectoryEntry(name: name, kind: Kind(entry.pointee.d_type))) }
    }
    return entries
  }

  /// As `ls` without `-a` has it.
  public var isHidden: Bool { name.hasPrefix(".") }
}

extension DirectoryEntry.Kind {
  /// - Parameter type: `d_type` of readdir(3).
  fileprivate init(_ type: UInt8) {
    switch Int(type) {
    case DT_DIR: self = .directory
    case DT_LNK: self = .link
    case DT_UNKNOWN: self = .untold
    default: self = .other
    }
  }
}
