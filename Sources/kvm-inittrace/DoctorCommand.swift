import ArgumentParser
import Reports
import TraceCapture

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says whether this machine can record the load of a KVM module and run KVM, and what to do where it cannot.",
    discussion: """
      One line per check: PASS, WARN (it works, with a drawback), FAIL (it cannot
      work) or SKIP (nothing to say, or this kernel does without), then what was
      found, and in parentheses what to do. Nothing is changed, unless with
      --restore, which first undoes what an interrupted recording has left.

      EXAMPLES
        sudo kvm-inittrace doctor
        sudo kvm-inittrace doctor -q
            only the warnings and failures
        sudo kvm-inittrace doctor --restore
            after a recording was killed: put tracefs and the modules back
        sudo kvm-inittrace doctor --format json |
            jq -r '.checks[] | select(.status == "fail") | .remedy'
      """
        + ExitStatus.help([
          0: "nothing fails",
          1: "a check fails",
          69: "another recording is running (with --restore)",
          77: "no permission (with --restore)",
        ]))

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "text or json.") var format: Format = .text
  @Flag(name: .shortAndLong, help: "Only the warnings and failures.") var quiet = false
  @Flag(help: "Undo what an interrupted recording has left.") var restore = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    if restore { try restoreLeftovers() }
    let facts = MachineFacts()
    let checks = Doctor(facts).checks(others: [leftovers])
    let rows = checks.map(CheckRow.init)
    try output.write { out in
      switch format {
      case .text:
        let options = ReportOptions(width: output.width, color: output.isColored, unicode: output.isUnicode, quiet: quiet)
        ChecksText.write(rows, options: options, to: &out)
      case .json:
        let shown = quiet ? rows.filter { $0.status == .warn || $0.status == .fail } : rows
        ChecksJSON.write(shown, machine: ChecksJSON.Machine(facts), to: &out)
      }
    }
    if checks.contains(where: { $0.status == .fail }) { throw ExitCode(1) }
  }

  private func restoreLeftovers() throws {
    do {
      guard MachineFacts().permissions.isRoot else {
        throw CaptureError(.noPermission, "only root can undo what a recording has left", remedy: "run it with sudo")
      }
      let directory = try RunDirectory()
      try directory.acquireLock()
      let lines = try Leftovers.restore(directory)
      for line in lines.isEmpty ? ["no recording has left anything"] : lines { Diagnostics.note(line) }
    } catch let error as CaptureError {
      throw CommandFailure(error)
    }
  }

  private var leftovers: DoctorCheck {
    let name = "leftovers"
    switch Leftovers.state() {
    case .nothing: return .pass(name, "no interrupted recording has left anything")
    case .unseen: return .skip(name, "what an interrupted recording has left cannot be seen by this user")
    case .left(let text): return .warn(name, text, do: "kvm-inittrace doctor --restore, or the next recording, undoes them")
    case .blocked(let error): return .warn(name, error.message, do: error.remedy)
    }
  }
}

extension CheckRow {
  fileprivate init(_ check: DoctorCheck) {
    let status: Status =
      switch check.status {
      case .pass: .pass
      case .warn: .warn
      case .fail: .fail
      case .skip: .skip
      }
    self.init(status, check.name, found: check.found, remedy: check.remedy)
  }
}

extension ChecksJSON.Machine {
  fileprivate init(_ facts: MachineFacts) {
    func known(_ text: String) -> String? { text.isEmpty ? nil : text }
    self.init(
      kernel: known(facts.kernel.uname.release), machine: known(facts.kernel.uname.machine), cpu: known(facts.cpu.modelName),
      microcode: facts.cpu.microcode, module: facts.vendorModule)
  }
}
