import Glibc

/// Which directory a path leads to: one is looked through once, however many links lead to it.
public struct DirectoryID: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// Follows links; nil when no directory is there.
  public init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
