import CallTrees

/// What a recording has changed, so that anyone can put it back: written before the first change, removed after the last restore.
public struct Journal: Sendable, Hashable {
  public enum Entry: Sendable, Hashable {
    /// The recording's own instance was made.
    case instance
    /// A file of the top directory had these contents; those of the instance go with it.
    case file(String, rule: RestoreRule, original: String)
    /// A kretprobe of the recording's group was defined.
    case probe(event: String)
    /// A module was unloaded, or loaded, by the recording: how it was before, and its parameters if it was loaded.
    case module(name: String, wasLoaded: Bool, parameters: [String: String] = [:])

    /// Modules are put back after tracefs, and by themselves.
    var isModule: Bool { if case .module = self { true } else { false } }
  }

  /// The recorder's process.
  public var pid: Int32
  /// Where tracefs is mounted.
  public var top: String
  /// In the order of the changes.
  public var entries: [Entry] = []

  public init(pid: Int32, top: String) {
    self.pid = pid
    self.top = top
  }
}

// MARK: - text

extension Journal {
  private static let title = "kvm-inittrace journal 1"

  /// One line for each entry, its fields apart by tabs.
  package var text: String {
    let lines = [Self.title, "recorder\t\(pid)", "top\t\(LineEscapes.escaped(top))"] + entries.map(Self.line)
    return lines.joined(separator: "\n") + "\nend\n"
  }

  private static func line(_ entry: Entry) -> String {
    switch entry {
    case .instance: "instance"
    case .file(let name, let rule, let original):
      ["file", rule.rawValue, LineEscapes.escaped(name), LineEscapes.escaped(original)].joined(separator: "\t")
    case .probe(let event): "probe\t" + LineEscapes.escaped(event)
    case .module(let name, let wasLoaded, let parameters):
      (["module", LineEscapes.escaped(name), wasLoaded ? "loaded" : "unloaded"]
        + parameters.sorted { $0.key < $1.key }.map { LineEscapes.escaped("\($0.key)=\($0.value)") }).joined(separator: "\t")
    }
  }

  /// Reads a journal; nil when it is cut off or not one: it then was never finished, and nothing was changed.
  package init?(text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", lines.popLast() == "end", lines.count >= 3, lines[0] == Self.title else { return nil }
    let recorder = lines[1].split(separator: "\t")
    let place = lines[2].split(separator: "\t")
    guard recorder.count == 2, recorder[0] == "recorder", let pid = Int32(recorder[1]), place.count == 2, place[0] == "top" else {
      return nil
    }
    let top = LineEscapes.unescaped(place[1])
    guard !top.isEmpty else { return nil }
    self.init(pid: pid, top: top)
    for line in lines.dropFirst(3) {
      guard let entry = Self.entry(line.split(separator: "\t", omittingEmptySubsequences: false)) else { return nil }
      entries.append(entry)
    }
  }

  private static func entry(_ fields: [Substring]) -> Entry? {
    switch (fields.first, fields.count) {
    case ("instance", 1): return .instance
    case ("file", 4):
      guard let rule = RestoreRule(rawValue: String(fields[1])) else { return nil }
      return .file(LineEscapes.unescaped(fields[2]), rule: rule, original: LineEscapes.unescaped(fields[3]))
    case ("probe", 2): return .probe(event: LineEscapes.unescaped(fields[1]))
    case ("module", 3...) where ["loaded", "unloaded"].contains(fields[2]):
      guard let parameters = parameters(fields.dropFirst(3)) else { return nil }
      return .module(name: LineEscapes.unescaped(fields[1]), wasLoaded: fields[2] == "loaded", parameters: parameters)
    default: return nil
    }
  }

  /// Fields `name=value`.
  private static func parameters(_ fields: ArraySlice<Substring>) -> [String: String]? {
    var parameters: [String: String] = [:]
    for field in fields {
      guard let sign = field.unicodeScalars.firstIndex(of: "=") else { return nil }
      parameters[LineEscapes.unescaped(field[..<sign])] = LineEscapes.unescaped(field[field.unicodeScalars.index(after: sign)...])
    }
    return parameters
  }
}
