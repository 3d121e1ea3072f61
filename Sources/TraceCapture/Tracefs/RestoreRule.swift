/// How a file of tracefs is put back: what it reads is not always what must be written.
public enum RestoreRule: String, Sendable, Hashable, CaseIterable {
  /// It takes what it gives: `current_tracer`, `tracing_on`, `options/…`.
  case contents
  /// `0` or `1`, with a `*` behind it when a trigger has the event in its hands: `events/…/enable`.
  case event
  /// The word in brackets is the choice: `trace_clock`.
  case choice
  /// A number of kilobytes: `buffer_size_kb` reads `7 (expanded: 1408)` before its first use, and `X` when CPUs differ.
  case size
  /// One function on each line, or a line of hashes when there is none: `set_ftrace_filter`, `set_graph_function`. An address stands for
  /// one that is gone, with its module.
  case functions
  /// One number on each line, or a sentence when there is none: `set_event_pid`.
  case numbers
  /// `none`, or an expression: `events/…/filter`.
  case expression

  /// What a file holding `original` must be given, after it was emptied by opening it. nil: it cannot be put back from here.
  func texts(restoring original: String) -> [String]? {
    let text = original.trimmed
    switch self {
    case .contents: return [text + "\n"]
    case .event: return ["0", "1"].contains(text.prefix(1)) ? [text.prefix(1) + "\n"] : nil
    case .choice:
      guard let start = text.firstIndex(of: "["), let end = text[start...].firstIndex(of: "]") else { return nil }
      return [text[text.index(after: start)..<end] + "\n"]
    case .size:
      let digits = (text.split(separator: "expanded:").last.map { $0.drop { $0 == " " } } ?? "").prefix { $0.isNumber }
      return digits.isEmpty ? nil : [digits + "\n"]
    case .functions:
      return Self.living(text).map { Self.function($0) + "\n" }
    case .numbers:
      return text.split(separator: "\n").filter { $0.allSatisfy(\.isNumber) }.map { $0 + "\n" }
    case .expression: return text == "none" ? ["0\n"] : [text + "\n"]
    }
  }

  /// Whether a file that was put back means what it meant before, although it may read otherwise.
  func isSame(_ now: String, as original: String) -> Bool {
    switch self {
    case .functions: Self.living(now) == Self.living(original)
    case .event: texts(restoring: now) == texts(restoring: original)
    case .contents, .choice, .size, .numbers, .expression: now == original
    }
  }

  /// The functions of a list that are still there.
  private static func living(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("0x") }
  }

  /// `name [module]` is written as the name alone: the graph's files take no `name:mod:module`.
  private static func function(_ line: Substring) -> String {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[1].hasPrefix("["), parts[1].hasSuffix("]") else { return String(line) }
    return String(parts[0])
  }
}
