import ExpectationsFile
import Glibc
import Reports
import Safeguards
import TraceCapture
import TraceFile

/// Why a command stops. `message` says what went wrong and ends with what to do next.
struct CommandFailure: Error {
  var exitCode: Int32
  var message: String

  /// Wrong usage.
  static func usage(_ message: String) -> CommandFailure { CommandFailure(exitCode: 64, message: message) }

  /// The output cannot be written.
  static func cannotWrite(_ path: String, errno code: Int32) -> CommandFailure {
    cannotWrite(path, reason: String(cString: strerror(code)))
  }

  /// The output cannot be written.
  static func cannotWrite(_ path: String, _ error: FileError) -> CommandFailure {
    cannotWrite(path, reason: TerminalText.escaped(error.description))
  }

  /// The output cannot be written: `reason` is fit for a terminal.
  static func cannotWrite(_ path: String, reason: String) -> CommandFailure {
    let next = path == "-" ? "check where standard output goes" : "name another file, or free space and check permissions"
    let name = path == "-" ? "standard output" : "'\(TerminalText.escaped(path))'"
    return CommandFailure(exitCode: 73, message: "cannot write \(name): \(reason); \(next)")
  }

  func report() { Diagnostics.write("kvm-inittrace: error: " + message) }
}

extension CommandFailure {
  /// A trace that cannot be read.
  init(_ error: TraceReadError) { self.init(exitCode: error.exitCode, message: TerminalText.escaped(error.description)) }

  /// Expectations that cannot be used.
  init(_ error: ExpectationsError) { self.init(exitCode: error.exitCode, message: TerminalText.escaped(error.description)) }

  /// A recording that cannot be made.
  init(_ error: CaptureError) { self.init(exitCode: error.exitCode, message: TerminalText.escaped(error.description)) }
}
