import ArgumentParser
import KVMStages
import Reports

/// The format of the catalogue.
enum StagesFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown
}

extension Vendor: ExpressibleByArgument {}

struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "Shows the catalogue: what the steps of KVM's initialisation are, in each kernel version.",
    discussion: """
      EXAMPLES
        kvm-inittrace stages                         every step and its kernels
        kvm-inittrace stages misc_register           one step in full
        kvm-inittrace stages 5.3.1.1                 the same, by its section
        kvm-inittrace stages --kernel "$(uname -r)"  this kernel's, in order
        kvm-inittrace stages --kernel 6.12 --vendor amd --format json
        kvm-inittrace stages --format markdown -o Stages.md

      Kernels since 4.19 are known. By version alone the order can be wrong for
      distribution kernels, which backport changes; a report of a trace decides
      by what the trace shows.
      """ + ExitStatus.help())

  @Argument(help: ArgumentHelp("A step to show in full: its id or its section.", valueName: "id"), completion: .stages)
  var id: String?

  @Option(
    help: ArgumentHelp("The steps of this kernel: 6.12, 6.1.20, or what uname -r prints.", valueName: "version"), completion: .kernels)
  var kernel: String?

  @Option(help: "Only the steps of this vendor.")
  var vendor: Vendor?

  @Option(help: "How to print them.")
  var format: StagesFormat = .text

  @OptionGroup var options: OutputOptions

  mutating func run() throws {
    let query = try StagesQuery(stages: stages(), kernel: version(), vendor: vendor)
    try check(query)
    var text = ""
    switch format {
    case .text: StagesText(query, options: layout).write(to: &text)
    case .json: StagesJSON(query).write(to: &text)
    case .markdown: StagesMarkdown(query).write(to: &text)
    }
    try options.write(text)
  }

  private var layout: ReportOptions { ReportOptions(width: options.width, color: options.isColored, unicode: options.isUnicode) }

  private func stages() throws -> [Stage] {
    guard let id else { return [] }
    let found = StagesSearch.find(id)
    if !found.isEmpty { return found }
    let names = StagesSearch.suggestions(for: id)
    let hint = names.isEmpty ? "" : "; did you mean \(names.joined(separator: ", "))?"
    let shown = TerminalText.escaped(id)
    throw CommandFailure.usage("no stage is called '\(shown)'\(hint.isEmpty ? ";" : hint) run 'kvm-inittrace stages' for the list")
  }

  private func version() throws -> KernelVersion? {
    guard let kernel else { return nil }
    if let version = KernelVersion(release: kernel) { return version }
    throw CommandFailure.usage(
      "'\(TerminalText.escaped(kernel))' is no kernel version; give a number such as 6.12 or 6.1.20, "
        + "or a release such as 6.12.107+deb13-amd64, as uname -r prints it")
  }

  /// A list of one kernel needs a flow.
  private func check(_ query: StagesQuery) throws {
    guard let kernel = query.kernel else { return }
    let vendor = query.vendor ?? .intel
    guard KernelStages(kernel, for: vendor) == nil, let first = KernelStages.firstKernel(for: vendor) else { return }
    throw CommandFailure.usage("the stages of Linux \(kernel) on \(vendor.title) are not known; give \(first) or newer")
  }
}
