/// One change that a recording makes to tracefs.
public struct PlanStep: Sendable, Hashable {
  public enum Action: Sendable, Hashable {
    /// Makes the recording's own instance.
    case makeInstance
    /// Gives a file new contents.
    case write(TracefsFile, [String], rule: RestoreRule)
    /// Defines kretprobes.
    case addProbes([RecordingTargets.Probe])
  }

  public var action: Action
  /// A recording without it is still worth having: an event that this kernel lacks, a filter of a few functions more.
  public var isOptional: Bool

  public init(_ action: Action, isOptional: Bool = false) {
    self.action = action
    self.isOptional = isOptional
  }
}
