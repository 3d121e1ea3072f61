/// Tracing that somebody else does now. It costs time inside of what is recorded, and may be left over from a tool that has crashed.
extension Doctor {
  var otherTracing: [DoctorCheck] {
    guard let tracefs = facts.tracefs, tracefs.isReadable else { return [.skip("other-tracing", "not checked: tracefs cannot be read")] }
    let found =
      [tracer(tracefs), enabledEvents(tracefs), probes(tracefs)].compactMap(\.self) + tracefs.instances.compactMap { instance($0) }
    return found.isEmpty ? [.pass("other-tracing", "nobody else traces")] : found
  }

  private func tracer(_ tracefs: TracefsFacts) -> DoctorCheck? {
    guard !tracefs.currentTracer.isEmpty, tracefs.currentTracer != "nop" else { return nil }
    return .warn(
      "other-tracer", "the tracer \(tracefs.currentTracer) is in use" + (tracefs.isTracingOn ? "" : ", and paused"),
      do: "let its owner stop it; if nobody needs it: echo nop > \(tracefs.directory)/current_tracer")
  }

  private func enabledEvents(_ tracefs: TracefsFacts) -> DoctorCheck? {
    guard !tracefs.enabledEvents.isEmpty else { return nil }
    return .warn(
      "other-events", "events are enabled: \(Self.list(tracefs.enabledEvents))",
      do: "let their owner stop it; if nobody needs them: echo > \(tracefs.directory)/set_event")
  }

  /// A line of `kprobe_events` is `p:GROUP/NAME PLACE ARGUMENTS`.
  private func probes(_ tracefs: TracefsFacts) -> DoctorCheck? {
    guard !tracefs.kprobeEvents.isEmpty else { return nil }
    let names = tracefs.kprobeEvents.map { line in
      let head = line.prefix { $0 != " " }
      return String(head.firstIndex(of: ":").map { head[head.index(after: $0)...] } ?? head)
    }
    return .warn(
      "other-kprobes", "kprobe events are defined: \(Self.list(names))",
      do:
        "a recording leaves them alone; if nobody needs them: echo '-:GROUP/NAME' >> \(tracefs.directory)/kprobe_events"
    )
  }

  /// An instance without a tracer and without events does nothing.
  private func instance(_ instance: TracefsFacts.Instance) -> DoctorCheck? {
    var uses: [String] = []
    if !instance.currentTracer.isEmpty, instance.currentTracer != "nop" { uses.append("the tracer \(instance.currentTracer)") }
    if !instance.enabledEvents.isEmpty { uses.append("events \(Self.list(instance.enabledEvents))") }
    guard !uses.isEmpty else { return nil }
    return .warn(
      "other-instance", "the instance \(instance.name) records \(uses.joined(separator: ", and "))",
      do: "a recording leaves it alone; for undisturbed times let its owner stop it")
  }
}
