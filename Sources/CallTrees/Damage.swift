/// Damage found while reading: the trace is reported as far as it could be read, as incomplete.
public struct Damage: Sendable, Hashable, CustomStringConvertible {
  /// Byte offset in the file, or nil for a text trace.
  public var offset: UInt64?
  /// Line of a text trace, from 1.
  public var line: Int?
  public var message: String

  public init(offset: UInt64? = nil, line: Int? = nil, message: String) {
    self.offset = offset
    self.line = line
    self.message = message
  }

  public var description: String {
    if let offset { return "byte \(offset): \(message)" }
    if let line { return "line \(line): \(message)" }
    return message
  }

  /// `damaged at byte 38: …`; `damaged: …` where the place is not known.
  public var finding: String { offset == nil && line == nil ? "damaged: \(self)" : "damaged at \(self)" }
}
