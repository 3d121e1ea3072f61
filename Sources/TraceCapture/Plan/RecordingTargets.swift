/// The functions that a recording is about, found on this machine.
public struct RecordingTargets: Sendable {
  /// A kretprobe: it takes the return value, and pairs the function's name with its address.
  public struct Probe: Hashable, Sendable {
    public var function: String
    /// nil for the kernel image.
    public var module: String?

    public init(_ function: String, in module: String?) {
      self.function = function
      self.module = module
    }

    /// The event's name: `r_vmx_init`.
    public var event: String { "r_" + function }

    /// The line that defines it.
    var definition: String {
      "r:\(RecordingPlan.probeGroup)/\(event) \(module.map { $0 + ":" } ?? "")\(function) ret=$retval:s64\n"
    }
  }

  public var roots: [String] = []
  public var leftOut: [String] = []
  public var probes: [Probe] = []
  /// Words for `set_ftrace_filter`: names, `*:mod:module`. nil: no filter.
  public var filter: [String]?
  /// Lines of the list of functions for `set_ftrace_notrace`: all that are not wanted. nil: none.
  ///
  /// A filter with the names of a module to come would make the kernel compare all of its functions while that module loads; functions
  /// that are not in this list are traced as they come.
  public var hiddenLines: [Int]?
  /// The traced command, when it waits to be let go: its task switches are recorded. nil: those of all tasks.
  public var pid: Int32?

  public init() {}
}
