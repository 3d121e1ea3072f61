import Glibc
import Safeguards

extension KernelFiles {
  /// The names in a directory, in the order of their bytes and without `.` and `..`, or nil when it cannot be read.
  public func names(in path: String) -> [String]? {
    DirectoryEntry.all(in: self.path(path))?.map(\.name).sorted()
  }

  /// What a symbolic link says, or nil when it cannot be read.
  public func link(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes -> Int in
      guard let base = bytes.baseAddress else { return -1 }
      return readlink(self.path(path), base.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard count >= 0 else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// Opens a file and closes it again: 0, or the `errno` with which opening failed.
  ///
  /// Neither truncates nor creates. Only an attempt tells what lockdown or a read-only mount allows.
  func openError(_ path: String, _ flags: Int32) -> Int32 {
    let file = open(self.path(path), flags | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return errno }
    close(file)
    return 0
  }

  /// The lines of a file without empty ones; nil when it cannot be read.
  func lines(_ path: String, limit: Int = 1 << 20) -> [Substring]? {
    text(path, limit: limit)?.split(separator: "\n", omittingEmptySubsequences: true)
  }

  /// A whole number that is all a file holds.
  func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }
}
