import CTrace
import Glibc

/// Turns the signals that end a recording into something to wait for, so that nothing is left half done.
final class SignalWatch {
  /// Signals that end a recording early.
  static let ending: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// Readable when a signal has arrived.
  let descriptor: Int32
  /// The mask before, which a child process gets.
  private(set) var previousMask = sigset_t()

  init() throws(CaptureError) {
    var mask = sigset_t()
    sigemptyset(&mask)
    for signal in Self.ending + [SIGCHLD] { sigaddset(&mask, signal) }
    sigprocmask(SIG_BLOCK, &mask, &previousMask)
    descriptor = signalfd(-1, &mask, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    guard descriptor >= 0 else {
      throw CaptureError(
        .unavailable, "cannot wait for signals: \(CaptureError.text(errno))", remedy: "close other programs, then try again")
    }
  }

  deinit {
    // What came and was not taken has nothing left to end; it would end the process before it has said what happened.
    _ = next()
    close(descriptor)
    sigprocmask(SIG_SETMASK, &previousMask, nil)
  }

  /// The first signal that asks to end, of those that have arrived; nil when only children have changed.
  func next() -> Int32? {
    var found: Int32?
    var info = signalfd_siginfo()
    while read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size {
      let signal = Int32(bitPattern: info.ssi_signo)
      if found == nil, Self.ending.contains(signal) { found = signal }
    }
    return found
  }

  /// A signal that asks to end and has arrived, but was not taken yet.
  static var pending: Int32? {
    var set = sigset_t()
    sigpending(&set)
    return ending.first { sigismember(&set, $0) == 1 }
  }

  static func name(_ signal: Int32) -> String {
    switch signal {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    case SIGHUP: "SIGHUP"
    default: "signal \(signal)"
    }
  }
}
