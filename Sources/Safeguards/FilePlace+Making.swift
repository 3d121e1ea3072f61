import CLinux
import Glibc

/// New files in the directory of a place, which only this user can read.
extension FilePlace {
  /// A file without a name, for reading and writing: it is gone when it is closed.
  ///
  /// - Returns: nil on file systems that know no such files.
  /// - Throws: `FileError` when it cannot be made.
  func makeUnnamed() throws(FileError) -> Int32? {
    let file = openat(directory, ".", kvm_inittrace_unnamed | O_RDWR | O_CLOEXEC, 0o600)
    if file >= 0 { return file }
    guard [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(errno) else { throw FileError(errno) }
    return nil
  }

  /// A file that has the place's name and six letters more.
  ///
  /// - Throws: `FileError` when it cannot be made.
  func makeNamed(isReadBack: Bool) throws(FileError) -> (descriptor: Int32, name: String) {
    var file: Int32 = -1
    let name = try freshName { name in
      file = openat(directory, name, (isReadBack ? O_RDWR : O_WRONLY) | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      return file >= 0
    }
    return (file, name)
  }

  /// Gives a file without a name this one, unless it is taken: false then, with `errno`.
  func link(_ file: Int32, as name: String) -> Bool {
    linkat(AT_FDCWD, "/proc/self/fd/\(file)", directory, name, AT_SYMLINK_FOLLOW) == 0
  }

  /// Gives a file without a name the place's and six letters more.
  ///
  /// - Throws: `FileError` when it cannot have one.
  func link(_ file: Int32) throws(FileError) -> String { try freshName { link(file, as: $0) } }

  /// The place's name and six letters more, under which `isMade` could make a file; it says by `errno` why it could not.
  private func freshName(_ isMade: (String) -> Bool) throws(FileError) -> String {
    for _ in 0..<Self.tries {
      let name = name + "." + Self.suffix()
      if isMade(name) { return name }
      guard errno == EEXIST else { break }
    }
    throw FileError(errno)
  }

  private static let tries = 100

  /// Six letters that nobody can guess.
  private static func suffix() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<6).map { _ in letters[Int.random(in: letters.indices)] })
  }
}
