import Glibc
import Reports
import TraceCapture

/// Tells on standard error how far a recording is: each step with its time when asked, else the present one on a terminal.
struct RecordProgress {
  private let isVerbose: Bool
  private let showsStep: Bool
  private let started = ContinuousClock.now

  init(isVerbose: Bool, isQuiet: Bool) {
    self.isVerbose = isVerbose
    showsStep = !isVerbose && !isQuiet && isatty(STDERR_FILENO) == 1 && !OutputOptions.isDumb
  }

  func step(_ text: String) {
    if isVerbose {
      let elapsed = started.duration(to: .now).components
      let milliseconds = elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
      Diagnostics.write("kvm-inittrace: \(milliseconds) ms: \(TerminalText.escaped(text))")
    } else if showsStep {
      // The command writes to the same terminal: its own lines begin on an empty one.
      put(text == Recorder.runningStep ? Self.erase : Self.erase + TerminalText.escaped(text))
    }
  }

  func notice(_ text: String) {
    clear()
    Diagnostics.write("kvm-inittrace: " + TerminalText.escaped(text))
  }

  /// Takes the present step off the terminal.
  func clear() {
    if showsStep { put(Self.erase) }
  }

  private static let erase = "\r\u{1b}[K"

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
