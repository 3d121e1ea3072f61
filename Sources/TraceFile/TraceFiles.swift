import Glibc
import Safeguards

/// Finds the traces that a user names: files, directories, and `-` for standard input.
public enum TraceFiles {
  /// The paths of the traces that `arguments` name, in their order and each once.
  ///
  /// A directory stands for the traces in it and below, sorted by path: what is named `.dat` always, and text (`.txt`, also compressed,
  /// and `.trace`) only where its content begins as a trace, so that reports beside a trace are passed over. So is what is hidden. A file
  /// that is named itself is taken as it is.
  /// - Throws: `TraceReadError` for a directory that cannot be read, or that holds no trace.
  public static func list(_ arguments: [String]) throws(TraceReadError) -> [String] {
    var paths: [String] = []
    var known: Set<String> = []
    for argument in arguments {
      for path in isDirectory(argument) ? try traces(in: argument) : [argument] where known.insert(path).inserted {
        paths.append(path)
      }
    }
    return paths
  }

  // MARK: directories

  private static func traces(in directory: String) throws(TraceReadError) -> [String] {
    var found: [String] = []
    // Links wait until the real ones are done.
    var visited: Set<DirectoryID> = []
    var waiting = [directory]
    var linked: [String] = []
    while let next = waiting.popLast() ?? linked.popLast() {
      guard let id = DirectoryID(next), visited.insert(id).inserted else { continue }
      for name in try names(in: next) {
        let path = next == "." ? name : next.hasSuffix("/") ? next + name : next + "/" + name
        if isDirectory(path) {
          if isLink(path) { linked.append(path) } else { waiting.append(path) }
        } else if isTrace(path) {
          found.append(path)
        }
      }
    }
    guard !found.isEmpty else { throw TraceReadError(.noTraces, path: directory) }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func names(in directory: String) throws(TraceReadError) -> [String] {
    guard let entries = DirectoryEntry.all(in: directory) else { throw TraceReadError(.cannotOpen(errno: errno), path: directory) }
    return entries.filter { !$0.isHidden }.map(\.name)
  }

  private static func isDirectory(_ path: String) -> Bool { DirectoryID(path) != nil }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  // MARK: files in a directory

  private static let textEndings = [".txt", ".txt.gz", ".txt.xz", ".txt.zst", ".trace"]

  private static func isTrace(_ path: String) -> Bool {
    var status = stat()
    // A pipe would be waited for; a link to nowhere is named when it is read.
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG { return false }
    if path.hasSuffix(".dat") { return true }
    return isThere && textEndings.contains(where: path.hasSuffix) && TraceStart.isTrace(path)
  }
}
