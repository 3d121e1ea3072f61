import ArgumentParser
import CallTrees
import ExpectationsFile
import KVMStages
import Reports
import Safeguards
import TraceFile

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compares traces with what is expected of them: for CI, which must notice when a step is gone, fails or slows down.",
    discussion: """
      FILE is a trace or a directory, which stands for the traces in and below it.
      The expectations are YAML or JSON, see kvm-inittrace-expectations(5), or
      Docs/CI.md:

        schema: kvm-inittrace/expectations
        version: 1
        expect:
          - module: kvm_intel
            kernel: ">=6.3"
            verdict: ok                   # and no required stage is missing
            duration: 200ms
            lost_events: 0
            stages:
              vendor_hardware_setup: {status: ok, max: 20ms}
              irqfd_init: ok
            functions: {forbidden: [kvm_spurious_fault]}

      What a trace cannot tell is inconclusive, not passed: events were lost, the
      function may be hidden by a depth limit or has no name.

      EXAMPLES
        kvm-inittrace check traces/ --expect expectations.yaml --update
            write what these traces show; read it, and commit it
        kvm-inittrace check traces/ --expect expectations.yaml
            a line for each trace, and for each expectation that did not pass
        kvm-inittrace check traces/ --expect expectations.yaml --slack 3 --update
            and let no stage take more than three times as long as now
        kvm-inittrace check *.dat --expect e.yaml --github --junit check.xml
            in GitHub Actions: notes beside the lines of e.yaml
        kvm-inittrace check trace.txt --kernel 6.12 --expect e.yaml --tap
            a text trace names no kernel: this says which
      """
        + ExitStatus.help([
          0: "all expectations hold",
          1: "one broke",
          2: "none broke, but some cannot be told from the traces, or fit no set",
          65: "a trace is damaged or none, or the expectations are not understood",
          66: "a trace or the expectations cannot be opened",
          77: "a file may not be read",
        ]))

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, junit, tap
  }

  @OptionGroup var trace: TraceOptions
  @Option(name: [.short, .long], help: ArgumentHelp("The expectations, YAML or JSON.", valueName: "file"), completion: .expectations)
  var expect: String
  @Flag(help: "Write the expectations from these traces: replaces the sets that --update wrote before, and keeps the others.")
  var update = false
  @Option(help: ArgumentHelp("With --update: also greatest times, this many times what the traces show.", valueName: "factor"))
  var slack: Double?
  @Flag(help: "With --update: also where the comments in the file are lost.") var force = false
  @Flag(help: "A run that no set fits is not inconclusive.") var allowUnmatched = false
  @Option(help: "text, json, junit or tap.") var format: Format = .text
  @Option(help: ArgumentHelp("Also write JUnit XML to this file.", valueName: "file"), completion: .file()) var junit: String?
  @Flag(help: "The same as --format tap.") var tap = false
  @Flag(help: "Also print annotations for GitHub Actions.") var github = false
  @Flag(name: .shortAndLong, help: "Only the traces that did not pass, and the summary.") var quiet = false
  @Flag(name: .shortAndLong, help: "Every expectation.") var verbose = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if slack != nil && !update { throw ValidationError("--slack belongs to --update.") }
    if expect == "-", !update, trace.paths.contains("-") {
      throw ValidationError("Standard input can be a trace or the expectations, and not both.")
    }
    if force && !update { throw ValidationError("--force belongs to --update.") }
    if update, let option = checkingOptions.first {
      throw ValidationError("\(option) belongs to a check: --update writes the file of --expect, and checks nothing.")
    }
    if let slack, !(slack >= 1 && slack <= 1000) { throw ValidationError("--slack is a factor from 1 to 1000, such as 3.") }
    if tap && format != .text && format != .tap { throw ValidationError("--tap and --format \(format.rawValue) exclude each other.") }
    if github && (tap || format != .text) { throw ValidationError("--github goes with text: for a file as well, use --junit FILE.") }
  }

  /// The options given of which nothing would come with `--update`.
  private var checkingOptions: [String] {
    let given = [
      ("-o", output.output != "-"), ("--junit", junit != nil), ("--tap", tap), ("--format \(format.rawValue)", format != .text),
      ("--github", github), ("--allow-unmatched", allowUnmatched),
    ]
    return given.filter(\.1).map(\.0)
  }

  func run() throws {
    Confinement.enter(trace, output: output, reading: [expect], writing: [junit, update ? expect : nil].compactMap(\.self))
    do {
      let paths = try TraceFiles.list(trace.paths)
      try checkRoles(paths)
      if update { try ExpectationsUpdater(command: self, paths: paths).run() } else { try check(paths) }
    } catch let error as TraceReadError {
      throw CommandFailure(error)
    } catch let error as ExpectationsError {
      throw CommandFailure(error)
    }
  }

  /// - Throws: `CommandFailure` when an output would replace what is read, or another output. `--update` replaces the expectations.
  private func checkRoles(_ paths: [String]) throws {
    var roles = trace.roles(of: paths)
    if update { return try roles.writes(output.to(expect), by: "--expect") }
    roles.reads([expect], as: "the file of expectations")
    try roles.writes(output)
    if let junit { try roles.writes(output.to(junit), by: "--junit") }
  }

  private func check(_ paths: [String]) throws {
    let expectations = try ExpectationsFile(path: expect).expectations
    let checker = TraceChecker(expectations: expectations, hints: trace.hints, allowUnmatched: allowUnmatched)
    let batch = TraceBatch(paths: paths, readOptions: try trace.readOptions(), hints: trace.hints, task: quiet ? nil : "checking")
    let checks = batch.map { checker.check($0, $1, $2) }.map { path, result in
      switch result {
      case .success(let check): check
      case .failure(let failure): TraceCheck(unreadable: path, failure)
      }
    }
    var status = ExitStatus()
    for check in checks { status.add(check.exitStatus) }
    let report = CheckReport(expectations: expect, traces: checks, exitStatus: status.code)
    if let junit {
      try output.to(junit).write { CheckJUnit.write(report, to: &$0) }
    }
    try output.write { render(report, to: &$0) }
    try status.exit()
  }

  private func render(_ report: CheckReport, to out: inout OutputStream) {
    switch tap ? .tap : format {
    case .text:
      let options = ReportOptions(
        width: output.width, color: output.isColored, unicode: output.isUnicode, verbose: verbose, quiet: quiet)
      // The summary stays last.
      if github { CheckAnnotations.write(report, to: &out) }
      CheckText.write(report, options: options, to: &out)
    case .json: CheckJSON.write(report, to: &out)
    case .junit: CheckJUnit.write(report, to: &out)
    case .tap: CheckTAP.write(report, to: &out)
    }
  }
}

/// Checks one trace, on any thread.
private struct TraceChecker: Sendable {
  var expectations: Expectations
  var hints: AnalysisHints
  var allowUnmatched: Bool

  func check(_ path: String, _ recording: Recording, _ analysis: Analysis) -> TraceCheck {
    let results = ExpectationJudge.judge(
      expectations, path: path, recording, analysis, kernel: hints.kernel(of: recording), allowUnmatched: allowUnmatched)
    let damage = recording.damage.first.map { "the file is \($0.finding); what could be read is checked" }
    return TraceCheck(
      path: path, kernel: recording.source.kernel, summary: analysis.runs.map(Self.summary).joined(separator: ", "), results: results,
      problem: damage, problemStatus: damage == nil ? 0 : 65)
  }

  private static func summary(_ run: Run) -> String {
    "\(run.module ?? "KVM") \(run.verdict.rawValue)" + (run.failure.map { " at \($0.stage.id)" } ?? "")
  }
}

extension TraceCheck {
  fileprivate init(unreadable path: String, _ failure: CommandFailure) {
    self.init(path: path, kernel: nil, summary: "", results: [], problem: failure.message, problemStatus: failure.exitCode)
  }
}
