/// A file of tracefs: of the top directory, or of the recording's own instance.
public struct TracefsFile: Hashable, Sendable, CustomStringConvertible {
  public enum Place: Hashable, Sendable {
    case top
    case instance
  }

  public var place: Place
  /// Below the instance's directory: `options/funcgraph-args`.
  public var name: String

  public init(_ place: Place, _ name: String) {
    self.place = place
    self.name = name
  }

  public var description: String { place == .top ? name : "instances/\(RecordingPlan.instanceName)/\(name)" }
}
