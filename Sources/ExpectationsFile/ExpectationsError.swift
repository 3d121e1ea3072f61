/// Why an expectations file cannot be used.
public struct ExpectationsError: Error, Sendable, CustomStringConvertible {
  public var path: String
  /// From 1; nil: it is about the whole file.
  public var line: Int?
  public var column: Int?
  /// What is wrong, and what to do.
  public var message: String
  /// 65 for content that cannot be used: the file is input like a trace, and the command line that names it was right. 66 and 77 for a
  /// file that cannot be opened.
  public var exitCode: Int32

  init(path: String, line: Int? = nil, column: Int? = nil, _ message: String, exitCode: Int32 = 65) {
    self.path = path
    self.line = line
    self.column = column
    self.message = message
    self.exitCode = exitCode
  }

  /// `expectations.yaml:3:7: …`.
  public var description: String {
    let place = line.map { line in ":\(line)" + (column.map { ":\($0)" } ?? "") } ?? ""
    return "\(path)\(place): \(message)"
  }
}
