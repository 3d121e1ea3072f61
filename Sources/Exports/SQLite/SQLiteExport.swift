import CallTrees
import KVMStages

/// `export --to sqlite`: a database of traces with their runs, stages, calls and log, for questions in SQL (`Docs/Exports.md`).
public final class SQLiteExport {
  private let database: SQLiteDatabase
  private let hostID: String?
  private var next = SQLiteCalls.IDs()

  /// Begins a database in the empty file at `path`, in one transaction.
  ///
  /// - Parameters:
  ///   - version: of the program.
  ///   - hostID: as the user tells it.
  /// - Throws: `SQLiteError` when it cannot be written.
  public init(path: String, version: String, hostID: String?) throws(SQLiteError) {
    database = try SQLiteDatabase(path: path)
    self.hostID = hostID
    try database.execute("BEGIN; " + SQLiteSchema.tables, to: "create the tables")
    let meta = try SQLiteInsertion(database, into: "meta", ["key", "value"])
    let facts = [("schema", "kvm-inittrace/sqlite"), ("schema_version", "\(SQLiteSchema.version)"), ("tool_version", version)]
    for (key, value) in facts {
      meta.bind(key)
      meta.bind(value)
      try meta.insert()
    }
  }

  /// Makes the indexes and ends the transaction.
  public func finish() throws(SQLiteError) {
    try database.execute(SQLiteSchema.indexes, to: "make the indexes")
    try database.execute("PRAGMA user_version = \(SQLiteSchema.version); COMMIT", to: "end the database")
  }

  /// Adds a trace.
  ///
  /// - Parameter path: what it is called.
  public func add(_ trace: ExportTrace, path: String) throws(SQLiteError) {
    let host = HostFacts(trace.recording.source, hostID: hostID)
    let id = try addTrace(trace.recording, host, path: path)
    let calls = SQLiteCalls(database, trace.recording, trace: id, from: next)
    try calls.insert()
    next = calls.next
    try SQLiteRuns(database, trace: id, calls, host).insert(trace.analysis.runs)
    try addLog(trace.recording, trace: id)
  }

  private func addTrace(_ recording: Recording, _ host: HostFacts, path: String) throws(SQLiteError) -> Int64 {
    let row = try SQLiteInsertion(
      database, into: "traces",
      [
        "path", "kind", "kernel", "machine", "cpus", "clock", "events", "lost_events", "has_times", "resolution_ns", "damage", "host_id",
        "host", "boot_id", "recorded_ns", "cpu_model", "microcode", "kernel_build_id", "kvm_build_id", "parameters", "detail",
      ])
    let source = recording.source
    for text in [path, source.kind.rawValue, source.kernel, source.machine] { row.bind(text) }
    row.bind(source.cpus)
    row.bind(source.clock)
    for number in [source.events, recording.lostEvents, recording.hasTimes ? 1 : 0, recording.resolution] { row.bind(number) }
    row.bind(recording.damage.isEmpty ? nil : recording.damage.map(\.description).joined(separator: "\n"))
    for text in [host.hostID, host.host, host.bootID] { row.bind(text) }
    row.bind(host.recorded)
    for text in [host.cpuModel, host.microcode, host.buildID("kernel"), host.buildID("kvm"), host.parameters, host.detail] {
      row.bind(text)
    }
    try row.insert()
    return database.lastRow
  }

  private func addLog(_ recording: Recording, trace: Int64) throws(SQLiteError) {
    let row = try SQLiteInsertion(database, into: "log", ["trace", "kind", "time_ns", "cpu", "pid", "text"])
    for mark in TraceMark.all(of: recording) {
      row.bind(trace)
      row.bind(mark.category.name)
      row.bind(mark.time)
      row.bind(mark.cpu)
      row.bind(mark.pid)
      row.bind(mark.text)
      try row.insert()
    }
  }
}
