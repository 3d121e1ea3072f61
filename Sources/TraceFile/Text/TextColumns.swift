/// The columns in front of the calls in a function_graph text. Each has an option that shows or hides it.
struct TextColumns: OptionSet, Hashable {
  let rawValue: UInt8

  /// `    9.123456 |  `: seconds (`funcgraph-abstime`).
  static let time = TextColumns(rawValue: 1 << 0)
  /// `     1234 us |  `: microseconds since the start (latency tracers).
  static let relativeTime = TextColumns(rawValue: 1 << 1)
  /// ` 1) ` (`funcgraph-cpu`).
  static let cpu = TextColumns(rawValue: 1 << 2)
  /// `  modprob-97   | `: seven characters of the command and the PID (`funcgraph-proc`).
  static let task = TextColumns(rawValue: 1 << 3)
  /// ` d..1. | ` (`latency-format`).
  static let flags = TextColumns(rawValue: 1 << 4)
  /// `+ 12.345 us   |  ` (`funcgraph-duration`).
  static let duration = TextColumns(rawValue: 1 << 5)

  static let allCombinations = (0..<UInt8(64)).map(TextColumns.init(rawValue:))

  var hasTimes: Bool { !isDisjoint(with: [.time, .relativeTime]) }

  /// The columns that a header line names (`# CPU  DURATION                  FUNCTION CALLS`), or nil for another line.
  init?(header line: TextBytes) {
    guard line[0] == .hash, line.firstRange(of: "FUNCTION CALLS") != nil else { return nil }
    var columns: TextColumns = []
    if line.firstRange(of: " REL TIME ") != nil {
      columns.insert(.relativeTime)
      if line.has("     TIME ", at: 1) { columns.insert(.time) }
    } else if line.firstRange(of: " TIME ") != nil {
      columns.insert(.time)
    }
    if line.firstRange(of: " CPU") != nil { columns.insert(.cpu) }
    if line.firstRange(of: " TASK/PID ") != nil { columns.insert(.task) }
    if line.firstRange(of: "||||") != nil { columns.insert(.flags) }
    if line.firstRange(of: " DURATION ") != nil { columns.insert(.duration) }
    self = columns
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  // MARK: telling the columns from the lines

  /// How many lines are looked at.
  private static let sample = 200
  private static let maximumLines = 2000

  /// What the columns are by the lines from where `lines` stands up to the next header.
  struct Vote {
    var columns: TextColumns
    /// Lines that fit these columns, and lines looked at.
    var fitting: Int
    var seen: Int
  }

  /// - Parameters:
  ///   - header: the columns by the header, taken where the lines allow it.
  ///   - isBelowHeader: whether `lines` stands behind that header, so that the next one ends the lines that count.
  static func vote(_ lines: TextLines, header: TextColumns?, isBelowHeader: Bool) -> Vote {
    var lines = lines
    let end = lines.number + maximumLines
    var counts = [Int](repeating: 0, count: allCombinations.count)
    var seen = 0
    while seen < sample, lines.number < end, let line = lines.next() {
      if line[0] == .hash {
        if isBelowHeader || seen > 0, TextColumns(header: line) != nil { break }
        continue
      }
      guard line.count < 4096, !line.trimmed.isEmpty, !TextSwitch.isRule(line), TextSwitch(line) == nil else { continue }
      seen += 1
      for columns in allCombinations where TextPrologue(line, columns: columns).map({ TextCall(line, from: $0.end) != nil }) == true {
        counts[Int(columns.rawValue)] += 1
      }
    }
    var best = header ?? allCombinations[0]
    for columns in allCombinations {
      let difference = counts[Int(columns.rawValue)] - counts[Int(best.rawValue)]
      if difference > 0 || (difference == 0 && best != header && columns.rawValue.nonzeroBitCount > best.rawValue.nonzeroBitCount) {
        best = columns
      }
    }
    return Vote(columns: best, fitting: counts[Int(best.rawValue)], seen: seen)
  }
}
