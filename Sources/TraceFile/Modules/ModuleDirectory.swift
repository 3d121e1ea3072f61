import Glibc
import Safeguards

/// Finds the files of KVM's modules in and below a directory: `/lib/modules/RELEASE`, or a tree that holds such directories or the files.
enum ModuleDirectory {
  private static let names: Set<String> = ["kvm.ko", "kvm-intel.ko", "kvm-amd.ko"]
  private static let endings = ["", ".xz", ".zst", ".gz"]
  private static let depthLimit = 20
  private static let entryLimit = 1_000_000
  /// Files that are looked at: a tree of some releases has three of each.
  static let fileLimit = 100

  /// The files, in the order of their paths.
  ///
  /// - Throws: `TraceReadError` when there are none, or the directory cannot be read.
  static func files(in directory: String) throws(TraceReadError) -> [String] {
    var found: [String] = []
    var rest: [(path: String, depth: Int)] = [(directory, 0)]
    var room = entryLimit
    while let (path, depth) = rest.popLast() {
      guard let entries = DirectoryEntry.all(in: path, limit: room) else {
        if depth == 0 { throw TraceReadError(errno == ENOTDIR ? .notADirectory : .cannotOpen(errno: errno), path: directory) }
        continue
      }
      room -= entries.count
      for entry in entries {
        let inner = path + "/" + entry.name
        // Links are not followed: `build` leads into a source tree.
        let isDirectory = entry.kind == .directory || (entry.kind == .untold && Self.isDirectory(inner))
        if isDirectory, depth < depthLimit { rest.append((inner, depth + 1)) }
        if !isDirectory, isModule(entry.name) { found.append(inner) }
      }
    }
    guard !found.isEmpty else { throw TraceReadError(.noModules, path: directory) }
    return Array(found.sorted().prefix(fileLimit))
  }

  /// For file systems whose directories do not tell.
  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func isModule(_ name: String) -> Bool {
    endings.contains { name.hasSuffix($0) && names.contains(String(name.dropLast($0.count))) }
  }
}
