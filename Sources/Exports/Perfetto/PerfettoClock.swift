import CallTrees

/// The clock of a trace, as Perfetto knows clocks.
enum PerfettoClock {
  /// The number of Perfetto's builtin clock that the trace's clock is, or nil where it is none of them: `local`, `global`, `x86-tsc` and
  /// the like are clocks of the ring buffer, of which nothing says how they relate to another. Their times are written without a clock,
  /// as the trace's own time.
  static func builtin(_ clock: String?) -> Int? {
    switch clock {
    case "mono": 3
    case "mono_raw": 5
    case "boot": 6
    default: nil
    }
  }
}
