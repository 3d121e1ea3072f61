/// What SQLite refused to do.
public struct SQLiteError: Error, CustomStringConvertible {
  /// What was being done: `create the tables`.
  public var purpose: String
  /// SQLite's result code.
  public var code: Int32
  /// SQLite's own words.
  public var message: String

  public var description: String { "cannot \(purpose): \(message) (SQLite error \(code))" }
}
