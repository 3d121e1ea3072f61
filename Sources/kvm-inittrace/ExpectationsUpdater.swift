import CallTrees
import ExpectationsFile
import Glibc
import KVMStages
import Reports

/// `check --update`: makes expectations of traces.
struct ExpectationsUpdater {
  let command: CheckCommand
  let paths: [String]

  func run() throws {
    let old = try existing()
    if let old, old.hasComments, !command.force {
      throw CommandFailure.usage(
        "\(TerminalText.escaped(old.path)) holds comments, which an update cannot keep; give --force, or a new file, and bring them over")
    }
    let hints = command.trace.hints
    let batch = TraceBatch(
      paths: paths, readOptions: try command.trace.readOptions(), hints: hints, task: command.quiet ? nil : "reading")
    let answers = batch.map { path, recording, analysis -> Result<ObservedTrace, CommandFailure> in
      guard let damage = recording.damage.first else {
        return .success(ObservedTrace(path: path, recording, analysis, kernel: hints.kernel(of: recording)))
      }
      let text = TerminalText.escaped("\(path): the file is \(damage.finding); leave it out, or copy it again")
      return .failure(CommandFailure(exitCode: 65, message: text))
    }
    let traces = try whole(answers.map { $0.result.flatMap { $0 } })
    let sets = ExpectationUpdate(traces, slack: command.slack).sets()
    try command.output.to(command.expect).write(ExpectationsWriter.text(sets, keeping: old, asJSON: command.expect.hasSuffix(".json")))
    guard !command.quiet else { return }
    Diagnostics.note(
      "\(sets.count) sets of expectations from \(traces.count) traces are in \(command.expect); read them: they say that what is now is right"
    )
  }

  /// All or nothing: expectations of half of the traces would be wrong.
  private func whole(_ answers: [Result<ObservedTrace, CommandFailure>]) throws -> [ObservedTrace] {
    var traces: [ObservedTrace] = []
    var status = ExitStatus()
    for answer in answers {
      switch answer {
      case .success(let trace): traces.append(trace)
      case .failure(let failure):
        failure.report()
        status.add(failure.exitCode)
      }
    }
    try status.exit()
    return traces
  }

  private func existing() throws -> ExpectationsFile? {
    guard command.expect != "-", access(command.expect, F_OK) == 0 else { return nil }
    return try ExpectationsFile(path: command.expect)
  }
}
