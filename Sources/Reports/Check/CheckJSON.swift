import KVMStages

/// A check as JSON, schema `kvm-inittrace/check` version 1: `Docs/check.schema.json`.
public enum CheckJSON {
  public static func write(_ report: CheckReport, to output: inout some TextOutputStream) {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.field("schema", "kvm-inittrace/check")
    json.field("version", 1)
    json.field("expectations", report.expectations)
    json.field("exit_status", report.exitStatus)
    write(CheckReport.Counts(report.traces), traces: report.traces.count, to: &json)
    json.key("traces")
    json.beginArray()
    for trace in report.traces {
      write(trace, to: &json)
      json.drain(into: &output)
    }
    json.endArray()
    json.endObject()
    json.newLine()
    json.drain(into: &output)
  }

  private static func write(_ counts: CheckReport.Counts, traces: Int, to json: inout JSONWriter) {
    json.object("summary") { json in
      json.field("traces", traces)
      json.field("expectations", counts.expectations)
      json.field("passed", counts.passed)
      json.field("failed", counts.failed)
      json.field("inconclusive", counts.inconclusive)
      json.field("not_applicable", counts.notApplicable)
      json.field("unreadable", counts.unreadable)
      json.field("damaged", counts.damaged)
    }
  }

  private static func write(_ trace: TraceCheck, to json: inout JSONWriter) {
    json.object { json in
      json.field("path", trace.path)
      json.field("kernel", trace.kernel)
      json.field("summary", trace.summary)
      json.field("outcome", trace.isUnreadable ? "unreadable" : trace.outcome.rawValue)
      json.field("problem", trace.problem)
      json.field("exit_status", trace.exitStatus)
      json.array("results") { json in
        for result in trace.results { write(result, to: &json) }
      }
    }
  }

  private static func write(_ result: ExpectationResult, to json: inout JSONWriter) {
    json.object { json in
      json.field("kind", result.kind.rawValue)
      json.field("subject", result.subject)
      json.field("outcome", result.outcome.rawValue)
      json.field("expected", result.expected)
      json.field("found", result.found)
      json.field("reason", result.reason)
      json.field("set", result.set)
      json.field("line", result.line)
      json.field("run", result.place.run)
      json.field("run_title", result.place.runTitle)
      json.field("stage", result.place.stage?.id)
      json.field("section", result.place.stage?.section)
      json.field("title", result.place.stage?.title)
      json.field("function", result.place.function)
      json.field("offset_ns", result.place.offsetNS)
      json.field("row", result.place.row)
    }
  }
}
