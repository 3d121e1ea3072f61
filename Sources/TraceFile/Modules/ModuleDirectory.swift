import Glibc

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
    var count = 0
    while let (path, depth) = rest.popLast() {
      guard let entries = opendir(path) else {
        if depth == 0 { throw TraceReadError(errno == ENOTDIR ? .notADirectory : .cannotOpen(errno: errno), path: directory) }
        continue
      }
      defer { closedir(entries) }
      while let entry = readdir(entries), count < entryLimit {
        count += 1
        let (name, type) = Self.entry(entry)
        guard name != ".", name != ".." else { continue }
        // Links are not followed: `build` leads into a source tree.
        let isDirectory = type == DT_DIR || (type == DT_UNKNOWN && Self.isDirectory(path + "/" + name))
        if isDirectory, depth < depthLimit { rest.append((path + "/" + name, depth + 1)) }
        if !isDirectory, isModule(name) { found.append(path + "/" + name) }
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

  private static func entry(_ entry: UnsafeMutablePointer<dirent>) -> (name: String, type: Int) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { String(cString: $0) }
    }
    return (name, Int(entry.pointee.d_type))
  }

  private static func isModule(_ name: String) -> Bool {
    endings.contains { name.hasSuffix($0) && names.contains(String(name.dropLast($0.count))) }
  }
}
