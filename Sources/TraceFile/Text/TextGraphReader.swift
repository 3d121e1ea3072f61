import CallTrees

/// Reads the text of tracefs' `trace` or `trace_pipe` with the function_graph tracer.
struct TextGraphReader {
  private let text: TextBytes
  private var lines: TextLines
  private var columns: TextColumns
  private var sink: TextCallSink
  private var damage = TextDamage()
  private var source: TraceSource

  /// The task on each CPU by the last change of tasks; `GraphEvent.unknownPID` where the text does not tell.
  private var tasks: [Int32] = []
  private var firstTasks: [Int: Int32]
  /// Without the CPU column: the CPU that each task was last seen on, and the CPU of the last change.
  private var cpuOfTask: [Int32: Int] = [:]
  private var switchCPU: Int?
  private var mixesCPUs = false
  private var cpus: Set<Int> = []
  private var hasUnknownReturns = false
  private var lastCPU = -1
  /// A comment that goes on over several lines: where its text starts in the file, and its line's columns.
  private var openComment: (start: Int, prologue: TextPrologue, line: Int)?

  /// - Parameter tasks: the tasks of the CPUs before the first change, or nil to find them.
  private init(_ text: TextBytes, vote: TextColumns.Vote, path: String, tasks: [Int: Int32]? = nil) {
    self.text = text
    lines = TextLines(text)
    columns = vote.columns
    let hasTimes = vote.columns.hasTimes
    let builder = RecordingBuilder(keys: .interned, hasTimes: hasTimes, resolution: hasTimes ? 1000 : 1)
    sink = TextCallSink(builder: builder, names: TextFunctionNames(text: text, areGuessed: false), textSize: text.count)
    source = TraceSource(path: path, kind: .ftraceText)
    firstTasks = tasks ?? (vote.columns.contains(.task) ? [:] : TextSwitch.firstTasks(text))
    startWithoutCPUs()
  }

  static func read(_ text: TextBytes, vote: TextColumns.Vote, path: String) -> Recording {
    var reader = TextGraphReader(text, vote: vote, path: path)
    reader.readLines()
    if reader.mayTearTasks {
      let named = reader.firstTasks
      let migrations = TextMigrations(text, columns: vote.columns, firstTasks: named)
      if !migrations.tasks.isEmpty {
        reader = TextGraphReader(text, vote: vote, path: path, tasks: named.merging(migrations.tasks) { named, _ in named })
        reader.readLines()
      }
    }
    return reader.finish()
  }

  private mutating func readLines() {
    while let line = lines.next() { take(line) }
    breakComment(at: text.count)
  }

  /// Whether calls of an unknown task may have returned on another CPU.
  private var mayTearTasks: Bool { hasUnknownReturns && cpus.count > 1 }

  private consuming func finish() -> Recording {
    if !lines.isTerminated { damage.add(line: lines.number, "the text ends in the middle of this line") }
    if mixesCPUs {
      damage.add("the text has neither a CPU nor a task column, and several CPUs: their calls cannot be told apart")
    }
    if !cpus.isEmpty { source.cpus = cpus.count }
    return sink.finish(source: source, damage: damage.summary)
  }

  // MARK: lines

  @inline(__always)
  private mutating func take(_ line: TextBytes) {
    if let prologue = TextPrologue(line, columns: columns), let call = TextCall(line, from: prologue.end) {
      if openComment != nil { breakComment(at: offset(of: line)) }
      let pid = prologue.pid >= 0 ? prologue.pid : task(prologue)
      let cpu = cpu(prologue, pid: pid)
      if call.kind == .close, !call.name.isEmpty, columns.contains(.cpu), !columns.contains(.task) { hasUnknownReturns = true }
      if columns.contains(.task) {
        sink.name(pid: pid, comm: line.slice(prologue.comm.lowerBound, prologue.comm.upperBound), isWhole: false)
      }
      if call.kind == .event {
        takeComment(line, call, prologue)
      } else {
        sink.add(call, time: prologue.time, duration: prologue.duration, pid: pid, cpu: cpu)
      }
    } else {
      takeOther(line)
    }
  }

  /// A line that is no call.
  private mutating func takeOther(_ line: TextBytes) {
    if openComment != nil {
      if line.trimmed.hasSuffix("*/") { finishComment(at: offset(of: line) + line.endWithoutSpaces) }
      return
    }
    if line[0] == .hash {
      takeHeader(line)
    } else if line.trimmed.isEmpty || TextSwitch.isRule(line) || isRemark(line) {
      return
    } else if let change = TextSwitch(line) {
      takeSwitch(line, change)
    } else if let loss = TextLoss(line) {
      sink.lose(cpu: loss.cpu, count: loss.count)
    } else if line.has("[LINE TOO BIG]", at: 0) {
      damage.add(line: lines.number, "the kernel left out a line that was too long for it")
    } else {
      damage.add(notUnderstood: line, number: lines.number)
    }
  }

