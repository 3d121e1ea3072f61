import Glibc

/// Why a file cannot be made or replaced.
public struct FileError: Error, Sendable, Hashable {
  /// The failed call's `errno`.
  public var errno: Int32
  /// What `errno` does not say: a sentence without its end, nil when it says all.
  public var reason: String?

  init(_ code: Int32, _ reason: String? = nil) { (errno, self.reason) = (code, reason) }

  /// What went wrong.
  public var description: String { reason ?? String(cString: strerror(errno)) }
}
