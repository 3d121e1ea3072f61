/// Tracing by somebody else, which a recording would disturb or be disturbed by.
public struct ActiveTracing: Sendable, Hashable {
  /// What is going on, named so that its owner can be found.
  public var findings: [String] = []

  /// - Parameters:
  ///   - usesInstance: the recording has a ring buffer of its own, and shares only the functions of the graph.
  ///   - read: gives the text of a file of the top directory, nil when it is not there.
  public init(_ facts: TracefsFacts, usesInstance: Bool, read: (String) -> String?) {
    if !usesInstance || facts.currentTracer == "function_graph" { note(tracer: facts.currentTracer, in: "current_tracer") }
    for instance in facts.instances where instance.name != RecordingPlan.instanceName && instance.currentTracer == "function_graph" {
      note(tracer: instance.currentTracer, in: "instances/\(instance.name)/current_tracer")
    }
    let limits = ["set_graph_function", "set_graph_notrace"] + (usesInstance ? [] : ["set_ftrace_filter", "set_ftrace_notrace"])
    for file in limits {
      let lines = (read(file) ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }
      if let first = lines.first { findings.append("\(file) is set (\(first)\(lines.count > 1 ? ", …" : ""))") }
    }
    guard !usesInstance else { return }
    if let first = facts.enabledEvents.first {
      findings.append("events are enabled (\(first)\(facts.enabledEvents.count > 1 ? " and \(facts.enabledEvents.count - 1) more" : ""))")
    }
    let entries = Self.entries(read)
    if entries > 0 { findings.append("the ring buffer holds \(entries) events of an earlier tracing, which would be lost") }
  }

  private mutating func note(tracer: String, in file: String) {
    if tracer != "nop", !tracer.isEmpty { findings.append("the tracer \(tracer) is set (\(file))") }
  }

  /// Events in the top ring buffer.
  private static func entries(_ read: (String) -> String?) -> UInt64 {
    var total: UInt64 = 0
    var cpu = 0
    while let text = read("per_cpu/cpu\(cpu)/stats") {
      let line = text.split(separator: "\n").first { $0.hasPrefix("entries: ") }
      total &+= line.flatMap { UInt64($0.dropFirst(9)) } ?? 0
      cpu += 1
    }
    return total
  }

  /// - Throws: `unavailable` naming what is going on.
  public func check() throws(CaptureError) {
    guard !findings.isEmpty else { return }
    throw CaptureError(
      .unavailable, "somebody else is tracing: " + findings.joined(separator: "; "),
      remedy: "end that (trace-cmd reset, perf, bpftrace), or record on top of it with --force")
  }
}
