import Glibc
import Reports

/// The files that a command line names, told apart by what they are and not by how they are named: an output must not take the place of
/// what is read, nor of another output.
struct FileRoles {
  private var files: [(path: String, role: String)] = []

  /// - Parameter role: what stands before a file's name: `the trace`.
  mutating func reads(_ paths: [String], as role: String) { files += paths.map { ($0, role) } }

  /// - Parameter option: that names the output.
  /// - Throws: `CommandFailure` when the output is one of the files that are read, or another output. Devices and pipes are none.
  mutating func writes(_ output: OutputOptions, by option: String = "-o") throws(CommandFailure) {
    guard !output.isOpen, let id = FileID(output.output) else { return }
    if let file = files.first(where: { FileID($0.path) == id }) {
      throw CommandFailure.usage(
        "\(option) '\(TerminalText.escaped(output.output))' is \(file.role) '\(TerminalText.escaped(file.path))', which it would replace; "
          + "name another file")
    }
    files.append((output.output, "the output of \(option)"))
  }
}

/// Which file a path leads to.
private enum FileID: Equatable {
  case file(device: UInt64, inode: UInt64)
  /// None is there yet: a name in a directory.
  case place(device: UInt64, inode: UInt64, name: String)

  /// Follows links; nil for what is no ordinary file. `-` is standard input, which may have been redirected from one.
  init?(_ path: String) {
    var status = stat()
    if (path == "-" ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { return nil }
      self = .file(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
      return
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "."
    guard let name = parts.last, stat(folder, &status) == 0 else { return nil }
    self = .place(device: UInt64(status.st_dev), inode: UInt64(status.st_ino), name: String(name))
  }
}
