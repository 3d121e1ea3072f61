import CallTrees
import KVMStages

/// The failure of a run: where, told from what, and what to do.
struct FailureText {
  let failure: Failure
  /// Path steps that are shown before the middle is left out.
  private static let shownSteps = 40

  func write(to page: inout Page) {
    page.blank()
    let place = Self.function(of: failure).map { ", in \(page.safe($0))" } ?? ""
    page.paragraph(label: "Failed: ", page.safe(failure.stage.fullTitle) + place, labelStyle: .bad, style: .strong)
    if failure.inferred { page.paragraph(indent: 2, Self.inferredRemark, style: .warning) }
    writePath(to: &page)
    for line in Self.lines(of: failure) {
      page.paragraph(indent: 2, label: line.label + ": ", page.safe(line.text), labelStyle: line.isAdvice ? .strong : .faint)
    }
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
      (page.safe(step.function + (Self.role(of: step) ?? "")), isLast ? .strong : .plain),
    ]
    if let result = step.result {
      pieces.append((" [\(Quantity.result(result))]", ErrnoName.isError(result) ? .bad : .faint))
    }
    page.line(pieces, flexible: 1)
  }

  // MARK: words

  struct Line {
    var label: String
    var text: String
    /// A conclusion, where the others are what was found.
    var isAdvice = false
  }

  static let inferredRemark = "No return value names the step: it is concluded from the calls around it."
  static let logLabel = "kernel log"

  /// What is told below the path.
  static func lines(of failure: Failure) -> [Line] {
    failure.evidenceText.map { Line(label: "evidence", text: $0) } + differing(failure)
      + [failure.remedy].compactMap(\.self).map { Line(label: "what to do", text: $0, isAdvice: true) }
  }

  /// Of these, what a comparison tells.
  static func differing(_ failure: Failure) -> [Line] {
    failure.log.map { Line(label: logLabel, text: $0) }
      + [failure.cause].compactMap(\.self).map { Line(label: "likely cause", text: $0, isAdvice: true) }
  }

  /// The failing function, with the name that its place gives an unresolved one.
  static func function(of failure: Failure) -> String? {
    failure.path.last.map { $0.function + (role(of: $0) ?? "") } ?? failure.function
  }

  /// ` = vmx_init, by its place`.
  static func role(of step: PathStep) -> String? { step.role.map { " = \($0), by its place" } }
}
