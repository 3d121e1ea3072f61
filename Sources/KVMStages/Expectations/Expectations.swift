/// What a user expects of traces: the content of an expectations file.
public struct Expectations: Sendable {
  /// The file, as the user named it.
  public var path: String
  public var sets: [ExpectationSet]

  public init(path: String, sets: [ExpectationSet]) {
    self.path = path
    self.sets = sets
  }
}
