/// Which task ran on the CPUs that no change of tasks names, told from the calls that were entered on another CPU.
///
/// Without a task column, a text of one task has no line that names it. When that task moves, its `}` stand on the new CPU, with
/// their functions' names. Taken per CPU, the calls would be torn in two.
struct TextMigrations {
  fileprivate struct Frame {
    var depth: UInt16
    var hash: Int
  }

  /// What speaks for an unnamed CPU's calls being those of another task.
  private struct Evidence {
    var matches = 0
    var endsRoot = false
    var other: Int32?
    var isRefuted = false

    var isEnough: Bool { !isRefuted && other != nil && (matches > 1 || endsRoot) }
  }

  /// A task, or the one task of an unnamed CPU: below `GraphEvent.unknownPID`.
  private var stacks: [Int32: [Frame]] = [:]
  private var evidence: [Int: Evidence] = [:]
  private var running: [Int: Int32]
  /// Tasks that may still be looked at: a text made to cost time is given up on.
  private var budget = 2_000_000

  /// The PID of the task that a CPU starts with, or a number below `GraphEvent.unknownPID`, for each CPU that shares its task.
  private(set) var tasks: [Int: Int32] = [:]

  /// - Parameter firstTasks: the tasks that changes of tasks name.
  init(_ text: TextBytes, columns: TextColumns, firstTasks: [Int: Int32]) {
    running = firstTasks
    var lines = TextLines(text)
    while let line = lines.next() {
      if let prologue = TextPrologue(line, columns: columns), let call = TextCall(line, from: prologue.end) {
        take(call, cpu: Int(prologue.cpu), isNamed: firstTasks[Int(prologue.cpu)] != nil)
      } else if let change = TextSwitch(line) {
        running[change.cpu] = change.to.pid
      }
    }
    if budget > 0 { decide() }
  }

  private static func stand(in cpu: Int) -> Int32 { -2 - Int32(truncatingIfNeeded: cpu) }

  /// The CPU that a number stands for; nil for a PID, which may be any that a text can hold.
  private static func cpu(of task: Int32) -> Int? { task < 0 ? -2 - Int(task) : nil }

  private mutating func take(_ call: TextCall, cpu: Int, isNamed: Bool) {
    let task = running[cpu] ?? Self.stand(in: cpu)
    switch call.kind {
    case .open: stacks[task, default: []].enter(Frame(depth: call.depth, hash: call.name.hash))
    case .close:
      let hash = call.name.isEmpty ? nil : call.name.hash
      if stacks[task]?.leave(depth: call.depth, hash: hash) == true { return }
      findEntry(depth: call.depth, hash: hash, cpu: cpu, task: task, isNamed: isNamed)
    case .leaf, .event, .arrow: return
    }
  }

  /// A return whose entry is not among the task's calls.
  private mutating func findEntry(depth: UInt16, hash: Int?, cpu: Int, task: Int32, isNamed: Bool) {
    guard isNamed || evidence[cpu]?.isRefuted != true, budget > 0 else { return }
    budget -= stacks.count
    for other in stacks.keys.sorted() where other != task && (other < 0 || !isNamed) {
      guard let hash, stacks[other]?.leave(depth: depth, hash: hash) == true else { continue }
      // The CPU without a name is the one to be told.
      note(cpu: isNamed ? Self.cpu(of: other) ?? cpu : cpu, other: isNamed ? task : other, depth: depth)
      return
    }
    if !isNamed { evidence[cpu, default: Evidence()].isRefuted = true }
  }

  private mutating func note(cpu: Int, other: Int32, depth: UInt16) {
    var found = evidence[cpu] ?? Evidence()
    if let before = found.other, before != other { found.isRefuted = true }
    found.other = other
    found.matches += 1
    if depth == 0 { found.endsRoot = true }
    evidence[cpu] = found
  }

  private mutating func decide() {
    for (cpu, found) in evidence.sorted(by: { $0.key < $1.key }) where found.isEnough {
      guard let other = found.other else { continue }
      let otherCPU = Self.cpu(of: other)
      let task = otherCPU.flatMap { tasks[$0] } ?? other
      tasks[cpu] = task
      if let otherCPU, tasks[otherCPU] == nil { tasks[otherCPU] = task }
    }
  }
}

extension [TextMigrations.Frame] {
  fileprivate mutating func enter(_ frame: TextMigrations.Frame) {
    while let top = last, top.depth >= frame.depth { removeLast() }
    append(frame)
  }

  /// Takes the frame that a return fits, with all above it, or gives false.
  fileprivate mutating func leave(depth: UInt16, hash: Int?) -> Bool {
    guard let index = lastIndex(where: { $0.depth <= depth }), self[index].depth == depth else { return false }
    guard hash == nil || self[index].hash == hash else { return false }
    removeSubrange(index...)
    return true
  }
}

extension TextBytes {
  fileprivate var hash: Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(start: base, count: count))
    return hasher.finalize()
  }
}
