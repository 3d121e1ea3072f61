import Reports

/// Writes metrics in the text format of OpenMetrics 1.0, of which only what the older text format of Prometheus has as well is used: the
/// textfile collector of node_exporter reads the latter. So all are gauges, without times of their own.
struct OpenMetricsWriter {
  static let prefix = "kvm_inittrace_"

  private(set) var bytes: [UInt8] = []

  /// Begins a metric. Its samples follow.
  ///
  /// - Parameter name: with the unit at its end, where it has one.
  mutating func metric(_ name: String, unit: String? = nil, help: String) {
    bytes.append(contentsOf: "# HELP \(Self.prefix)\(name) \(help)\n# TYPE \(Self.prefix)\(name) gauge\n".utf8)
    if let unit { bytes.append(contentsOf: "# UNIT \(Self.prefix)\(name) \(unit)\n".utf8) }
  }

  mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
    let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
    bytes.append(contentsOf: "\(Self.prefix)\(name)\(list.isEmpty ? "" : "{\(list)}") \(value)\n".utf8)
  }

  mutating func finish() { bytes.append("# EOF\n") }

  /// What acts on a terminal is made visible, then what the format escapes is escaped.
  static func escaped(_ value: String) -> String {
    var escaped = ""
    for character in TerminalText.escaped(value).unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// Nanoseconds as seconds, all digits: `0.000061380`.
  static func seconds(_ nanoseconds: UInt64) -> String {
    let rest = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - rest.count) + rest
  }
}
