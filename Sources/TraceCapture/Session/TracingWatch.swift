/// Tells whether somebody else changes what decides what is recorded, while it is.
struct TracingWatch {
  private let top: TracefsDirectory
  private let place: TracefsDirectory
  private var settings: [(file: TracefsFile, isList: Bool, text: String)] = []

  /// Remembers how the files read that the plan writes, now that it is applied and the recording runs.
  init(_ plan: RecordingPlan, top: TracefsDirectory, place: TracefsDirectory) {
    (self.top, self.place) = (top, place)
    for step in plan.steps {
      guard case .write(let file, _, let rule) = step.action, !settings.contains(where: { $0.file == file }) else { continue }
      if let text = read(file, isList: rule == .functions) { settings.append((file, rule == .functions, text)) }
    }
  }

  /// A sentence for each file that reads otherwise by now.
  func changes() -> [String] {
    guard Restorer.isMounted(top.path) else { return ["tracefs is no longer mounted: what else was changed cannot be told"] }
    return settings.compactMap { file, isList, before in
      guard let now = read(file, isList: isList) else { return "\(file) cannot be read any more" }
      return now == before ? nil : "\(file) was '\(Self.short(before))', and is '\(Self.short(now))'"
    }
  }

  /// The head of a file: a list of functions may be long, and who changes it changes its first lines. Functions of modules are passed over:
  /// they come and go with those, and so do filters that name modules.
  private func read(_ file: TracefsFile, isList: Bool) -> String? {
    guard let text = (file.place == .top ? top : place).head(of: file.name, limit: 2048) else { return nil }
    guard isList else { return text.trimmed }
    let lines = text.split(separator: "\n").filter { !$0.contains("[") && !$0.contains(":mod:") && !$0.hasPrefix("0x") }
    return lines.joined(separator: "\n")
  }

  private static func short(_ text: String) -> String {
    let line = text.split(separator: "\n").first ?? ""
    return line.count > 60 || line.utf8.count < text.utf8.count ? line.prefix(60) + "…" : String(line)
  }
}
