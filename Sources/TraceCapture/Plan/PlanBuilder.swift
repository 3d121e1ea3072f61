/// Writes the steps of a plan.
struct PlanBuilder {
  let abilities: RecordingAbilities
  let place: TracefsFile.Place
  var steps: [PlanStep] = []

  init(abilities: RecordingAbilities, place: TracefsFile.Place) {
    self.abilities = abilities
    self.place = place
    if place == .instance { steps.append(PlanStep(.makeInstance)) }
  }

  private mutating func write(
    _ name: String, _ texts: [String], rule: RestoreRule = .contents, at place: TracefsFile.Place? = nil, isOptional: Bool = false
  ) {
    let step = PlanStep.Action.write(TracefsFile(place ?? self.place, name), texts.map { $0 + "\n" }, rule: rule)
    steps.append(PlanStep(step, isOptional: isOptional))
  }

  private mutating func writeIfThere(
    _ name: String, _ texts: [String], rule: RestoreRule = .contents, at place: TracefsFile.Place? = nil
  ) {
    if abilities.files.contains(name) { write(name, texts, rule: rule, at: place, isOptional: true) }
  }

  mutating func prepareBuffer(kilobytes: Int, clock: String) {
    write("tracing_on", ["0"])
    write("trace_clock", [clock], rule: .choice)
    // A full buffer then loses its oldest events, and says where; without it the newest are dropped in silence.
    writeIfThere("options/overwrite", ["1"])
    writeIfThere("options/record-cmd", ["1"], at: .top)
    writeIfThere("buffer_percent", ["50"])
    write("buffer_size_kb", ["\(kilobytes)"], rule: .size)
    // Somebody else's limits would leave holes that look like steps that are missing.
    if let mask = abilities.cpuMask { writeIfThere("tracing_cpumask", [mask]) }
    for limit in ["set_event_pid", "set_event_notrace_pid", "set_ftrace_pid", "set_ftrace_notrace_pid"] {
      writeIfThere(limit, [], rule: .numbers)
    }
    writeIfThere("tracing_thresh", ["0"], at: .top)
  }

  /// The graph's roots, its depth and what it leaves out are one for all instances, in the top directory.
  mutating func selectFunctions(_ targets: RecordingTargets, depth: Int) {
    write("set_graph_function", targets.roots, rule: .functions, at: .top)
    write("max_graph_depth", ["\(depth)"], at: .top)
    if abilities.files.contains("set_graph_notrace") {
      write("set_graph_notrace", targets.leftOut, rule: .functions, at: .top, isOptional: true)
    }
    write("set_ftrace_filter", targets.filter ?? [], rule: .functions)
    writeIfThere("set_ftrace_notrace", (targets.hiddenLines ?? []).map(String.init), rule: .functions)
  }

  mutating func addProbes(_ probes: [RecordingTargets.Probe]) {
    guard !probes.isEmpty, abilities.files.contains("kprobe_events") else { return }
    steps.append(PlanStep(.addProbes(probes), isOptional: true))
  }

  mutating func chooseTracer(detail: RecordingDetail) {
    write("current_tracer", ["function_graph"])
    writeIfThere("options/funcgraph-retval", ["1"])
    // Arguments triple a record, and the stages' times are to be disturbed least.
    writeIfThere("options/funcgraph-args", [detail == .stages ? "0" : "1"])
    writeIfThere("options/funcgraph-irqs", ["1"])
    writeIfThere("options/sleep-time", ["1"])
  }

  mutating func enableEvents(pid: Int32?, probes: Bool) {
    for event in RecordingPlan.events where abilities.files.contains("events/" + event) {
      // One that somebody has left would hide events, too.
      let filter = event == "sched/sched_switch" ? pid.map { "prev_pid == \($0) || next_pid == \($0)" } : nil
      write("events/\(event)/filter", [filter ?? "0"], rule: .expression, isOptional: true)
      write("events/\(event)/enable", ["1"], rule: .event, isOptional: true)
    }
    if probes, abilities.files.contains("kprobe_events") {
      write("events/\(RecordingPlan.probeGroup)/enable", ["1"], rule: .event, isOptional: true)
    }
  }
}
