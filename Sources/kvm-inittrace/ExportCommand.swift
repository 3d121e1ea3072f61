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
      """ + ExitStatus.help())

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case calls
  }

  @OptionGroup var trace: TraceOptions
  @Option(help: "The format: calls.") var to: Format
  @OptionGroup var output: OutputOptions

  func run() throws {
    try trace.write(to: output) { recording, path, out in
      for damage in recording.damage {
        Diagnostics.write("kvm-inittrace: warning: \(TerminalText.escaped(path)): \(TerminalText.escaped("\(damage)"))")
      }
      switch to {
      case .calls: CallsExport.write(recording, to: &out)
      }
      return 0
    }
  }
}
