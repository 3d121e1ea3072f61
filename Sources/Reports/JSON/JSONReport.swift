import CallTrees
import KVMStages

/// The report for programs: the keys of `Docs/report.schema.json`, in its order. Times are nanoseconds on the trace clock.
public enum JSONReport {
  /// Version of the format: it changes when a key changes its meaning or goes, not when one is added.
  public static let version = 1

  /// Writes the report of one recording, as one object and a line end.
  ///
  /// - Parameter pretty: one value per line; else no white space at all.
  public static func write(
    _ recording: Recording, _ analysis: Analysis, pretty: Bool = true, to output: inout some TextOutputStream
  ) {
    var json = JSONWriter(pretty: pretty)
    json.beginObject()
    json.field("schema", "kvm-inittrace/report")
    json.field("version", version)
    json.object("source") { writeSource(recording, to: &$0) }
    json.key("runs")
    json.beginArray()
    for run in analysis.runs {
      writeRun(run, to: &json)
      json.drain(into: &output)
    }
    json.endArray()
    json.endObject()
    json.newLine()
    json.drain(into: &output)
  }

  // MARK: source

  private static func writeSource(_ recording: Recording, to json: inout JSONWriter) {
    let source = recording.source
    json.field("path", source.path)
    json.field("kind", source.kind.rawValue)
    json.field("kernel", source.kernel)
    json.field("machine", source.machine)
    json.field("cpus", source.cpus)
    json.field("clock", source.clock)
    json.field("events", source.events)
    json.field("lost_events", recording.lostEvents)
    json.field("has_times", recording.hasTimes)
    json.field("resolution_ns", recording.resolution)
    if let recorder = source.recorder { json.object("recorder") { RecorderJSON.write(recorder, to: &$0) } }
    json.array("losses") { json in
      for loss in recording.losses { json.object { writeLoss(loss, to: &$0) } }
    }
    json.array("damage") { json in
      for damage in recording.damage { json.object { writeDamage(damage, to: &$0) } }
    }
  }

  private static func writeLoss(_ loss: Loss, to json: inout JSONWriter) {
    json.field("cpu", loss.cpu)
    json.field("count", loss.count)
    json.field("after_ns", loss.after)
    json.field("before_ns", loss.before)
  }

  private static func writeDamage(_ damage: Damage, to json: inout JSONWriter) {
    json.field("offset", damage.offset)
    json.field("line", damage.line)
    json.field("message", damage.message)
  }

  // MARK: runs

  private static func writeRun(_ run: Run, to json: inout JSONWriter) {
    json.beginObject()
    json.field("pid", run.pid)
    json.field("comm", run.comm)
    json.field("module", run.module)
    json.field("vendor", run.vendor?.rawValue)
    json.field("root", run.root)
    json.field("verdict", run.verdict.rawValue)
    json.field("start_ns", run.startNS)
    json.field("duration_ns", run.durationNS)
    json.field("calls", run.calls)
    json.field("max_depth", run.maxDepth)
    json.field("interrupt_ns", run.interruptNS)
    json.field("sleep_ns", run.sleepNS)
    writeFailure(run.failure, to: &json)
    json.array("stages") { json in
      for stage in run.stages { json.object { writeStage(stage, to: &$0) } }
    }
    json.object("integrity") { json in
      json.field("lost_events", run.integrity.lostEvents)
      json.field("open_calls", run.integrity.openCalls)
      json.field("mended_calls", run.integrity.mendedCalls)
      json.field("unresolved_functions", run.integrity.unresolvedFunctions)
    }
    json.field("reason", run.reason)
    json.field("flow", run.flow?.id)
    json.field("notes", run.notes)
    json.endObject()
  }

  private static func writeFailure(_ failure: Failure?, to json: inout JSONWriter) {
    guard let failure else { return json.nullField("failure") }
    json.object("failure") { json in
      json.field("stage", failure.stage.id)
      json.field("section", failure.stage.section)
      json.field("function", failure.function)
      json.field("path", failure.path.map(\.function))
      json.field("errno", failure.errno)
      json.field("code", failure.code)
      json.field("evidence", failure.evidence.map(\.rawValue))
      json.field("log", failure.log)
      json.field("cause", failure.cause)
      json.field("remedy", failure.remedy)
      json.field("inferred", failure.inferred)
      json.field("evidence_text", failure.evidenceText)
      json.array("path_detail") { json in
        for step in failure.path { json.object { writeStep(step, to: &$0) } }
      }
    }
  }

  private static func writeStep(_ step: PathStep, to json: inout JSONWriter) {
    json.field("function", step.function)
    json.field("role", step.role)
    json.field("code", step.result)
  }

  // MARK: stages

  private static func writeStage(_ result: StageResult, to json: inout JSONWriter) {
    json.field("id", result.stage.id)
    json.field("section", result.stage.section)
    json.field("title", result.stage.title)
    json.field("status", result.status.rawValue)
    json.field("tolerated", result.tolerated)
    json.field("function", result.function)
    json.field("parent", result.parent)
    json.field("start_ns", result.startNS)
    json.field("duration_ns", result.durationNS)
    json.field("calls", result.calls)
    json.array("per_cpu") { json in
      for share in result.perCPU { json.object { writeShare(share, to: &$0) } }
    }
    json.field("note", result.note)
    json.field("level", result.level)
    json.field("interrupt_ns", result.interruptNS)
    json.field("sleep_ns", result.sleepNS)
  }

  private static func writeShare(_ share: CPUShare, to json: inout JSONWriter) {
    json.field("cpu", share.cpu)
    json.field("start_ns", share.startNS)
    json.field("duration_ns", share.durationNS)
    json.field("result", share.result)
  }
}
