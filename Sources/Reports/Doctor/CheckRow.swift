/// One check of a machine, as it is shown.
public struct CheckRow: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable {
    case pass, warn, fail, skip
  }

  public var status: Status
  public var name: String
  /// Text from anywhere: it is escaped when it is shown.
  public var found: String
  /// What to do, or nil.
  public var remedy: String?

  public init(_ status: Status, _ name: String, found: String, remedy: String? = nil) {
    self.status = status
    self.name = name
    self.found = found
    self.remedy = remedy
  }

  /// `PASS`.
  var word: String { status.rawValue.uppercased() }

  var style: Style {
    switch status {
    case .pass: .good
    case .warn: .warning
    case .fail: .bad
    case .skip: .faint
    }
  }
}
