import Glibc

/// Why a recording cannot be made, or cannot go on: what was being done, to what, and what to do next.
public struct CaptureError: Error, Sendable, CustomStringConvertible {
  /// Decides the exit status.
  public enum Kind: Sendable, Hashable {
    /// This machine cannot do it, now or at all.
    case unavailable
    case noPermission
    case cannotWrite
    /// The traced command could not be started.
    case noCommand
    /// What was recorded does not answer the question.
    case inconclusive
  }

  public var kind: Kind
  /// What went wrong, and what it went wrong with.
  public var message: String
  /// What to do next.
  public var remedy: String

  /// What to do about a module, or a modprobe, that the kernel is still at work for.
  static let waitForKernel = "wait until the kernel is done with it; if that lasts, see dmesg"

  /// Why nothing is recorded in a namespace of process ids.
  static let ownProcessIDs = CaptureError(
    .unavailable, "this container has process ids of its own, by which the command's events cannot be told from others",
    remedy: "start the container with --pid=host, or run it on the host")

  public init(_ kind: Kind, _ message: String, remedy: String) {
    self.kind = kind
    self.message = message
    self.remedy = remedy
  }

  /// A system call that failed while `action` was done to `path`.
  static func system(_ action: String, _ path: String, errno code: Int32, remedy: String) -> CaptureError {
    let kind: Kind = code == EACCES || code == EPERM ? .noPermission : .unavailable
    return CaptureError(kind, "cannot \(action) '\(path)': \(text(code))", remedy: remedy)
  }

  /// What `strerror` says, with the errno's number where it knows none.
  static func text(_ code: Int32) -> String { String(cString: strerror(code)) }

  public var description: String { "\(message); \(remedy)" }

  /// The exit status of the contract.
  public var exitCode: Int32 {
    switch kind {
    case .unavailable, .noCommand: 69
    case .noPermission: 77
    case .cannotWrite: 73
    case .inconclusive: 2
    }
  }
}
