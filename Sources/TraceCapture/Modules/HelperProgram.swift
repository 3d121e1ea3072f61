import CTrace
import Glibc

/// Runs a program of the system by its path, never through a shell, and keeps what it says.
struct HelperProgram {
  var status: Int32
  /// What it wrote to standard output and standard error, up to 64 KB.
  var output: String

  /// The environment of the programs that this one chooses, in the place of the user's: modprobe takes options from MODPROBE_OPTIONS, and
  /// its configuration may name programs, which a shell looks for in PATH.
  static let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]

  /// Waits for the program's end; a signal that ends a recording ends it, too.
  ///
  /// - Parameters:
  ///   - lock: the recorder's lock, which is held until the program has ended, whatever happens to the recorder; it is left to one that
  ///     cannot be ended.
  ///   - limit: nanoseconds that it may take.
  /// - Throws: `noCommand` when the program cannot be executed, `inconclusive` when it was ended, `unavailable` when there is no
  ///   room for another process.
  static func run(_ arguments: [String], lock: RunLock? = nil, limit: UInt64? = nil) throws(CaptureError) -> HelperProgram {
    guard let program = arguments.first, let pipe = ProcessPipe(), let reports = ProcessPipe() else {
      throw .system("start", arguments.first ?? "", errno: errno, remedy: "close other programs, then try again")
    }
    defer { for end in [pipe.reader, reports.reader] { close(end) } }
    // The recorder has signals blocked, which a child would inherit.
    var mask = sigset_t()
    sigemptyset(&mask)
    var how = kvm_inittrace_child(mask: mask, report: reports.writer)
    (how.output, how.lock) = (pipe.writer, lock?.descriptor ?? -1)
    let started = ChildProcess.start(arguments, how, environment: environment)
    let code = errno
    for end in [pipe.writer, reports.writer] { close(end) }
    guard var process = started else { throw .system("start", program, errno: code, remedy: "close other programs, then try again") }
    if let failure = process.executionError(reports.reader) {
      throw CaptureError(
        .noCommand, "cannot execute '\(program)': \(CaptureError.text(failure))", remedy: "install it (Debian: the package kmod)")
    }
    let output = try collect(pipe.reader, of: &process, arguments, lock: lock, limit: limit)
    switch process.ending {
    case .exited(let status): return HelperProgram(status: status, output: output)
    // As a shell has it.
    case .killed(let signal): return HelperProgram(status: 128 + signal, output: output)
    case nil: return HelperProgram(status: 0, output: output)
    }
  }

  /// Reads what the program says until it has ended: others may hold its output open longer.
  private static func collect(
    _ pipe: Int32, of process: inout ChildProcess, _ arguments: [String], lock: RunLock?, limit: UInt64?
  ) throws(CaptureError) -> String {
    _ = fcntl(pipe, F_SETFL, O_NONBLOCK)
    let started = MonotonicClock.now()
    var bytes: [UInt8] = []
    while true {
      // What it said before its end is there when that is seen.
      let hasEnded = process.hasEnded()
      let isOpen = takeAll(pipe, &bytes)
      if hasEnded { return String(decoding: bytes, as: UTF8.self).trimmed }
      if let reason = reasonToEnd(started, limit) { throw ended(&process, arguments, lock, reason) }
      var watched = pollfd(fd: isOpen ? pipe : -1, events: Int16(POLLIN), revents: 0)
      _ = poll(&watched, 1, 20)
    }
  }

  private static func ended(
    _ process: inout ChildProcess, _ arguments: [String], _ lock: RunLock?, _ reason: String
  ) -> CaptureError {
    let words = "'\(arguments.joined(separator: " "))'"
    guard process.end(forced: true) else {
      lock?.leave()
      return CaptureError(
        .inconclusive, "\(words) (process \(process.pid)) cannot be ended \(reason)",
        remedy: "the kernel is still at work for it: see dmesg")
    }
    return CaptureError(.inconclusive, "\(words) was ended \(reason)", remedy: "find out what it waits for: dmesg, /etc/modprobe.d")
  }

  /// - Returns: whether there may be more.
  private static func takeAll(_ pipe: Int32, _ bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(pipe, &buffer, buffer.count)
      if count < 0 { return errno == EAGAIN || errno == EINTR }
      if count == 0 { return false }
      if bytes.count < 1 << 16 { bytes += buffer[..<count] }
    }
  }

  private static func reasonToEnd(_ started: UInt64, _ limit: UInt64?) -> String? {
    if let signal = SignalWatch.pending { return "by \(SignalWatch.name(signal))" }
    if let limit, MonotonicClock.now() &- started > limit { return "after \(limit / 1_000_000_000) s" }
    return nil
  }
}
