import CallTrees
import KVMStages

/// The failure of a run: where, told from what, and what to do.
struct FailureText {
  let failure: Failure
  /// Path steps that are shown before the middle is left out.
  private static let shownSteps = 40

  func write(to page: inout Page) {
    page.blank()
    let function = failure.path.last.map { Self.name(of: $0, layout: page.layout) } ?? failure.function.map(page.safe)
    let place = function.map { ", in \($0)" } ?? ""
    page.paragraph(label: "Failed: ", page.safe(RunFacts.title(of: failure.stage)) + place, labelStyle: .bad, style: .strong)
    if failure.inferred {
      page.paragraph(indent: 2, "No return value names the step: it is concluded from the calls around it.", style: .warning)
    }
    writePath(to: &page)
    for text in failure.evidenceText { page.paragraph(indent: 2, label: "evidence: ", page.safe(text), labelStyle: .faint) }
    for text in failure.log { page.paragraph(indent: 2, label: "kernel log: ", page.safe(text), labelStyle: .faint) }
    if let cause = failure.cause { page.paragraph(indent: 2, label: "likely cause: ", page.safe(cause), labelStyle: .strong) }
    if let remedy = failure.remedy { page.paragraph(indent: 2, label: "what to do: ", page.safe(remedy), labelStyle: .strong) }
  }

  private func writePath(to page: inout Page) {
    let deepest = max(4, (page.columns - 44) / 2)
    for (level, step) in failure.path.enumerated() {
      if failure.path.count > Self.shownSteps && level == Self.shownSteps / 2 {
        let hidden = failure.path.count - Self.shownSteps
        page.line((Columns.spaces(2 + 2 * min(level, deepest)) + "\(page.glyphs.ellipsis) \(Quantity.count(hidden, "more call"))", .faint))
      }
      let isHidden = level >= Self.shownSteps / 2 && level < failure.path.count - Self.shownSteps / 2
      if failure.path.count > Self.shownSteps && isHidden { continue }
      write(step, level: min(level, deepest), isLast: level == failure.path.count - 1, to: &page)
    }
  }

  private func write(_ step: PathStep, level: Int, isLast: Bool, to page: inout Page) {
    var pieces: [(text: String, style: Style)] = [
      (Columns.spaces(2 + 2 * max(0, level - 1)) + (level == 0 ? "" : page.glyphs.corner), .faint),
      (Self.name(of: step, layout: page.layout), isLast ? .strong : .plain),
    ]
    if let result = step.result {
      pieces.append((" [\(Quantity.result(result, errnoName: ErrnoName.name))]", ErrnoName.isError(result) ? .bad : .faint))
    }
    page.line(pieces, flexible: 1)
  }

  /// The function, with the name that its place gives an unresolved one.
  static func name(of step: PathStep, layout: Layout) -> String {
    layout.safe(step.function) + (step.role.map { " = \(layout.safe($0)), by its place" } ?? "")
  }
}
