import KVMStages

/// The catalogue as Markdown: a table of stages and flows, the flows, and each stage in full.
public struct StagesMarkdown {
  private let query: StagesQuery

  public init(_ query: StagesQuery) { self.query = query }

  public func write(to output: inout some TextOutputStream) {
    if !query.stages.isEmpty {
      for stage in query.stages { writeDetail(stage, to: &output) }
    } else if let kernel = query.kernel {
      guard let stages = KernelStages(kernel, for: query.vendor ?? .intel) else { return }
      writeList(stages, to: &output)
    } else {
      writeBook(to: &output)
    }
  }

  // MARK: the whole catalogue

  private func writeBook(to output: inout some TextOutputStream) {
    output.write(Self.introduction)
    writeTable(to: &output)
    writeFlows(to: &output)
    output.write("\n## The stages\n")
    for stage in query.listed { writeDetail(stage, to: &output) }
  }

  private static let introduction = """
    # The stages of KVM's initialisation

    What the kernel does between `modprobe kvm_intel` and a usable `/dev/kvm`, step by step, in every kernel since 4.19. The section
    is the step's number in the init documentation; steps without one came later. The names are those that `kvm-inittrace report`
    shows and that `kvm-inittrace stages NAME` explains.

    ## Stages and kernels

    Kernels differ in where the steps run. Each column is a *flow*, a family of kernels with one order; the table below this one
    tells which kernels belong to it.

    - **call**: the step's own function is a call in a function_graph trace.
    - **proxy**: its function is inlined; functions that it calls are visible.
    - **CPUs**: it runs on other CPUs or in kernel threads only.
    - **hidden**: it runs, but no call can show it.
    - **-**: these kernels do not have it. A version with the word tells that only part of the family has it.


    """

  private func writeTable(to output: inout some TextOutputStream) {
    let flows = Catalogue.flows.filter { flow in query.vendor.map { flow.order[$0] != nil } ?? true }
    output.write("| section | stage | for | \(flows.map(\.id).joined(separator: " | ")) |\n")
    output.write("|---|---|---|" + String(repeating: "---|", count: flows.count) + "\n")
    for stage in query.listed {
      let cells = flows.map { StagesFlowCell.text(stage, in: $0, for: query.vendor) }
      let name = "[\(stage.id)](#\(stage.id))"
      let section = stage.section ?? ""
      output.write("| \(section) | \(name) | \(StagesWording.vendors(stage.vendors)) | \(cells.joined(separator: " | ")) |\n")
    }
  }

  private func writeFlows(to output: inout some TextOutputStream) {
    output.write("\n## Flows\n\nDistributions backport: what a trace shows decides before the version does.\n\n")
    output.write("| flow | kernels | for | what is special |\n|---|---|---|---|\n")
    for flow in Catalogue.flows {
      let kernels = flow.ranges.map(StagesWording.extent).joined(separator: ", ")
      let vendors = Vendor.allCases.filter { flow.order[$0] != nil }
      output.write("| \(flow.id) | \(kernels) | \(StagesWording.vendors(vendors)) | \(Self.cell(flow.title)) |\n")
    }
  }

  // MARK: one kernel

  private func writeList(_ stages: KernelStages, to output: inout some TextOutputStream) {
    output.write("# Linux \(stages.kernel) on \(stages.vendor.title)\n\nFlow \(stages.flow.id): \(stages.flow.title).\n\n")
    output.write("| section | stage | what it does | in a trace |\n|---|---|---|---|\n")
    for stage in stages.present {
      guard let form = stage.form(on: stages.kernel, for: stages.vendor) else { continue }
      output.write("| \(stage.section ?? "") | \(stage.id) | \(Self.cell(stage.title)) | \(StagesWording.short(form)) |\n")
    }
    if stages.absent.isEmpty { return }
    output.write("\nNot in this kernel:\n\n")
    for stage in stages.absent {
      output.write("- `\(stage.id)`: \(stage.absence(on: stages.kernel, for: stages.vendor))\n")
    }
  }

