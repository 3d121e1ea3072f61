import Glibc
import Reports
import TraceFile

/// Why a command stops. `message` says what went wrong and ends with what to do next.
struct CommandFailure: Error {
  var exitCode: Int32
  var message: String

  /// Wrong usage.
  static func usage(_ message: String) -> CommandFailure { CommandFailure(exitCode: 64, message: message) }

  /// The output cannot be written.
  static func cannotWrite(_ path: String, errno code: Int32) -> CommandFailure {
    let reason = String(cString: strerror(code))
    let next = path == "-" ? "check where standard output goes" : "name another file with -o, or free space and check permissions"
    let name = path == "-" ? "standard output" : "'\(TerminalText.escaped(path))'"
    return CommandFailure(exitCode: 73, message: "cannot write \(name): \(reason); \(next)")
  }

  func report() { Diagnostics.write("kvm-inittrace: error: " + message) }
}

enum Diagnostics {
  /// Goes to the begin of the line, and clears it.
  static let eraseLine = "\r\u{1b}[K"

  /// Whether a step or a bar can be drawn on standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 && !OutputOptions.isDumb }

  /// Writes one line to standard error.
  static func write(_ line: some StringProtocol) { put(line + "\n") }

  /// Writes to standard error as it is.
  static func put(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension CommandFailure {
  /// A trace that cannot be read.
  init(_ error: TraceReadError) {
    self.init(exitCode: error.exitCode, message: TerminalText.escaped(error.description))
  }
}
