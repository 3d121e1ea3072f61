import CLinux
import Glibc

/// A place for a file: a name in a directory that is held open, so that what others do to the path changes nothing any more.
///
/// A link at the place is followed only if this user or root has made it. The kernel has such a rule (`fs.protected_symlinks`), but not for
/// a program that replaces files by renaming, and not everywhere.
public final class FilePlace {
  /// The open directory; good for `openat` and the like alone.
  let directory: Int32
  let name: String
  /// The directory's path.
  let folder: String

  /// - Throws: `FileError` when the directory is not there, or a link of somebody else leads on from the place.
  public init(_ path: String) throws(FileError) {
    var path = path
    for _ in 0..<Self.linkLimit {
      let (folder, name) = Self.parts(path)
      guard !name.isEmpty, name != ".", name != ".." else { throw FileError(EISDIR) }
      let directory = kvm_inittrace_open_place(folder, O_DIRECTORY)
      guard directory >= 0 else { throw FileError(errno) }
      var status = stat()
      guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFLNK else {
        (self.directory, self.name, self.folder) = (directory, name, folder)
        return
      }
      let target = Self.target(of: name, in: directory)
      close(directory)
      guard status.st_uid == geteuid() || status.st_uid == 0 else {
        throw FileError(ELOOP, "it is a link that user \(status.st_uid) has made, to '\(target)'")
      }
      path = target.hasPrefix("/") ? target : folder + "/" + target
    }
    throw FileError(ELOOP)
  }

  deinit { close(directory) }

  /// The kernel's own limit (MAXSYMLINKS).
  private static let linkLimit = 40

  private static func parts(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  private static func target(of name: String, in directory: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(directory, name, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The mode that a file here should have: that of an ordinary file of this user's that it replaces, else `fresh`.
  ///
  /// The mode of somebody else's file says nothing: it may have been put there so that all can read what root writes. A file with a second
  /// name may be another one that was linked to here.
  func mode(fresh: mode_t) -> mode_t {
    var status = stat()
    guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
      status.st_nlink == 1
    else { return fresh }
    return status.st_mode & 0o777
  }
}