  // MARK: one stage

  private func writeDetail(_ stage: Stage, to output: inout some TextOutputStream) {
    let section = stage.section.map { "Section \($0). " } ?? ""
    output.write("\n### \(stage.id)\n\n**\(stage.title).** \(stage.summary)\n\n\(section)\(StagesWording.extent(of: stage))\n")
    for form in query.forms(of: stage) { write(form, of: stage, to: &output) }
    let causes = query.causes(of: stage)
    if causes.isEmpty { return }
    output.write("\n*Why it fails, and what to do*\n\n")
    for cause in causes { write(cause, to: &output) }
  }

  private func write(_ form: StageForm, of stage: Stage, to output: inout some TextOutputStream) {
    output.write("\n*\(StagesWording.heading(of: form, in: stage))*\n\n")
    for (name, text) in StagesWording.facts(of: form) {
      let isCode = ["called by", "function", "below it", "elsewhere", "then calls"].contains(name)
      let shown =
        switch name {
        case "log": text.split(separator: "\n").map { "`\($0)`" }.joined(separator: ", ")
        case _ where isCode: text.split(separator: ", ").map { "`\($0)`" }.joined(separator: ", ")
        default: text
        }
      output.write("- \(name): \(shown)\n")
    }
  }

  private func write(_ cause: Cause, to output: inout some TextOutputStream) {
    let errnos = cause.errnos.isEmpty ? "" : " (\(cause.errnos.map { "`\($0)`" }.joined(separator: ", ")))"
    output.write("- \(StagesWording.whose(cause))\(cause.cause)\(errnos) \(cause.remedy)")
    if !cause.logPieces.isEmpty {
      output.write(" Log: " + cause.logPieces.map { "`\($0)`" }.joined(separator: ", ") + ".")
    }
    output.write("\n")
  }

  private static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

/// A cell of the table of stages and flows.
private enum StagesFlowCell {
  /// `call`, `proxy 6.4+`, `-`.
  static func text(_ stage: Stage, in flow: Flow, for vendor: Vendor?) -> String {
    let vendors = Vendor.allCases.filter { flow.order[$0] != nil && (vendor == nil || vendor == $0) }
    let ids = Set(vendors.flatMap { flow.order[$0] ?? [] })
    let forms = vendors.flatMap(stage.forms).filter { form in flow.ranges.contains { overlaps(form.versions, $0) } }
    guard ids.contains(stage.id), let newest = forms.max(by: { $0.versions.since < $1.versions.since }) else { return "-" }
    return word(newest.visibility) + part(forms, of: flow)
  }

  private static func word(_ visibility: Visibility) -> String {
    switch visibility {
    case .call: "call"
    case .proxy: "proxy"
    case .otherCPUs: "CPUs"
    case .none: "hidden"
    }
  }

  /// The edges inside the flow at which the stage comes or goes.
  private static func part(_ forms: [StageForm], of flow: Flow) -> String {
    let since = forms.map(\.versions.since).min().flatMap { first in flow.ranges.contains { $0.since >= first } ? nil : first }
    let isOpen = forms.contains { $0.versions.until == nil }
    let last = isOpen ? nil : forms.compactMap(\.versions.until).max()
    let until = last.flatMap { end in flow.ranges.contains { $0.until == nil || $0.until! > end } ? end : nil }
    switch (since, until) {
    case (nil, nil): return ""
    case (let since?, nil): return " \(since)+"
    case (nil, let until?): return " <\(until)"
    case (let since?, let until?): return " \(since) - <\(until)"
    }
  }

  private static func overlaps(_ one: VersionRange, _ other: VersionRange) -> Bool {
    (one.until.map { other.since < $0 } ?? true) && (other.until.map { one.since < $0 } ?? true)
  }
}
