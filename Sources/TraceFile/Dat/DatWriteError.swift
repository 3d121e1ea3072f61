import Glibc

/// Why a trace could not be written. What stands in the file by then is no whole trace.
public struct DatWriteError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Action: Sendable, Hashable {
    case write
    /// Reading back the pages of the ring buffer that were put by.
    case read
  }

  /// The failed call's `errno`; 0: the file ended early.
  public var errno: Int32
  public var action: Action
  /// The part of the trace: `the symbols`, `the events of CPU 1`.
  public var part: String
  /// The file as the user named it.
  public var path: String
  /// What `errno` does not say.
  public var reason: String?

  public init(errno: Int32, action: Action, part: String, path: String, reason: String? = nil) {
    self.reason = reason
    self.errno = errno
    self.action = action
    self.part = part
    self.path = path
  }

  /// One sentence on what is wrong, and one on what to do next.
  public var description: String {
    "\(problem); \(advice)"
  }

  /// What is wrong.
  public var problem: String {
    let reason = reason ?? (errno == 0 ? "the file ends early" : String(cString: strerror(errno)))
    let verb = action == .write ? "written" : "read back"
    return "\(path): \(part) cannot be \(verb): \(reason)"
  }

  /// What to do next.
  public var advice: String {
    switch errno {
    case ENOSPC, EDQUOT: "free some space, or name a file on another disk, and record again"
    case ESPIPE: "name an ordinary file: a trace cannot be written to a pipe"
    case EFBIG: "the file system takes no file of that size: name a file on another disk, and record again"
    default: "name another file, and record again"
    }
  }
}
