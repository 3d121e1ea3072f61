/// What the first lines of a text tell about its kind.
struct TextHead {
  enum Kind {
    /// function_graph text of tracefs.
    case graph
    /// `trace-cmd report`.
    case report
    /// Text of another tracer, named in `line`.
    case otherTracer(String, line: Int)
    case unknown
  }

  private(set) var kind: Kind = .unknown
  private(set) var vote: TextColumns.Vote

  /// How many lines are looked at.
  private static let sample = 400

  init(_ text: TextBytes) {
    var lines = TextLines(text)
    var header: TextColumns?
    var tracer: (name: String, line: Int)?
    var reportLines = 0
    var isReport = false
    var lookedAt = 0
    while lookedAt < Self.sample, let line = lines.next() {
      lookedAt += 1
      if line[0] == .hash {
        if header == nil { header = TextColumns(header: line) }
        if tracer == nil, line.has("# tracer: ", at: 0) { tracer = (line.slice(10, 74).trimmed.string, lines.number) }
      } else if line.has("cpus=", at: 0) || (line.has("version = ", at: 0) && lines.number == 1) {
        isReport = true
      } else if TextReportHead(line) != nil {
        reportLines += 1
      }
    }
    vote = TextColumns.vote(TextLines(text), header: header, isBelowHeader: false)
    kind = Self.kind(vote, header: header, tracer: tracer, reportLines: reportLines, isReport: isReport)
  }

  private static func kind(
    _ vote: TextColumns.Vote, header: TextColumns?, tracer: (name: String, line: Int)?, reportLines: Int, isReport: Bool
  ) -> Kind {
    if header != nil || tracer?.name == "function_graph" { return .graph }
    if let tracer { return .otherTracer(tracer.name, line: tracer.line) }
    if isReport { return .report }
    // Without any column, text in another language can look like calls: then nearly every line must fit.
    let isGraph = vote.columns.isEmpty ? vote.fitting * 10 >= vote.seen * 9 : vote.fitting * 4 >= vote.seen
    if reportLines > vote.fitting { return .report }
    return vote.fitting > 0 && isGraph ? .graph : .unknown
  }
}
