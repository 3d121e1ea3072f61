import CallTrees
import KVMStages

/// A comparison as JSON: `Docs/diff.schema.json` describes it.
public enum DiffJSON {
  /// - Parameters:
  ///   - diffs: one per module.
  ///   - pretty: one value per line; else no white space at all.
  public static func write(_ diffs: [RunDiff], pretty: Bool = true, to output: inout some TextOutputStream) {
    var json = JSONWriter(pretty: pretty)
    json.object { json in
      json.field("schema", "kvm-inittrace/diff")
      json.field("version", 1)
      json.array("comparisons") { json in
        for diff in diffs { json.object { write(diff, to: &$0) } }
      }
    }
    json.newLine()
    json.drain(into: &output)
  }

  private static func write(_ diff: RunDiff, to json: inout JSONWriter) {
    json.field("result", diff.isDifferent ? "different" : diff.isUndecided ? "undecided" : "same")
    json.object("before") { write(diff.before, to: &$0) }
    json.object("after") { write(diff.after, to: &$0) }
    json.array("configuration") { json in
      for change in diff.configuration {
        json.object { json in
          json.field("name", change.name)
          json.field("before", change.before)
          json.field("after", change.after)
        }
      }
    }
    json.field("timing", diff.timing?.rawValue)
    json.field("times_missing", diff.timesMissing)
    json.array("stages") { json in
      for change in diff.stages { json.object { write(change, to: &$0) } }
    }
    json.object("calls") { json in
      json.field("missing", diff.calls.missing)
      json.field("root", diff.calls.root)
      json.field("differences", diff.calls.differences)
      json.field("undecided", diff.calls.undecided)
      json.key("tree")
      if diff.calls.changes.isEmpty { json.null() } else { write(diff.calls, at: 0, to: &json) }
    }
  }

  private static func write(_ side: DiffSide, to json: inout JSONWriter) {
    json.field("module", side.module)
    json.field("vendor", side.vendor?.rawValue)
    json.field("kernels", side.kernels)
    json.field("catalogue_version", side.version?.description)
    json.field("verdicts", side.verdicts.map(\.rawValue))
    write(side.duration, to: &json)
    json.array("runs") { json in
      for run in side.runs {
        json.object { json in
          json.field("path", run.path)
          json.field("kernel", run.source.kernel)
          json.field("pid", run.run.pid)
          json.field("verdict", run.run.verdict.rawValue)
          json.field("reason", run.run.reason)
          json.field("duration_ns", run.run.durationNS)
          json.field("interrupt_ns", run.run.interruptNS)
          json.field("lost_events", run.run.integrity.lostEvents)
        }
      }
    }
    guard let failure = side.failure else { return json.nullField("failure") }
    json.object("failure") { json in
      json.field("stage", failure.stage.id)
      json.field("function", failure.function)
      json.field("errno", failure.errno)
      json.field("code", failure.code)
      json.field("cause", failure.cause)
      json.field("remedy", failure.remedy)
    }
  }

  private static func write(_ sample: DurationSample, to json: inout JSONWriter) {
    json.field("duration_ns", sample.median)
    json.field("spread_ns", sample.isEmpty ? nil : sample.spread)
    json.field("durations_ns", sample.values)
  }

  // MARK: stages

  private static func write(_ change: StageChange, to json: inout JSONWriter) {
    json.field("id", change.stage.id)
    json.field("section", change.stage.section)
    json.field("title", change.stage.title)
    json.field("change", change.kind.rawValue)
    json.field("timing", change.timing?.rawValue)
    json.field("reasons", change.reasons)
    for (name, side) in [("before", change.before), ("after", change.after)] {
      json.key(name)
      if let side { json.object { write(side, to: &$0) } } else { json.null() }
    }
  }

  private static func write(_ side: SideStage, to json: inout JSONWriter) {
    json.field("status", side.status?.rawValue)
    json.field("statuses", side.statuses.map(\.rawValue))
    json.field("tolerated", side.isTolerated)
    json.field("function", side.function)
    json.field("parent", side.parent)
    json.field("calls", side.calls)
    write(side.duration, to: &json)
    json.field("note", side.note)
  }

  // MARK: calls

  /// The tree is as deep as kernel stacks are: `CallDiff` holds no deeper one.
  private static func write(_ calls: CallDiff, at place: Int, to json: inout JSONWriter) {
    let change = calls.changes[place]
    json.object { json in
      json.field("change", change.kind.rawValue)
      json.field("before", change.before)
      json.field("after", change.after)
      json.field("module", change.module)
      json.field("counts_before", change.countsBefore)
      json.field("counts_after", change.countsAfter)
      json.field("duration_ns_before", change.timeBefore.median)
      json.field("duration_ns_after", change.timeAfter.median)
      json.field("calls_below", change.callsBelow)
      json.field("moved_from", change.movedFrom)
      json.array("children") { json in for child in change.children { write(calls, at: child, to: &json) } }
    }
  }
}
