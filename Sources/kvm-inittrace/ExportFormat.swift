import ArgumentParser

/// The formats of `export`.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
  case calls, stages, perfetto, chrome, folded, speedscope, openmetrics, sqlite

  /// Whether it is no text.
  var isBinary: Bool { self == .perfetto || self == .sqlite }

  /// Whether one output can hold several traces. Timelines of different boots have no common clock, and metrics no two values.
  var takesSeveral: Bool {
    switch self {
    case .calls, .stages, .folded, .sqlite: true
    case .perfetto, .chrome, .speedscope, .openmetrics: false
    }
  }

  /// Whether it tells of runs and stages, beside calls.
  var tellsRuns: Bool {
    switch self {
    case .stages, .perfetto, .chrome, .openmetrics, .sqlite: true
    case .calls, .folded, .speedscope: false
    }
  }

  /// Whether it tells of a machine.
  var tellsHost: Bool { self == .stages || self == .sqlite }
}
