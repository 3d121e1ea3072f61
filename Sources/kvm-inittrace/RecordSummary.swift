import CallTrees
import Glibc
import KVMStages
import Reports
import TraceCapture
import TraceFile

/// What is said of a recording when it is done: the verdict, what was lost, and where the file is.
struct RecordSummary {
  let trace: RecordedTrace
  let command: RecordCommand

  init(_ trace: RecordedTrace, command: RecordCommand) {
    self.trace = trace
    self.command = command
  }

  /// - Returns: the exit status for this recording.
  func write() throws -> Int32 {
    for warning in trace.warnings { Diagnostics.write("kvm-inittrace: warning: " + TerminalText.escaped(warning)) }
    let recording = try TraceOptions.read(trace.path)
    let analysis = Analyser.analyse(recording, hints: AnalysisHints())
    var options = ReportOptions()
    options.quiet = true
    let output = OutputOptions.standard
    options.width = output.width
    options.color = command.color == .always || (command.color == .auto && output.isColored)
    if !command.quiet {
      var text = ""
      TextReport.write(recording, analysis, options: options, to: &text)
      try output.write(text)
    }
    tellEnd()
    tellLoss()
    if !command.quiet {
      Diagnostics.write(
        "kvm-inittrace: \(trace.events) events, \((trace.bytes + 1023) / 1024) KB in \(TerminalText.escaped(trace.path)); "
          + "'kvm-inittrace report \(TerminalText.escaped(trace.path))' tells more")
    }
    return exitStatus(analysis)
  }

  private func tellEnd() {
    if let reason = trace.ending.interruption {
      Diagnostics.write("kvm-inittrace: warning: the recording was ended by \(reason) before the load was over")
    }
    if let code = trace.facts.exitCode, code != 0 {
      Diagnostics.write("kvm-inittrace: \(TerminalText.escaped(trace.facts.program ?? "the command")) ended with exit code \(code)")
    }
    if let signal = trace.facts.signal {
      Diagnostics.write("kvm-inittrace: \(TerminalText.escaped(trace.facts.program ?? "the command")) was ended by signal \(signal)")
    }
  }

  private func tellLoss() {
    let lost = trace.facts.lostEvents.sorted { $0.key < $1.key }
    guard !lost.isEmpty else { return }
    let places = lost.map { "\($0.value) on CPU \($0.key)" }.joined(separator: ", ")
    let size = trace.neededKB.map { "; record again with -b \($0 >= 1024 ? "\($0 / 1024)M" : "\($0)K")" } ?? ""
    Diagnostics.write("kvm-inittrace: warning: the ring buffer lost events: \(places)\(size)")
  }

  /// The verdict, and the command's own failure where the verdict says nothing against it.
  private func exitStatus(_ analysis: Analysis) -> Int32 {
    if trace.ending != .done { return 2 }
    let code: Int32 = analysis.runs.isEmpty ? 2 : analysis.exitStatus
    let hasFailed = (trace.facts.exitCode ?? 0) != 0 || trace.facts.signal != nil
    let isWhole = trace.facts.lostEvents.isEmpty
    return hasFailed && (code == 0 || (code == 2 && isWhole)) ? 1 : code
  }
}
