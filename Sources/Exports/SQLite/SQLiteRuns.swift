import KVMStages

/// Inserts the runs of a trace with their stages.
struct SQLiteRuns {
  private let database: SQLiteDatabase
  private let trace: Int64
  private let calls: SQLiteCalls
  private let host: HostFacts
  private let runs: SQLiteInsertion
  private let stages: SQLiteInsertion
  private let shares: SQLiteInsertion

  init(_ database: SQLiteDatabase, trace: Int64, _ calls: SQLiteCalls, _ host: HostFacts) throws(SQLiteError) {
    self.database = database
    self.trace = trace
    self.calls = calls
    self.host = host
    runs = try SQLiteInsertion(
      database, into: "runs",
      [
        "trace", "pid", "comm", "module", "vendor", "root", "root_call", "verdict", "reason", "start_ns", "duration_ns", "calls",
        "max_depth", "interrupt_ns", "sleep_ns", "flow", "module_build_id", "failed_stage", "failed_function", "errno", "code", "cause",
        "remedy", "lost_events", "open_calls", "mended_calls", "unresolved_functions",
      ])
    stages = try SQLiteInsertion(
      database, into: "stages",
      [
        "run", "position", "stage", "section", "title", "status", "tolerated", "function", "parent", "start_ns", "duration_ns", "calls",
        "interrupt_ns", "sleep_ns", "level", "note",
      ])
    shares = try SQLiteInsertion(database, into: "stage_cpus", ["run", "position", "cpu", "start_ns", "duration_ns", "result"])
  }

  func insert(_ list: [Run]) throws(SQLiteError) {
    for run in list {
      try insert(run)
      let id = database.lastRow
      for (position, stage) in run.stages.enumerated() { try insert(stage, run: id, position: position) }
    }
  }

  private func insert(_ run: Run) throws(SQLiteError) {
    runs.bind(trace)
    runs.bind(run.pid)
    for text in [run.comm, run.module, run.vendor?.rawValue, run.root] { runs.bind(text) }
    runs.bind(calls.id(task: run.task, row: run.rootRow))
    for text in [run.verdict.rawValue, run.reason] { runs.bind(text) }
    for number in [run.startNS, run.durationNS] { runs.bind(number) }
    for number in [run.calls, run.maxDepth] { runs.bind(number) }
    for number in [run.interruptNS, run.sleepNS] { runs.bind(number) }
    let failure = run.failure
    for text in [run.flow?.id, host.buildID(run.module), failure?.stage.id, failure?.function, failure?.errno] { runs.bind(text) }
    runs.bind(failure?.code)
    for text in [failure?.cause, failure?.remedy] { runs.bind(text) }
    runs.bind(run.integrity.lostEvents)
    for number in [run.integrity.openCalls, run.integrity.mendedCalls, run.integrity.unresolvedFunctions] { runs.bind(number) }
    try runs.insert()
  }

  private func insert(_ result: StageResult, run: Int64, position: Int) throws(SQLiteError) {
    stages.bind(run)
    stages.bind(position)
    for text in [result.stage.id, result.stage.section, result.stage.title, result.status.rawValue] { stages.bind(text) }
    stages.bind(result.tolerated ? 1 : 0)
    for text in [result.function, result.parent] { stages.bind(text) }
    for number in [result.startNS, result.durationNS] { stages.bind(number) }
    stages.bind(result.calls)
    for number in [result.interruptNS, result.sleepNS] { stages.bind(number) }
    stages.bind(result.level)
    stages.bind(result.note)
    try stages.insert()
    for share in result.perCPU {
      shares.bind(run)
      for number in [position, share.cpu] { shares.bind(number) }
      for number in [share.startNS, share.durationNS] { shares.bind(number) }
      shares.bind(share.result)
      try shares.insert()
    }
  }
}
