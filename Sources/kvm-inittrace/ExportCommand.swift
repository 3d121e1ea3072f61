import ArgumentParser
import CallTrees
import Exports
import KVMStages
import Reports
import Safeguards
import ToolVersion

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes what a trace holds in a format of other programs.",
    discussion: """
      calls        one JSON object per line and call (Docs/calls.schema.json)
      stages       one JSON object per line for each run and each of its stages:
                   rows for tables of many machines (Docs/stages.schema.json)
      perfetto     a timeline for ui.perfetto.dev, as protobuf
      chrome       a timeline in the Trace Event Format: chrome://tracing, Perfetto
      folded       self times by stack, for flamegraph.pl and difffolded.pl
      speedscope   flame graphs for speedscope.app
      openmetrics  how the load went, for node_exporter's textfile collector
      sqlite       a database of traces, runs, stages, calls and log

      calls, stages, folded and sqlite take several traces; perfetto, chrome and
      speedscope need a trace with times. What each holds: Docs/Exports.md.

      --redact takes out what tells whose machine it was: names of hosts, ids,
      addresses, command lines and paths, lines of the kernel's log that are not
      KVM's. Functions without a name become func#1.

      EXAMPLES
        kvm-inittrace export trace.dat --to perfetto -o trace.pftrace
            open it at ui.perfetto.dev
        kvm-inittrace export trace.dat --to folded | flamegraph.pl \\
            --countname ns > init.svg
        kvm-inittrace export traces/*.dat --to sqlite -o traces.db
        sqlite3 traces.db "SELECT stage, avg(duration_ns) FROM stages GROUP BY 1"
        kvm-inittrace export boot.dat --to openmetrics \\
            -o /var/lib/node_exporter/textfile/kvm_inittrace.prom
        kvm-inittrace export boot.dat --to stages --host-id web-17 >> rows.ndjson
        kvm-inittrace export trace.dat --to calls |
            jq -r 'select(.duration_ns > 1e6) | .function'
        kvm-inittrace export trace.dat --to chrome --redact -o to-send.json
      """
        + ExitStatus.help([
          0: "written, whatever the verdict: 'report' tells that",
          2: "the trace cannot be had in this format: it has no times",
          65: "a trace is damaged (what could be read is written) or none",
        ]))

  @OptionGroup var trace: TraceOptions
  @Option(help: ArgumentHelp("\(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "format")) var to: ExportFormat
  @Flag(help: "Leave out what tells whose machine it was.") var redact = false
  @Option(
    help: ArgumentHelp("stages and sqlite: the machine, instead of the id that the recorder stored.", valueName: "id"))
  var hostID: String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if hostID != nil, !to.tellsHost { throw ValidationError("--host-id goes with --to stages and --to sqlite.") }
    if hostID != nil, redact { throw ValidationError("--host-id and --redact exclude each other.") }
  }

  func run() throws {
    // Not when the arguments are validated: an option that is not known leaves its value among the traces, and is to be told first.
    if trace.paths.count > 1, !to.takesSeveral {
      throw CommandFailure.usage("\(to.rawValue) takes one trace; this names \(trace.paths.count): export each into a file of its own")
    }
    if to.isBinary { try output.refuseTerminal(for: to.rawValue) }
    var roles = trace.roles(of: trace.paths)
    try roles.writes(output)
    Confinement.enter(trace, output: output, isDatabase: to == .sqlite)
    switch to {
    case .sqlite: try writeDatabase()
    case .folded: try writeFolded()
    default: try trace.write(to: output) { try write(prepared($0, $1), path: shown($1), to: &$2) }
    }
  }

  // MARK: traces

  /// The trace, with its analysis if the format tells of it, redacted if that is wanted. Tells of damage.
  private func prepared(_ recording: Recording, _ path: String) -> ExportTrace {
    for damage in recording.damage { Diagnostics.warn("\(path): \(damage)") }
    let analysis = to.tellsRuns ? Analyser.analyse(recording, hints: trace.hints) : Analysis(runs: [])
    let whole = ExportTrace(recording, analysis)
    return redact ? Redaction.redacted(whole, number: number(of: path)) : whole
  }

  /// What the output calls the trace at `path`.
  private func shown(_ path: String) -> String { redact ? Redaction.path(number(of: path)) : path }

  private func number(of path: String) -> Int { (trace.paths.firstIndex(of: path) ?? 0) + 1 }

  // MARK: formats

  private func write(_ exported: ExportTrace, path: String, to out: inout OutputStream) throws -> Int32 {
    do {
      switch to {
      case .calls: CallsExport.write(exported.recording, to: &out)
      case .stages: StagesExport.write(exported, path: path, hostID: hostID, to: &out)
      case .perfetto: try PerfettoExport.write(exported, to: &out)
      case .chrome: try ChromeExport.write(exported, to: &out)
      case .speedscope: try SpeedscopeExport.write(exported, name: path, to: &out)
      case .openmetrics: OpenMetricsExport.write(exported, to: &out)
      case .folded, .sqlite: break
      }
      return 0
    } catch {
      throw CommandFailure(exitCode: 2, message: "\(TerminalText.escaped(path)): \(error.description)")
    }
  }

  private func writeFolded() throws {
    var folded = FoldedExport()
    var status = ExitStatus()
    try output.write { out in
      status = try trace.readEach { recording, path in
        folded.add(prepared(recording, path))
        return 0
      }
      folded.write(to: &out)
    }
    try status.exit()
  }

  private func writeDatabase() throws {
    var status = ExitStatus()
    try output.writeFile { file in
      do {
        let database = try SQLiteExport(path: file, version: ToolVersion.number, hostID: hostID)
        status = try trace.readEach { recording, path in
          try database.add(prepared(recording, path), path: shown(path))
          return 0
        }
        try database.finish()
      } catch let error as SQLiteError {
        throw CommandFailure(exitCode: 73, message: "\(error); name another file with -o, or free space")
      }
    }
    try status.exit()
  }
}
