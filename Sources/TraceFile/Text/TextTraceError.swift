/// Why a text cannot be read as a trace.
public struct TextTraceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Line that shows it, from 1, or nil when it is about the file as a whole.
  public var line: Int?
  public var message: String
  /// What to do next.
  public var hint: String

  public init(line: Int? = nil, message: String, hint: String) {
    self.line = line
    self.message = message
    self.hint = hint
  }

  public var description: String { (line.map { "line \($0): " } ?? "") + message + "; " + hint }
}
