import Glibc
import Reports

/// What the command says on standard error, beside its output.
enum Diagnostics {
  /// Goes to the begin of the line, and clears it.
  static let eraseLine = "\r\u{1b}[K"

  /// Whether a step or a bar can be drawn on standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 && !OutputOptions.isDumb }

  /// Says something, in one line.
  static func note(_ text: String) { write("kvm-inittrace: " + TerminalText.escaped(text)) }

  /// Says what is not as it should be, and does not stop the command.
  static func warn(_ text: String) { note("warning: " + text) }

  /// Writes one line as it is.
  static func write(_ line: some StringProtocol) { put(line + "\n") }

  /// Writes text as it is.
  static func put(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
