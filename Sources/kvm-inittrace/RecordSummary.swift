import CallTrees
import KVMStages
import Reports
import TraceCapture
import TraceFile

/// What is said of a recording when it is done: the verdict, what was lost, and where the file is.
struct RecordSummary {
  let trace: RecordedTrace
  let command: RecordCommand

  /// - Returns: the exit status for this recording.
  func write() throws -> Int32 {
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
    for sentence in trace.facts.disturbed { Diagnostics.warn("somebody else changed the tracing while it was recorded: \(sentence)") }
    if !command.quiet {
      Diagnostics.note(
        "\(trace.events) events, \((trace.bytes + 1023) / 1024) KB in \(trace.path); 'kvm-inittrace report \(trace.path)' tells more")
    }
    return exitStatus(analysis)
  }

  private func tellEnd() {
    if let reason = trace.ending.interruption {
      Diagnostics.warn("the recording was ended by \(reason) before the load was over")
    }
    if let code = trace.facts.exitCode, code != 0 {
      Diagnostics.note("\(trace.facts.program ?? "the command") ended with exit code \(code)")
    }
    if let signal = trace.facts.signal {
      Diagnostics.note("\(trace.facts.program ?? "the command") was ended by signal \(signal)")
    }
  }

  private func tellLoss() {
    let lost = trace.facts.lostEvents.sorted { $0.key < $1.key }
    guard !lost.isEmpty else { return }
    let places = lost.map { "\($0.value) on CPU \($0.key)" }.joined(separator: ", ")
    let size = trace.neededKB.map { "; record again with -b \($0 >= 1024 ? "\($0 / 1024)M" : "\($0)K")" } ?? ""
    Diagnostics.warn("the ring buffer lost events: \(places)\(size)")
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
