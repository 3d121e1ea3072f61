import Glibc

/// What links in directories lead to: a rule for a directory does not hold for that.
enum LinkedPaths {
  /// Paths of the links in and below `directories`, and of those in the directories that they lead to.
  static func all(in directories: [String]) -> [String] { walk(directories, followsLinks: true) { _ in true } }

  /// Paths of the links in and below `directories`, none of which is followed, whose names have `part`.
  static func links(in directories: [String], named part: String) -> [String] {
    walk(directories, followsLinks: false) { name in
      name.utf8.indices.contains { name.utf8[$0...].starts(with: part.utf8) }
    }
  }

  /// What is hidden is passed over, as it is when traces and modules are looked for.
  private static func walk(_ directories: [String], followsLinks: Bool, _ isWanted: (String) -> Bool) -> [String] {
    var links: [String] = []
    var waiting = directories
    var visited: Set<ID> = []
    while let directory = waiting.popLast() {
      guard let id = ID(directory), visited.insert(id).inserted, let stream = opendir(directory) else { continue }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let type = Int(entry.pointee.d_type)
        guard type == DT_LNK || type == DT_DIR || type == DT_UNKNOWN else { continue }
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard !name.hasPrefix(".") else { continue }
        let path = directory + "/" + name
        if type != DT_DIR, isWanted(name) { links.append(path) }
        if type == DT_DIR || followsLinks { waiting.append(path) }
      }
    }
    return links
  }

  /// A directory is looked through once.
  private struct ID: Hashable {
    var device: UInt64
    var inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
  }
}
