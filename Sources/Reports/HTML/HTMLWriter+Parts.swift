/// Parts that several kinds of pages and sections have.
extension HTMLWriter {
  /// Bytes of a report as JSON that a page holds, at most.
  private static let mostEmbedded = 1 << 20

  /// A section with its heading.
  ///
  /// - Parameter id: of the heading.
  mutating func section(_ name: String, id: String, title: String, _ body: (inout HTMLWriter) -> Void) {
    element("section", ["class": name, "aria-labelledby": id]) { html in
      html.element("h3", ["id": id], title)
      body(&html)
    }
  }

  /// A table that scrolls by itself where it is wider than the page.
  ///
  /// - Parameter heading: id of the heading that names it.
  mutating func table(_ name: String, under heading: String, _ body: (inout HTMLWriter) -> Void) {
    element("div", ["class": "scroll", "role": "region", "aria-labelledby": heading, "tabindex": "0"]) { html in
      html.element("table", ["class": name], body)
    }
  }

  /// A cell of a column that is sorted by `value`.
  mutating func number(_ text: String, _ value: (some BinaryInteger)?) {
    element("td", ["class": "number", "data-value": value.map { "\($0)" }], text)
  }

  /// What shows the rows of a table of stages that are hidden at first.
  ///
  /// - Parameter prefix: of ids on the page, for this table.
  mutating func stagesSwitch(_ label: String, prefix: String, isOn: Bool) {
    element("p", ["class": "switch"]) { html in
      let id = "\(prefix)-all-stages"
      html.element("input", ["type": "checkbox", "id": id, "class": "all-stages", "checked": isOn ? "" : nil])
      html.element("label", ["for": id], label)
    }
  }

  /// The page's content for programs: one file to mail, and still to be processed. What is too large is left out, and that is told.
  ///
  /// - Parameters:
  ///   - json: as `--format json` writes it.
  ///   - what: `report`.
  ///   - command: that writes it.
  mutating func embed(_ json: String, id: String, what: String, command: String) {
    guard json.utf8.count <= Self.mostEmbedded else {
      return element(
        "p", ["class": "quiet"], "The \(what) as JSON is too large for this page: 'kvm-inittrace \(command) --format json' writes it.")
    }
    element("script", ["type": "application/json", "id": id, "class": "report-json"]) { $0.raw(HTMLText.script(json.utf8)) }
  }
}
