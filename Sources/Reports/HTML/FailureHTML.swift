import KVMStages

/// The failure of a run: where, told from what, and what to do. The words are those of the text report.
struct FailureHTML {
  let failure: Failure
  let links: SourceLinks
  let prefix: String
  /// Steps of the path that are listed, at most.
  private static let shownSteps = 40

  func write(to html: inout HTMLWriter) {
    html.element("section", ["class": "failure", "aria-labelledby": "\(prefix)-failure"]) { html in
      html.element("h3", ["id": "\(prefix)-failure"]) { html in
        html.text("Failed: ")
        html.element("a", ["href": "#\(prefix)-stages"], failure.stage.fullTitle)
        if let function = FailureText.function(of: failure) { html.text(", in \(function)") }
      }
      if failure.inferred { html.element("p", ["class": "warn"], FailureText.inferredRemark) }
      if !failure.path.isEmpty { writePath(to: &html) }
      html.element("dl", ["class": "story"]) { html in
        var label = ""
        for line in FailureText.lines(of: failure) {
          if line.label != label { html.element("dt", line.label) }
          label = line.label
          html.element("dd", ["class": label == FailureText.logLabel ? "log" : nil], line.text)
        }
      }
    }
  }

  private func writePath(to html: inout HTMLWriter) {
    html.element("ol", ["class": "path", "aria-label": "Calls from the root to the failing function"]) { html in
      let hidden = failure.path.count - Self.shownSteps
      for (level, step) in failure.path.enumerated() {
        if hidden > 0, level == Self.shownSteps / 2 { html.element("li", ["class": "quiet"], "\(Quantity.count(hidden, "more call"))") }
        if hidden > 0, level >= Self.shownSteps / 2, level < failure.path.count - Self.shownSteps / 2 { continue }
        write(step, level: level, to: &html)
      }
    }
  }

  private func write(_ step: PathStep, level: Int, to html: inout HTMLWriter) {
    html.element("li", ["class": "d\(min(level, 12))"]) { html in
      links.write(step.function, to: &html)
      if let role = FailureText.role(of: step) { html.text(role) }
      guard let result = step.result else { return }
      html.text(" ")
      html.element(
        "span", ["class": ErrnoName.isError(result) ? "result bad" : "result"], "[\(Quantity.result(result))]")
    }
  }
}
