import Reports
import TraceCapture

/// Tells on standard error how far a recording is: each step with its time when asked, else the present one on a terminal.
struct RecordProgress {
  private let isVerbose: Bool
  private let showsStep: Bool
  private let started = ContinuousClock.now

  init(isVerbose: Bool, isQuiet: Bool) {
    self.isVerbose = isVerbose
    showsStep = !isVerbose && !isQuiet && Diagnostics.isTerminal
  }

  func step(_ text: String) {
    if isVerbose {
      let elapsed = started.duration(to: .now).components
      let milliseconds = elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
      Diagnostics.note("\(milliseconds) ms: \(text)")
    } else if showsStep {
      // The command writes to the same terminal: its own lines begin on an empty one.
      Diagnostics.put(Diagnostics.eraseLine + (text == Recorder.runningStep ? "" : TerminalText.escaped(text)))
    }
  }

  func notice(_ text: String) {
    clear()
    Diagnostics.note(text)
  }

  /// Takes the present step off the terminal.
  func clear() {
    if showsStep { Diagnostics.put(Diagnostics.eraseLine) }
  }
}
