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
    var visited: Set<DirectoryID> = []
    while let directory = waiting.popLast() {
      guard let id = DirectoryID(directory), visited.insert(id).inserted, let entries = DirectoryEntry.all(in: directory) else { continue }
      for entry in entries where entry.kind != .other && !entry.isHidden {
        let path = directory + "/" + entry.name
        if entry.kind != .directory, isWanted(entry.name) { links.append(path) }
        if entry.kind == .directory || followsLinks { waiting.append(path) }
      }
    }
    return links
  }
}
