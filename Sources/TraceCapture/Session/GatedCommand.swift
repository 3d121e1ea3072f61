import CTrace
import Glibc

/// The traced command: a child that starts when it is let go, never through a shell.
public final class GatedCommand {
  public let arguments: [String]
  public var pid: pid_t { process.pid }
  private var process: ChildProcess
  /// Of one that works for the recorder: it ends when that ends, and is killed when it does not end.
  private let lock: RunLock?
  /// Times on CLOCK_MONOTONIC, in nanoseconds.
  private var started: UInt64 = 0
  public private(set) var elapsedNS: UInt64 = 0
  /// How it ended, once that was noticed.
  public var end: ProcessEnd? { process.ending }
  private var gate: Int32 = -1
  private var report: Int32 = -1

  /// Forks the child, which waits.
  ///
  /// - Parameters:
  ///   - arguments: the program, searched for in PATH, and its arguments.
  ///   - mask: the signal mask that the child gets.
  ///   - lock: the recorder's lock, for a program of its own: it is held until that has ended, too.
  ///   - environment: `NAME=value`; nil: that of this process.
  public init(_ arguments: [String], mask: sigset_t, lock: RunLock? = nil, environment: [String]? = nil) throws(CaptureError) {
    self.arguments = arguments
    self.lock = lock
    guard let program = arguments.first, let gates = ProcessPipe(), let reports = ProcessPipe() else {
      throw .system("start", arguments.first ?? "", errno: errno, remedy: "close other programs, then try again")
    }
    var how = kvm_inittrace_child(mask: mask, report: reports.writer)
    (how.gate, how.gate_writer, how.lock) = (gates.reader, gates.writer, lock?.descriptor ?? -1)
    let started = ChildProcess.start(arguments, how, environment: environment)
    let code = errno
    close(gates.reader)
    close(reports.writer)
    guard let started else {
      close(gates.writer)
      close(reports.reader)
      throw .system("start", program, errno: code, remedy: "close other programs, then try again")
    }
    (process, gate, report) = (started, gates.writer, reports.reader)
  }

  deinit {
    if gate >= 0 { close(gate) }
    if report >= 0 { close(report) }
  }

  /// Lets the command run.
  ///
  /// - Throws: `noCommand` when the program cannot be executed.
  public func start() throws(CaptureError) {
    var byte: UInt8 = 1
    started = MonotonicClock.now()
    _ = write(gate, &byte, 1)
    close(gate)
    gate = -1
    guard let code = process.executionError(report) else { return }
    throw CaptureError(
      .noCommand, "cannot execute '\(arguments.first ?? "")': \(CaptureError.text(code))", remedy: "check its name and PATH")
  }

  /// Ends a command that has not been let go.
  public func abandon() {
    guard gate >= 0 else { return }
    close(gate)
    gate = -1
    process.wait()
  }

  /// Collects the command if it has ended.
  public func poll() -> Bool {
    if end != nil { return true }
    guard process.hasEnded() else { return false }
    elapsedNS = MonotonicClock.now() &- started
    return true
  }

  public func send(_ signal: Int32) {
    if end == nil, gate < 0 { kill(pid, signal) }
  }

  /// Sees to it that a command that was let go has ended when its recording is over.
  ///
  /// The recorder's lock is left to its own that cannot be ended.
  ///
  /// - Returns: nil, or a sentence about one that goes on.
  public func finish() -> String? {
    guard end == nil, gate < 0, !process.end(forced: lock != nil) else { return nil }
    let name = "'\(arguments.first ?? "")' (process \(pid))"
    guard let lock else { return "\(name) was asked to end, and goes on" }
    lock.leave()
    return "\(name) cannot be ended: the kernel is still at work for it"
  }
}
