import ArgumentParser
import CallTrees
import Glibc
import KVMStages
import Reports
import Safeguards

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Says whether a KVM module's init succeeded, what each stage did, and which step failed and why.",
    discussion: """
      EXAMPLES
        kvm-inittrace report trace.dat
            the verdict, the failure, the stages with their times
        kvm-inittrace report trace.dat --tree -D 6
            and the call tree, six levels deep
        kvm-inittrace report trace.dat --tree --stage 5.3.1 -t 100us
            the vendor's hardware setup: calls of at least 100 us, and steps
        kvm-inittrace report trace.txt --kernel 6.12
            a text trace names no kernel: this says which
        kvm-inittrace report trace.dat --module-dir /lib/modules/6.12.118+deb13-amd64
            names for the functions of a module whose load failed
        kvm-inittrace report trace.dat --format html -o report.html
            one page to mail: the same, with a timeline and the call tree
        zstd -dc trace.txt.zst | kvm-inittrace report - --format json
      """
        + ExitStatus.help([
          0: "every run is ok",
          1: "a run failed, or misses a required stage",
          2: "a run is incomplete, or there is none in the trace",
          65: "the trace is damaged (what could be read is reported), or none",
          66: "the trace cannot be opened",
        ]))

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown, html
  }

  enum Noise: String, ExpressibleByArgument, CaseIterable {
    case fold, show
  }

  @OptionGroup var trace: TraceOptions
  @Flag(help: "Show the call tree, with the stages woven in.") var tree = false
  @Option(help: ArgumentHelp("Only the call tree of this stage, by id or section.", valueName: "id"), completion: .stages)
  var stage: String?
  @Option(name: [.customShort("P"), .long], help: "Only the runs of this process.") var pid: Int32?
  @Option(name: [.customShort("D"), .long], help: "Depth of the call tree below its root.") var depth: Int?
  @Option(
    name: [.customShort("t"), .long],
    help: ArgumentHelp(
      "Only calls of at least this duration, such as 10us or 1.5ms, and what leads to a stage or marks it.", valueName: "duration"),
    transform: TimeLimit.init(argument:))
  var minDuration: TimeLimit?
  @Option(help: "Locks, allocations and interrupts in the tree: fold or show.") var noise: Noise = .fold
  @Option(help: "text, json, markdown or html.") var format: Format = .text
  @Flag(name: .shortAndLong, help: "Only the verdict lines.") var quiet = false
  @Flag(name: .shortAndLong, help: "Also the stages that this kernel does not have, or cannot show.") var verbose = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if format == .html { try output.refuseTerminal() }
    if let depth, depth < 0 { throw ValidationError("A depth is 0 or more.") }
    try checkStage()
    try checkTreeOptions()
  }

  /// - Throws: `ValidationError` where the stage is none, or several.
  private func checkStage() throws {
    guard let stage else { return }
    let found = StagesSearch.find(stage)
    if found.count > 1 {
      throw ValidationError("Section \(stage) is \(found.count) stages; name one of them: \(found.map(\.id).joined(separator: ", ")).")
    }
    guard found.isEmpty else { return }
    let near = StagesSearch.suggestions(for: stage)
    throw ValidationError(
      "No stage is called '\(TerminalText.escaped(stage))'" + (near.isEmpty ? "." : "; did you mean \(near.joined(separator: ", "))?")
        + " See 'kvm-inittrace stages'.")
  }

  /// A page always has the call tree, JSON never.
  ///
  /// - Throws: `ValidationError` for an option of a call tree that is not shown.
  private func checkTreeOptions() throws {
    let showing = [("--tree", tree), ("--stage", stage != nil)].filter(\.1).map(\.0)
    let choosing = [("-D", depth != nil), ("-t", minDuration != nil), ("--noise show", noise == .show)].filter(\.1).map(\.0)
    if format == .json, let option = (showing + choosing).first {
      throw ValidationError(
        "\(option) belongs to the call tree, which JSON does not have; 'kvm-inittrace export --to calls' has the calls.")
    }
    if format != .html, showing.isEmpty, let option = choosing.first { throw ValidationError("\(option) belongs to --tree.") }
  }

  func run() throws {
    var roles = trace.roles(of: trace.paths)
    try roles.writes(output)
    Confinement.enter(trace, output: output)
    var page = HTMLReport(traces: trace.paths.count, options: options)
    try trace.write(to: output) { recording, path, out in
      var analysis = Analyser.analyse(recording, hints: trace.hints)
      if let pid { analysis = try runs(of: pid, in: analysis, path: path) }
      render(recording, analysis, on: &page, to: &out)
      return analysis.exitStatus
    } finish: { out in
      page.finish(to: &out)
    }
  }

  private func runs(of pid: Int32, in analysis: Analysis, path: String) throws -> Analysis {
    let runs = analysis.runs.filter { $0.pid == pid }
    guard runs.isEmpty else { return Analysis(runs: runs) }
    let known = Set(analysis.runs.compactMap(\.pid)).sorted().map(String.init).joined(separator: ", ")
    throw CommandFailure(
      exitCode: 2,
      message: "\(TerminalText.escaped(path)): no run of process \(pid); "
        + (known.isEmpty ? "the trace holds no run with a known process" : "runs are of \(known)"))
  }

  private func render(_ recording: Recording, _ analysis: Analysis, on page: inout HTMLReport, to out: inout OutputStream) {
    switch format {
    case .text: TextReport.write(recording, analysis, options: options, to: &out)
    case .json: JSONReport.write(recording, analysis, to: &out)
    case .markdown: MarkdownReport.write(recording, analysis, options: options, to: &out)
    case .html: page.write(recording, analysis, to: &out)
    }
  }

  private var options: ReportOptions {
    var options = ReportOptions()
    options.width = output.width
    options.color = output.isColored
    options.unicode = output.isUnicode
    options.verbose = verbose
    options.quiet = quiet
    options.showTree = tree || stage != nil
    options.maxDepth = depth
    options.minDuration = minDuration?.nanoseconds
    options.stageID = stage.flatMap { StagesSearch.find($0).first?.id }
    options.showNoise = noise == .show
    return options
  }
}
