import CallTrees
import KVMStages

/// `export --to openmetrics`: how the last load of each module went, for node_exporter's textfile collector and whatever reads
/// OpenMetrics.
///
/// A series must not come twice: of several runs of a module in a trace the one that began last is told, and how many there were.
public enum OpenMetricsExport {
  public static func write(_ trace: ExportTrace, to output: inout some ByteOutput) {
    var writer = OpenMetricsWriter()
    let runs = lastRuns(trace.analysis)
    writeRuns(runs, trace, &writer)
    writeStages(runs, &writer)
    writeTrace(trace.recording, &writer)
    writer.finish()
    output.write(bytes: writer.bytes)
  }

  /// A run with the name of its module in labels, and how many of the module there are.
  private typealias Last = (module: String, run: Run, count: Int)

  private static func lastRuns(_ analysis: Analysis) -> [Last] {
    let byModule = Dictionary(grouping: analysis.runs) { $0.module ?? "unknown" }
    return byModule.sorted { $0.key < $1.key }.compactMap { module, runs in
      last(of: runs).map { (module, $0, runs.count { $0.rootRow != nil }) }
    }
  }

  /// The run that began last. An analysis has its runs task by task, those of one task in the order of the trace.
  private static func last(of runs: [Run]) -> Run? {
    var last: (run: Run, start: UInt64)?
    for run in runs {
      // One whose start is not known is behind those of its task; one without a call stands for loads that were not looked at, behind all.
      let follows = run.rootRow == nil || run.startNS == nil && run.task == last?.run.task
      let start = follows ? last?.start ?? 0 : run.startNS ?? 0
      if start >= last?.start ?? 0 { last = (run, start) }
    }
    return last?.run
  }

  // MARK: runs

  private static func writeRuns(_ runs: [Last], _ trace: ExportTrace, _ writer: inout OpenMetricsWriter) {
    func write(_ name: String, unit: String? = nil, help: String, _ value: (Run) -> String?) {
      let samples = runs.compactMap { last in value(last.run).map { (module: last.module, value: $0) } }
      guard !samples.isEmpty else { return }
      writer.metric(name, unit: unit, help: help)
      for sample in samples { writer.sample(name, [("module", sample.module)], sample.value) }
    }
    writer.metric("verdict", help: "How the last init of the module ended: 1 at the verdict that holds.")
    for last in runs {
      for verdict in Verdict.allCases {
        writer.sample("verdict", [("module", last.module), ("verdict", verdict.rawValue)], last.run.verdict == verdict ? "1" : "0")
      }
    }
    writer.metric("runs", help: "Inits of the module in the trace; the one that began last is told.")
    for last in runs { writer.sample("runs", [("module", last.module)], "\(last.count)") }
    write("run_duration_seconds", unit: "seconds", help: "Duration of the init.") { $0.durationNS.map(OpenMetricsWriter.seconds) }
    write("run_interrupt_seconds", unit: "seconds", help: "Time of the init that went to interrupts.") { run in
      run.rootRow.map { _ in OpenMetricsWriter.seconds(run.interruptNS) }
    }
    write("run_sleep_seconds", unit: "seconds", help: "Time of the init in which its task slept.") { run in
      run.rootRow.map { _ in OpenMetricsWriter.seconds(run.sleepNS) }
    }
    write("run_lost_events", help: "Events that the trace lost during the init.") { "\($0.integrity.lostEvents)" }
    writeFailures(runs, &writer)
  }

  private static func writeFailures(_ runs: [Last], _ writer: inout OpenMetricsWriter) {
    guard runs.contains(where: { $0.run.failure != nil }) else { return }
    writer.metric("failure", help: "The stage at which the init failed, and its error where that is known.")
    for (module, run, _) in runs {
      guard let failure = run.failure else { continue }
      let error = failure.errno ?? failure.code.map(String.init) ?? ""
      writer.sample("failure", [("module", module), ("stage", failure.stage.id), ("errno", error)], "1")
    }
  }

  // MARK: stages

  private static func writeStages(_ runs: [Last], _ writer: inout OpenMetricsWriter) {
    let timed = runs.flatMap { last in
      last.run.stages.compactMap { stage in stage.durationNS.map { (module: last.module, stage: stage.stage, duration: $0) } }
    }
    if !timed.isEmpty {
      writer.metric("stage_duration_seconds", unit: "seconds", help: "Duration of a stage of the init, where it was measured.")
      for (module, stage, duration) in timed {
        let labels = [("module", module), ("stage", stage.id), ("section", stage.section ?? "")]
        writer.sample("stage_duration_seconds", labels, OpenMetricsWriter.seconds(duration))
      }
    }
    guard runs.contains(where: { !$0.run.stages.isEmpty }) else { return }
    writer.metric("stages", help: "Stages of the init by their status.")
    for last in runs where !last.run.stages.isEmpty {
      for status in StageStatus.allCases {
        let count = last.run.stages.count { $0.status == status }
        writer.sample("stages", [("module", last.module), ("status", status.rawValue)], "\(count)")
      }
    }
  }

  // MARK: trace

  private static func writeTrace(_ recording: Recording, _ writer: inout OpenMetricsWriter) {
    writer.metric("trace_info", help: "What was traced; always 1.")
    let labels = [("kernel", recording.source.kernel ?? ""), ("machine", recording.source.machine ?? "")]
    writer.sample("trace_info", labels, "1")
    writer.metric("lost_events", help: "Events that the trace lost, as far as their number is known.")
    writer.sample("lost_events", [], "\(recording.lostEvents)")
    guard let started = recording.source.recorder?.started else { return }
    writer.metric("recorded_timestamp_seconds", unit: "seconds", help: "When the recording was started, in seconds since 1970.")
    writer.sample("recorded_timestamp_seconds", [], OpenMetricsWriter.seconds(started))
  }
}
