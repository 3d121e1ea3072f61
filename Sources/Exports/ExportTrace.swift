import CallTrees
import KVMStages

/// A trace with what the analysis says of it: what each export is made of, as reports are.
public struct ExportTrace: Sendable {
  public var recording: Recording
  public var analysis: Analysis

  /// - Parameter analysis: of `recording`, by the hints that the user gave.
  public init(_ recording: Recording, _ analysis: Analysis) {
    self.recording = recording
    self.analysis = analysis
  }
}

/// Why a trace cannot be had in a format, as a sentence that ends with what to do.
public struct ExportError: Error, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }

  /// A timeline of a trace whose times are not known.
  static func noTimes(_ format: String) -> ExportError {
    ExportError(
      "this trace has no times (text without the option funcgraph-abstime, or a clock that does not count nanoseconds), so that \(format), "
        + "a timeline, cannot be made of it; --to folded, openmetrics, calls, stages and sqlite can")
  }
}
