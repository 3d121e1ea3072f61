import CallTrees
import KVMStages
import Reports

/// `export --to stages`: flat rows for tables of many machines, as lines of JSON (`Docs/stages.schema.json`).
///
/// A run has a row of kind `run`, and one of kind `stage` for each of its stages. Rows of both kinds have the same keys, and those of
/// stages repeat what is said of the run: so one table holds all, and no question needs a join.
public enum StagesExport {
  /// Writes the rows of `trace`.
  ///
  /// - Parameters:
  ///   - path: what the trace is called.
  ///   - hostID: as the user tells it; else it is what the recorder stored.
  public static func write(_ trace: ExportTrace, path: String, hostID: String?, to output: inout some ByteOutput) {
    let source = trace.recording.source
    let host = HostFacts(source, hostID: hostID)
    var bytes: [UInt8] = []
    for (index, run) in trace.analysis.runs.enumerated() {
      func write(_ stage: StageResult?) {
        var json = JSONWriter()
        json.object { json in
          json.field("kind", stage == nil ? "run" : "stage")
          writeHost(host, source, run, path: path, to: &json)
          writeRun(run, index: index, to: &json)
          writeStage(stage, to: &json)
        }
        bytes.append(contentsOf: json.bytes)
        bytes.append(UInt8(ascii: "\n"))
        bytes.drain(into: &output)
      }
      write(nil)
      for stage in run.stages { write(stage) }
    }
    bytes.drain(into: &output, all: true)
  }

  private static func writeHost(_ host: HostFacts, _ source: TraceSource, _ run: Run, path: String, to json: inout JSONWriter) {
    json.field("host_id", host.hostID)
    json.field("host", host.host)
    json.field("boot_id", host.bootID)
    json.field("recorded_ns", host.recorded)
    json.field("trace", path)
    json.field("kernel", source.kernel)
    json.field("machine", source.machine)
    json.field("cpu_model", host.cpuModel)
    json.field("microcode", host.microcode)
    json.field("kernel_build_id", host.buildID("kernel"))
    json.field("kvm_build_id", host.buildID("kvm"))
    json.field("module_build_id", host.buildID(run.module))
    json.field("parameters", host.parameters)
    json.field("detail", host.detail)
  }

  private static func writeRun(_ run: Run, index: Int, to json: inout JSONWriter) {
    json.field("run", index)
    json.field("module", run.module)
    json.field("vendor", run.vendor?.rawValue)
    json.field("verdict", run.verdict.rawValue)
    json.field("run_start_ns", run.startNS)
    json.field("run_duration_ns", run.durationNS)
    json.field("run_lost_events", run.integrity.lostEvents)
    json.field("failed_stage", run.failure?.stage.id)
    json.field("failed_function", run.failure?.function)
    json.field("errno", run.failure?.errno)
    json.field("code", run.failure?.code)
  }

  private static func writeStage(_ result: StageResult?, to json: inout JSONWriter) {
    json.field("stage", result?.stage.id)
    json.field("section", result?.stage.section)
    json.field("title", result?.stage.title)
    json.field("status", result?.status.rawValue)
    json.field("tolerated", result?.tolerated)
    json.field("function", result?.function)
    json.field("start_ns", result?.startNS)
    json.field("duration_ns", result?.durationNS)
    json.field("calls", result?.calls)
    json.field("interrupt_ns", result?.interruptNS)
    json.field("sleep_ns", result?.sleepNS)
    json.field("level", result?.level)
  }
}
