/// How a file of tracefs is put back: what it reads is not always what must be written.
public enum RestoreRule: String, Sendable, Hashable, CaseIterable {
  /// It takes what it gives: `current_tracer`, `tracing_on`, `options/…`, `events/…/enable`.
  case contents
  /// The word in brackets is the choice: `trace_clock`.
  case choice
  /// A number of kilobytes: `buffer_size_kb` reads `7 (expanded: 1408)` before its first use, and `X` when CPUs differ.
  case size
  /// One function on each line, or a line of hashes when there is none: `set_ftrace_filter`, `set_graph_function`.
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
    case .choice:
      guard let start = text.firstIndex(of: "["), let end = text[start...].firstIndex(of: "]") else { return nil }
      return [text[text.index(after: start)..<end] + "\n"]
    case .size:
      let digits = (text.split(separator: "expanded:").last.map { $0.drop { $0 == " " } } ?? "").prefix { $0.isNumber }
      return digits.isEmpty ? nil : [digits + "\n"]
    case .functions:
      return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { Self.function($0) + "\n" }
    case .numbers:
      return text.split(separator: "\n").filter { $0.allSatisfy(\.isNumber) }.map { $0 + "\n" }
    case .expression: return text == "none" ? ["0\n"] : [text + "\n"]
    }
  }

  /// `name [module]` is written as `name:mod:module`, where a filter takes that; a lone name stands for itself.
  private static func function(_ line: Substring) -> String {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[1].hasPrefix("["), parts[1].hasSuffix("]") else { return String(line) }
    return String(parts[0])
  }
}
