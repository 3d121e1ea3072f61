import KVMStages

/// The catalogue for a terminal: within its columns, readable without colour.
public struct StagesText {
  private let query: StagesQuery
  private var page: Page

  public init(_ query: StagesQuery, options: ReportOptions = ReportOptions()) {
    self.query = query
    page = Page(options)
  }

  public func write(to output: inout some TextOutputStream) {
    var copy = self
    copy.render()
    copy.page.drain(into: &output)
  }

  private mutating func render() {
    if !query.stages.isEmpty {
      for (index, stage) in query.stages.enumerated() {
        if index > 0 { page.blank() }
        detail(stage)
      }
    } else if let kernel = query.kernel {
      guard let stages = KernelStages(kernel, for: query.vendor ?? .intel) else { return }
      list(stages)
    } else {
      list()
    }
  }

  // MARK: the list

  private mutating func list() {
    table(
      query.listed.map { stage in
        let forms = query.vendor.map(stage.forms) ?? stage.forms
        let vendors = StagesWording.vendors(query.vendor.map { [$0] } ?? stage.vendors)
        return (stage, Columns.left(StagesWording.span(of: forms), 13) + vendors)
      }, heading: Columns.left("KERNELS", 13) + "FOR")
    page.blank()
    page.paragraph(
      "6.12+: since 6.12; <6.3: before 6.3; *: not in every kernel between. Stages without a section came after the init documentation.")
    page.paragraph("One stage in full: kvm-inittrace stages ID. A kernel's stages in order: kvm-inittrace stages --kernel VERSION.")
  }

  private mutating func header(_ text: String) { page.line((text, .strong)) }

  /// A row for each stage. What is too long for the columns is cut off the titles, which `stages ID` shows in full.
  private mutating func table(_ rows: [(stage: Stage, rest: String)], heading: String) {
    let (sections, ids) = (9, 24)
    let rest = rows.map { Columns.width($0.rest) }.max() ?? 0
    let titles = min(44, max(16, page.columns - sections - ids - rest))
    header(Columns.left("SECTION", sections) + Columns.left("STAGE", ids) + Columns.left("STEP", titles) + heading)
    for (stage, rest) in rows {
      let padding = Columns.spaces(ids - Columns.width(stage.id))
      let title = Columns.clipped(stage.title, to: titles - 1, ellipsis: page.glyphs.ellipsis)
      page.line(
        (Columns.left(stage.section ?? "-", sections), .plain), (stage.id, .strong),
        (padding + Columns.left(title, titles) + rest, .plain))
    }
  }

  private mutating func list(_ stages: KernelStages) {
    page.paragraph("Linux \(stages.kernel) on \(stages.vendor.title), flow \(stages.flow.id): \(stages.flow.title).")
    page.blank()
    let rows = stages.present.compactMap { stage in
      stage.form(on: stages.kernel, for: stages.vendor).map { (stage: stage, rest: StagesWording.short($0)) }
    }
    table(rows, heading: "IN A TRACE")
    page.blank()
    page.paragraph(
      "call: its own function is a call; proxy: only functions that it calls; other CPUs: not in the trace of modprobe alone; "
        + "optional: depends on configuration or CPU.")
    if !stages.absent.isEmpty {
      page.blank()
      header("Not in this kernel:")
      for stage in stages.absent {
        page.paragraph(label: "  " + Columns.left(stage.id, 24), stage.absence(on: stages.kernel, for: stages.vendor))
      }
    }
    if query.vendor == nil {
      page.blank()
      page.paragraph("This is the order on Intel; --vendor amd, arm64 or riscv shows the others.")
    }
  }

  // MARK: one stage

  private mutating func detail(_ stage: Stage) {
    let section = stage.section.map { "section \($0)" } ?? "in no section of the init documentation"
    page.line((stage.id, .strong), (" - " + stage.title + " (" + section + ")", .plain))
    page.blank()
    page.paragraph(stage.summary)
    page.paragraph(StagesWording.extent(of: stage))
    absence(of: stage)
    for form in query.forms(of: stage) { detail(form, of: stage) }
    causes(of: stage)
  }

  /// Why the kernel asked for does not have the stage.
  private mutating func absence(of stage: Stage) {
    guard let kernel = query.kernel else { return }
    let vendors = query.vendor.map { [$0] } ?? stage.vendors
    var reasons: [(reason: String, vendors: [Vendor])] = []
    for vendor in vendors where stage.form(on: kernel, for: vendor) == nil {
      let reason = stage.absence(on: kernel, for: vendor)
      if let index = reasons.firstIndex(where: { $0.reason == reason }) {
        reasons[index].vendors.append(vendor)
      } else {
        reasons.append((reason, [vendor]))
      }
    }
    for (reason, vendors) in reasons {
      let names = Set(vendors) == Set(stage.vendors) ? "" : " on " + vendors.map(\.title).joined(separator: ", ")
      page.paragraph("Linux \(kernel) does not have it\(names): \(reason).")
    }
  }

  private mutating func detail(_ form: StageForm, of stage: Stage) {
    page.blank()
    header(StagesWording.heading(of: form, in: stage))
    for (name, text) in StagesWording.facts(of: form) {
      let label = "  " + Columns.left(name, 12)
      for (index, line) in text.split(separator: "\n").enumerated() {
        page.paragraph(
          indent: index == 0 ? 0 : Columns.width(label), label: index == 0 ? label : "", String(line), labelStyle: .faint)
      }
    }
  }

  private mutating func causes(of stage: Stage) {
    let causes = query.causes(of: stage)
    guard !causes.isEmpty else { return }
    page.blank()
    header(StagesWording.causesHeading)
    for (index, cause) in causes.enumerated() {
      page.paragraph(label: "\(index + 1). ", StagesWording.whose(cause) + cause.cause + StagesWording.errnos(of: cause))
      page.paragraph(indent: 3, label: "Do: ", cause.remedy)
      if !cause.logPieces.isEmpty { page.paragraph(indent: 3, label: "Log: ", StagesWording.log(of: cause)) }
    }
  }
}