  /// Lines that belong to others: return-stack overruns of the call above, stack traces.
  private func isRemark(_ line: TextBytes) -> Bool {
    line.has(" (Overruns: ", at: 0) || line.has(" => ", at: 0) || line.hasSuffix("<stack trace>") || line.hasSuffix("<user stack trace>")
  }

  private mutating func takeHeader(_ line: TextBytes) {
    if let header = TextColumns(header: line) {
      // Texts that were put together can show other columns from here on.
      columns = TextColumns.vote(lines, header: header, isBelowHeader: true).columns
      startWithoutCPUs()
    } else if let version = line.firstRange(of: " latency trace v"), let on = line.firstRange(of: " on ", from: version.upperBound) {
      source.kernel = line.from(on.upperBound).trimmed.string
    }
  }

  private func offset(of line: TextBytes) -> Int { line.base - text.base }

  // MARK: tasks and CPUs

  /// Without the CPU column, lines belong to the CPU whose tasks change.
  private mutating func startWithoutCPUs() {
    guard !columns.contains(.cpu), !columns.contains(.task) else { return }
    switchCPU = firstTasks.keys.min()
    mixesCPUs = mixesCPUs || firstTasks.count > 1
  }

  @inline(__always)
  private mutating func task(_ prologue: TextPrologue) -> Int32 {
    let cpu = prologue.cpu >= 0 ? Int(prologue.cpu) : switchCPU ?? 0
    if cpu < tasks.count { return tasks[cpu] }
    return addCPU(cpu)
  }

  @inline(never)
  private mutating func addCPU(_ cpu: Int) -> Int32 {
    while tasks.count <= cpu { tasks.append(firstTasks[tasks.count] ?? GraphEvent.unknownPID) }
    return tasks[cpu]
  }

  @inline(__always)
  private mutating func cpu(_ prologue: TextPrologue, pid: Int32) -> Int {
    guard prologue.cpu >= 0 else { return columns.contains(.task) ? cpuOfTask[pid] ?? 0 : switchCPU ?? 0 }
    let cpu = Int(prologue.cpu)
    if cpu != lastCPU {
      lastCPU = cpu
      cpus.insert(cpu)
    }
    return cpu
  }

  private mutating func takeSwitch(_ line: TextBytes, _ change: TextSwitch) {
    for task in [change.from, change.to] {
      sink.name(pid: task.pid, comm: line.slice(task.comm.lowerBound, task.comm.upperBound), isWhole: false)
    }
    _ = addCPU(change.cpu)
    tasks[change.cpu] = change.to.pid
    cpuOfTask[change.to.pid] = change.cpu
    if cpuOfTask[change.from.pid] == nil { cpuOfTask[change.from.pid] = change.cpu }
    switchCPU = change.cpu
    cpus.insert(change.cpu)
  }

  // MARK: comments

  private mutating func takeComment(_ line: TextBytes, _ call: TextCall, _ prologue: TextPrologue) {
    openComment = (start: offset(of: call.name), prologue: prologue, line: lines.number)
    let end = line.endWithoutSpaces
    if line.slice(0, end).hasSuffix("*/") { finishComment(at: offset(of: line) + end) }
  }

  /// Takes the event of a comment that is not closed.
  private mutating func breakComment(at end: Int) {
    guard let line = openComment?.line else { return }
    damage.add(line: line, "the event on this line has no end")
    finishComment(at: end)
  }

  /// Takes the event of the open comment, whose text ends before `end`.
  private mutating func finishComment(at end: Int) {
    guard let (start, prologue, _) = openComment else { return }
    openComment = nil
    var comment = text.slice(start, end).trimmed
    if comment.hasSuffix("*/") { comment = comment.slice(0, comment.count - 2).trimmed }
    let pid = prologue.pid >= 0 ? prologue.pid : task(prologue)
    let payload = TextEvent.payload(comment: comment)
    sink.add(payload, time: prologue.time, pid: pid, cpu: cpu(prologue, pid: pid))
    if case .taskSwitch = payload { nameTasks(comment) }
  }

  /// `sched_switch` tells whole commands.
  private mutating func nameTasks(_ comment: TextBytes) {
    guard let arrow = comment.lastRange(of: " ==> ") else { return }
    for (name, pid, part) in [
      ("prev_comm=" as StaticString, " prev_pid=" as StaticString, comment.slice(0, arrow.lowerBound)),
      ("next_comm=", " next_pid=", comment.from(arrow.upperBound)),
    ] {
      guard let start = part.firstRange(of: name), let end = part.lastRange(of: pid), start.upperBound <= end.lowerBound else { continue }
      var at = end.upperBound
      guard let number = part.decimal(&at), let task = Int32(exactly: number) else { continue }
      sink.name(pid: task, comm: part.slice(start.upperBound, end.lowerBound), isWhole: true)
    }
  }
}
