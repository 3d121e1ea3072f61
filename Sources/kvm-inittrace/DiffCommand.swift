import ArgumentParser
import CallTrees
import KVMStages
import Reports
import Safeguards
import TraceFile

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Says what changed in a KVM module's init between two kernels, configurations, or sets of runs.",
    discussion: """
      Stages are matched by id, calls by their path from the init function. A
      stage that differs has its reason from the catalogue, with the kernel
      version that changed it. Several runs on each side tell the noise: then
      times are judged too, by medians. All times are without interrupts, which
      a report counts in.

      Compared are KVM's own functions and the kernel's that they call; with
      --calls all also what the kernel does below these, in which two loads of
      one kernel can differ.

      EXAMPLES
        kvm-inittrace diff 6.1.dat 6.12.dat
            which steps appeared, went, moved, and since which version
        kvm-inittrace diff --before old-*.dat --after new-*.dat
            several runs on each side: also which steps became slower
        kvm-inittrace diff before/ after/ --threshold 25%
            all traces of two directories
        kvm-inittrace diff ok.dat failed.dat
            where the load ended that once succeeded
        kvm-inittrace diff a.dat b.dat --format html -o diff.html
            one page to mail
        kvm-inittrace diff a.dat b.dat --format markdown >> "$GITHUB_STEP_SUMMARY"
      """
        + ExitStatus.help([
          0: "the same",
          1: "different",
          2: "cannot be compared, or not everything: the reason is told",
          65: "a trace is damaged or none (what could be read is compared)",
          66: "a trace cannot be opened",
        ]))

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown, html
  }

  @Argument(help: ArgumentHelp("Two traces, or two directories of traces: before and after.", valueName: "trace"), completion: .file())
  var traces: [String] = []
  @Option(parsing: .upToNextOption, help: ArgumentHelp("The traces of the side before.", valueName: "trace"), completion: .file())
  var before: [String] = []
  @Option(parsing: .upToNextOption, help: ArgumentHelp("The traces of the side after.", valueName: "trace"), completion: .file()) var after:
    [String] = []
  @Option(help: ArgumentHelp("Only the runs of this module, such as kvm_amd.", valueName: "name"), completion: .modules) var module: String?
  @Option(help: ArgumentHelp("Times that differ by less are the same; 10% if not given.", valueName: "share"), transform: Share.init)
  var threshold = Share(value: 0.1)
  @Flag(help: "Judge the times of a single run on each side too, by the threshold alone.") var judgeTimes = false
  @Option(help: ArgumentHelp("kvm: KVM's functions and what they call; all: also what is below.", valueName: "scope"))
  var calls: CallScope = .kvm
  @Option(help: ArgumentHelp("Calls that differ by fewer count as the same.", valueName: "calls")) var minChange = 1
  @Option(name: [.customShort("D"), .long], help: "Depth of the tree of calls.") var depth: Int?
  @Option(help: ArgumentHelp("Kernel of a text trace before, which names none.", valueName: "version"), completion: .kernels)
  var kernelBefore: String?
  @Option(help: ArgumentHelp("Kernel of a text trace after.", valueName: "version"), completion: .kernels) var kernelAfter: String?
  @OptionGroup var modules: ModuleOptions
  @Option(help: "text, json, markdown or html.") var format: Format = .text
  @Flag(name: .shortAndLong, help: "Only the first line of each comparison.") var quiet = false
  @Flag(name: .shortAndLong, help: "Also the stages that are the same, and all calls below those that differ.") var verbose = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if format == .html { try output.refuseTerminal() }
    if (traces + before + after).count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input can be one of the traces only.") }
    if let depth, depth < 0 { throw ValidationError("A depth is 0 or more.") }
    if minChange < 1 { throw ValidationError("--min-change is a number of calls, 1 or more.") }
    try TraceOptions.check(kernel: kernelBefore)
    try TraceOptions.check(kernel: kernelAfter)
  }

  /// Not when the arguments are validated: an option that is not known leaves its value among the traces, and is to be told first.
  private func checkSides() throws(CommandFailure) {
    if before.isEmpty, after.isEmpty {
      guard traces.count == 2 else {
        throw .usage(
          "diff takes two traces, before and after, or several with --before and --after; this names \(traces.count): see 'kvm-inittrace "
            + "diff --help'")
      }
    } else if before.isEmpty || after.isEmpty || !traces.isEmpty {
      throw .usage("with --before goes --after, each with its traces; a trace beside them belongs to neither side")
    }
  }

  func run() throws {
    try checkSides()
    var confinement = Confinement()
    confinement.add(modules)
    confinement.traces = traces + before + after
    confinement.outputs = output.isOpen ? [] : [output.output]
    Confinement.enter(confinement)
    let oldPaths = try DiffInput.paths(before.isEmpty ? Array(traces.prefix(1)) : before)
    let newPaths = try DiffInput.paths(after.isEmpty ? Array(traces.dropFirst()) : after)
    var roles = FileRoles()
    roles.reads(oldPaths + newPaths, as: "the trace")
    roles.reads(modules.moduleFile, as: "the module")
    try roles.writes(output)
    var options = ReadOptions()
    options.modules = try modules.set()
    let old = try DiffInput(oldPaths, kernel: kernelBefore, name: "before", options, command: self)
    let new = try DiffInput(newPaths, kernel: kernelAfter, name: "after", options, command: self)
    let pairs = try DiffInput.pairs(old, new)
    let diffs = pairs.sides.map { RunDiff($0.before, $0.after, options: diffOptions) }
    try output.write { out in
      switch format {
      case .text: DiffText.write(diffs, options: layout, to: &out)
      case .json: DiffJSON.write(diffs, to: &out)
      case .markdown: DiffMarkdown.write(diffs, options: layout, to: &out)
      case .html: DiffHTML.write(diffs, options: layout, to: &out)
      }
    }
    for line in pairs.unmatched { Diagnostics.warn(line) }
    var status = ExitStatus()
    if old.isDamaged || new.isDamaged { status.add(65) }
    if !pairs.unmatched.isEmpty { status.add(2) }
    for diff in diffs { status.add(diff.exitStatus) }
    try status.exit()
  }

  private var diffOptions: DiffOptions {
    DiffOptions(threshold: threshold.value, judgesSingleRuns: judgeTimes, scope: calls, minimumCalls: minChange)
  }

  private var layout: ReportOptions {
    ReportOptions(
      width: output.width, color: output.isColored, unicode: output.isUnicode, verbose: verbose, quiet: quiet, maxDepth: depth)
  }
}

extension CallScope: ExpressibleByArgument {}

/// A share as a user writes it: `10%`, or `0.1`.
struct Share {
  var value: Double

  init(value: Double) { self.value = value }

  /// - Throws: `ValidationError` that says which forms are taken.
  init(_ text: String) throws {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text), number.isFinite, number >= 0, isPercent || number <= 1 else {
      throw ValidationError("'\(TerminalText.escaped(text))' is no share: write it as 10%.")
    }
    value = isPercent ? number / 100 : number
  }
}
