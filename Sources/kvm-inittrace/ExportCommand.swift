import ArgumentParser
import Reports

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes what a trace holds in another format.",
    discussion: """
      calls: one JSON object per line and call, in order of start; the keys are
      described in Docs/calls.schema.json.

      EXAMPLES
        kvm-inittrace export trace.dat --to calls -o calls.ndjson
        kvm-inittrace export trace.dat --to calls |
            jq -r 'select(.duration_ns > 1e6) | .function'
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case calls
  }

  @OptionGroup var trace: TraceOptions
  @Option(help: "The format: calls.") var to: Format
  @OptionGroup var output: OutputOptions

  func run() throws {
    var status = ExitStatus()
    try output.write { out in
      for path in trace.paths {
        do {
          let recording = try trace.read(path)
          for damage in recording.damage {
            Diagnostics.write("kvm-inittrace: warning: \(TerminalText.escaped(path)): \(TerminalText.escaped("\(damage)"))")
          }
          if !recording.damage.isEmpty { status.add(65) }
          switch to {
          case .calls: CallsExport.write(recording, to: &out)
          }
        } catch let failure as CommandFailure {
          failure.report()
          status.add(failure.exitCode)
        }
      }
    }
    try status.exit()
  }
}
