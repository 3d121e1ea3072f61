/// Checks of a machine as lines: `FAIL name: what was found (what to do)`.
public enum ChecksText {
  /// Writes one line per check, wrapped, and a last one that sums up; when quiet only the warnings and failures.
  public static func write(_ rows: [CheckRow], options: ReportOptions, to output: inout some TextOutputStream) {
    var page = Page(options)
    for row in rows where !options.quiet || row.status == .warn || row.status == .fail {
      let remedy = row.remedy.map { " (\($0))" } ?? ""
      page.paragraph(label: row.word + " ", page.safe("\(row.name): \(row.found)\(remedy)"), labelStyle: row.style)
    }
    if !options.quiet {
      page.blank()
      page.paragraph(summary(rows), style: .strong)
    }
    page.drain(into: &output)
  }

  private static func summary(_ rows: [CheckRow]) -> String {
    func names(_ status: CheckRow.Status) -> [String] { rows.filter { $0.status == status }.map(\.name) }
    let failed = names(.fail)
    let warned = names(.warn)
    let warnings = warned.count == 1 ? "1 warning" : "\(warned.count) warnings"
    guard failed.isEmpty else {
      return "\(failed.count) of \(rows.count) checks failed: \(failed.joined(separator: ", "))" + (warned.isEmpty ? "." : "; \(warnings).")
    }
    if warned.isEmpty { return "This machine can record, and run KVM." }
    return "Nothing fails; \(warnings): \(warned.joined(separator: ", "))."
  }
}
