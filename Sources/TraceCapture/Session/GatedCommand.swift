import CTrace
import Glibc

/// The traced command: a child that starts when it is let go, never through a shell.
public final class GatedCommand {
  /// How it ended.
  public enum End: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  public let arguments: [String]
  public private(set) var pid: pid_t = -1
  /// Times on CLOCK_MONOTONIC, in nanoseconds.
  private var started: UInt64 = 0
  public private(set) var elapsedNS: UInt64 = 0
  public private(set) var end: End?
  private var gate: Int32 = -1
  private var report: Int32 = -1

  /// Forks the child, which waits.
  ///
  /// - Parameters:
  ///   - arguments: the program, searched for in PATH, and its arguments.
  ///   - mask: the signal mask that the child gets.
  ///   - environment: `NAME=value`; nil: that of this process.
  public init(_ arguments: [String], mask: sigset_t, environment: [String]? = nil) throws(CaptureError) {
    self.arguments = arguments
    guard let program = arguments.first, let gates = ProcessPipe(), let reports = ProcessPipe() else {
      throw .system("start", arguments.first ?? "", errno: errno, remedy: "close other programs, then try again")
    }
    let words = arguments.map { strdup($0) } + [nil]
    let settings = environment.map { $0.map { strdup($0) } + [nil] }
    defer { for word in words + (settings ?? []) { free(word) } }
    var mask = mask
    func spawn(_ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> pid_t {
      kvm_inittrace_spawn(program, words, environment, gates.reader, reports.writer, gates.writer, &mask)
    }
    pid = settings?.withUnsafeBufferPointer { spawn($0.baseAddress) } ?? spawn(nil)
    let code = errno
    close(gates.reader)
    close(reports.writer)
    (gate, report) = (gates.writer, reports.reader)
    guard pid > 0 else { throw .system("start", program, errno: code, remedy: "close other programs, then try again") }
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
    var code: Int32 = 0
    let count = read(report, &code, MemoryLayout<Int32>.size)
    guard count == MemoryLayout<Int32>.size else { return }
    waitpid(pid, nil, 0)
    end = .exited(127)
    throw CaptureError(
      .noCommand, "cannot execute '\(arguments.first ?? "")': \(CaptureError.text(code))", remedy: "check its name and PATH")
  }

  /// Ends a command that has not been let go.
  public func abandon() {
    guard gate >= 0 else { return }
    close(gate)
    gate = -1
    waitpid(pid, nil, 0)
    end = .exited(125)
  }

  /// Collects the command if it has ended.
  public func poll() -> Bool {
    if end != nil { return true }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return false }
    elapsedNS = MonotonicClock.now() &- started
    let signal = status & 0x7f
    end = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    return true
  }

  public func send(_ signal: Int32) {
    if end == nil, gate < 0 { kill(pid, signal) }
  }
}
