import Glibc
import Safeguards

/// The files in which the kernel tells about the machine, below a root that tests choose.
public struct KernelFiles: Sendable {
  /// Put before each path: empty for the machine itself.
  public var root: String

  public init(root: String = "") { self.root = root }

  /// Where the file is that the kernel calls `path`.
  public func path(_ path: String) -> String { root + path }

  /// The text of a file, without trailing white space, or nil when it cannot be read.
  ///
  /// Files of procfs and sysfs tell no size: they are read to their end, up to `limit` bytes.
  public func text(_ path: String, limit: Int = 1 << 20) -> String? {
    guard let bytes = bytes(path, limit: limit) else { return nil }
    var text = Substring(decoding: bytes, as: UTF8.self)
    while let last = text.last, last.isWhitespace || last == "\0" { text.removeLast() }
    return String(text)
  }

  /// The bytes of a file up to `limit`, or nil when it cannot be read.
  public func bytes(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
    let file = open(self.path(path), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return Descriptor.contents(of: file, limit: limit)
  }

  public func exists(_ path: String) -> Bool { access(self.path(path), F_OK) == 0 }
}
