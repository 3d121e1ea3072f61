import CallTrees
import KVMStages
import Reports

/// Inserts the tasks, functions and calls of a trace.
struct SQLiteCalls {
  /// The next free ids: those of a trace follow on those of the traces before.
  struct IDs {
    var task: Int64 = 1
    var function: Int64 = 1
    var call: Int64 = 1
  }

  private let database: SQLiteDatabase
  private let recording: Recording
  private let trace: Int64
  /// The id of each task's first call; those that follow have the next ones, in the order of the task.
  private let firstCalls: [Int64]
  private let first: IDs
  /// Those of the trace after this one.
  let next: IDs

  init(_ database: SQLiteDatabase, _ recording: Recording, trace: Int64, from first: IDs) {
    self.database = database
    self.recording = recording
    self.trace = trace
    self.first = first
    var next = first
    firstCalls = recording.tasks.map { task in
      defer { next.call += Int64(task.tree.calls.count) }
      return next.call
    }
    next.task += Int64(recording.tasks.count)
    next.function += Int64(recording.functions.count)
    self.next = next
  }

  /// The id of the call at a row, or nil for none.
  func id(task: Int?, row: Int?) -> Int64? {
    guard let task, let row, firstCalls.indices.contains(task) else { return nil }
    return firstCalls[task] + Int64(row)
  }

  func insert() throws(SQLiteError) {
    try insertFunctions()
    let tasks = try SQLiteInsertion(database, into: "tasks", ["id", "trace", "pid", "comm"])
    for (index, task) in recording.tasks.enumerated() {
      tasks.bind(first.task + Int64(index))
      tasks.bind(trace)
      tasks.bind(task.pid)
      tasks.bind(task.comm)
      try tasks.insert()
    }
    let calls = try SQLiteInsertion(
      database, into: "calls",
      ["id", "task", "parent", "cpu", "depth", "function", "start_ns", "duration_ns", "return_value", "flags"])
    for index in recording.tasks.indices { try insert(task: index, calls) }
  }

  private func insertFunctions() throws(SQLiteError) {
    let row = try SQLiteInsertion(database, into: "functions", ["id", "trace", "name", "module", "address", "doubtful_name"])
    for (index, function) in recording.functions.enumerated() {
      row.bind(first.function + Int64(index))
      row.bind(trace)
      row.bind(function.trustedName)
      row.bind(function.doubt == nil ? function.module : nil)
      row.bind(function.shownAddress)
      row.bind(function.doubt == nil ? nil : function.name)
      try row.insert()
    }
  }

  private func insert(task index: Int, _ calls: SQLiteInsertion) throws(SQLiteError) {
    let task = recording.tasks[index]
    let firstCall = firstCalls[index]
    for (row, call) in task.tree.calls.enumerated() {
      calls.bind(firstCall + Int64(row))
      calls.bind(first.task + Int64(index))
      calls.bind(call.parent < 0 ? nil : firstCall + Int64(call.parent))
      calls.bind(row < task.tree.cpus.count ? task.tree.cpus[row] : 0)
      calls.bind(call.depth)
      calls.bind(Int(call.function.index) < recording.functions.count ? first.function + Int64(call.function.index) : nil)
      calls.bind(call.knownStart)
      calls.bind(call.measuredDuration)
      calls.bind(task.tree.returnValues[UInt32(truncatingIfNeeded: row)].map { ReturnValue($0).value })
      calls.bind(call.flags.isEmpty ? nil : call.flags.names.joined(separator: " "))
      try calls.insert()
    }
  }
}
