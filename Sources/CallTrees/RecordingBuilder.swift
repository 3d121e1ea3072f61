/// Turns decoded events, in the order of the trace, into a `Recording`.
///
/// Readers hand over runs of `GraphEvent`s of one CPU, already merged by time with those of the others, and the other events
/// between them.
public struct RecordingBuilder {
  /// What `GraphEvent.function` holds.
  public enum Keys {
    /// Addresses; each is looked up once, when it first occurs.
    case addresses(resolve: (UInt64) -> Function)
    /// Indices of functions interned with `intern(_:)`.
    case interned
  }

  /// Tasks are told apart by PID; the idle tasks all have PID 0, and unknown ones none, so those are told apart by CPU.
  private struct TaskKey: Hashable {
    var pid: Int32
    var cpu: UInt16
  }

  /// What is known of a CPU: the same tasks come again and again.
  private struct CPUState {
    /// Time of its last event.
    var lastTime: UInt64?
    /// The task that was last found for it, and its PID; negative: none yet.
    var pid: Int32 = 0
    var task = -1
  }

  private let hasTimes: Bool
  private let resolution: UInt64
  private var table: FunctionTable
  private var tasks: [TaskBuilder] = []
  private var taskKeys: [TaskKey] = []
  private var taskIndex: [TaskKey: Int] = [:]
  private var comms: [Int32: String] = [:]
  private var events: [TraceEvent] = []
  private var losses: [Loss] = []
  private var cpuStates: [CPUState] = []
  private var pendingLosses: [UInt16: [Int]] = [:]
  /// Tasks that ran on a CPU since its last gap.
  private var tasksSinceLoss: [UInt16: [Int]] = [:]
  private var sequence: UInt64 = 0
  /// Calls that are expected to come, until a task has so many that it gets room for them all.
  private var expectedCalls = 0
  private static let manyCalls = 1 << 16

  /// - Parameters:
  ///   - hasTimes: false for a text without a time column, and for a clock that does not count nanoseconds: times of events, too, are
  ///     then passed over.
  ///   - resolution: nanoseconds per unit of the trace's last digit of time.
  public init(keys: Keys, hasTimes: Bool = true, resolution: UInt64 = 1) {
    table = FunctionTable(keys)
    self.hasTimes = hasTimes
    self.resolution = resolution
  }

  /// Tells about how many calls will come, so that their rows need not be moved as they grow in number.
  public mutating func expect(calls: Int) { expectedCalls = calls }

  /// The id of a function that a text trace names.
  public mutating func intern(_ function: Function) -> FunctionID { table.intern(function) }

  // MARK: tasks

  /// Tells the command name of a task; the last one told wins.
  public mutating func name(pid: Int32, comm: String) {
    if pid > 0 { comms[pid] = comm }
  }

  private func taskKey(pid: Int32, cpu: UInt16) -> TaskKey {
    TaskKey(pid: pid, cpu: pid == 0 || pid == GraphEvent.unknownPID ? cpu : 0)
  }

  private mutating func task(pid: Int32, cpu: UInt16) -> Int {
    let key = taskKey(pid: pid, cpu: cpu)
    if let index = taskIndex[key] { return index }
    tasks.append(TaskBuilder())
    taskKeys.append(key)
    taskIndex[key] = tasks.count - 1
    return tasks.count - 1
  }

  /// The same, with a look at the last task of the CPU first.
  private mutating func cachedTask(pid: Int32, cpu: UInt16) -> Int {
    makeState(of: cpu)
    let state = cpuStates[Int(cpu)]
    if state.task >= 0 && state.pid == pid { return state.task }
    let index = task(pid: pid, cpu: cpu)
    (cpuStates[Int(cpu)].pid, cpuStates[Int(cpu)].task) = (pid, index)
    return index
  }

  private mutating func makeState(of cpu: UInt16) {
    while cpuStates.count <= Int(cpu) { cpuStates.append(CPUState()) }
  }

  private mutating func setLastTime(_ time: UInt64, cpu: UInt16) {
    makeState(of: cpu)
    cpuStates[Int(cpu)].lastTime = time
  }

  // MARK: events

  /// Takes a run of function_graph events of one CPU.
  public mutating func append(_ run: UnsafeBufferPointer<GraphEvent>, cpu: Int) {
    guard let first = run.first, let last = run.last else { return }
    let cpu = UInt16(truncatingIfNeeded: cpu)
    noteTime(first.time, cpu: cpu)
    var start = 0
    while start < run.count {
      // Each task takes its stretch of the run as a whole.
      let pid = run[start].pid
      var end = start + 1
      while end < run.count && run[end].pid == pid { end += 1 }
      let current = cachedTask(pid: pid, cpu: cpu)
      noteRun(of: current, on: cpu)
      sequence &+= UInt64(end - start)
      tasks[current].take(UnsafeBufferPointer(rebasing: run[start..<end]), cpu: cpu, startKnown: hasTimes, functions: &table)
      if expectedCalls > 0 && tasks[current].count >= Self.manyCalls {
        tasks[current].reserve(expectedCalls)
        expectedCalls = 0
      }
      start = end
    }
    if hasTimes { setLastTime(last.time, cpu: cpu) }
  }

  /// Takes an event that is not a function's entry or return. Its `sequence`, `row` and `within` are set here.
  public mutating func append(_ event: TraceEvent) {
    sequence &+= 1
    var event = event
    if !hasTimes { event.time = nil }
    let cpu = UInt16(truncatingIfNeeded: event.cpu)
    if let time = event.time { noteTime(time, cpu: cpu) }
    event.sequence = sequence
    if case .taskSwitch(let from, let to) = event.payload {
      if let time = event.time {
        if from > 0 { tasks[task(pid: from, cpu: cpu)].switchOut(at: time) }
        if to > 0 { tasks[task(pid: to, cpu: cpu)].switchIn(at: time) }
      }
    } else {
      if let index = taskIndex[taskKey(pid: event.pid ?? GraphEvent.unknownPID, cpu: cpu)] {
        event.row = tasks[index].count
        event.within = tasks[index].innermost
      }
      if let pid = event.pid, pid < 0 { event.pid = nil }
      events.append(event)
    }
    if let time = event.time { setLastTime(time, cpu: cpu) }
  }

  /// Counts events that are not kept; `time` is that of the first.
  public mutating func pass(count: UInt64, cpu: Int, time: UInt64?) {
    sequence &+= count
    guard hasTimes, let time else { return }
    let cpu = UInt16(truncatingIfNeeded: cpu)
    noteTime(time, cpu: cpu)
    setLastTime(time, cpu: cpu)
  }

  /// Notes that the ring buffer of `cpu` lost events before the next event of that CPU. `count` nil: how many is not known.
  public mutating func lose(cpu: Int, count: UInt64?) {
    let cpu = UInt16(truncatingIfNeeded: cpu)
    let after = Int(cpu) < cpuStates.count ? cpuStates[Int(cpu)].lastTime : nil
    losses.append(Loss(cpu: Int(cpu), count: count, after: after, before: nil, sequence: sequence))
    if hasTimes { pendingLosses[cpu, default: []].append(losses.count - 1) }
    for index in tasksSinceLoss.removeValue(forKey: cpu) ?? [] {
      if tasks[index].lastCPU == cpu { tasks[index].markLoss() }
      if tasks[index].cpuSinceLoss == Int32(cpu) { tasks[index].cpuSinceLoss = -1 }
    }
  }

  /// Notes that a task runs on a CPU: the next gap there concerns it. With many tasks and many gaps, not every gap concerns every task.
  @inline(__always)
  private mutating func noteRun(of task: Int, on cpu: UInt16) {
    guard tasks[task].cpuSinceLoss != Int32(cpu) else { return }
    tasks[task].cpuSinceLoss = Int32(cpu)
    tasksSinceLoss[cpu, default: []].append(task)
  }

  /// Notes events that the ring buffer of `cpu` lost, and no one knows where between the first and the last.
  public mutating func loseSomewhere(cpu: Int, count: UInt64?) {
    losses.append(Loss(cpu: cpu, count: count, after: nil, before: nil, sequence: 0))
  }

  private mutating func noteTime(_ time: UInt64, cpu: UInt16) {
    guard !pendingLosses.isEmpty, let waiting = pendingLosses.removeValue(forKey: cpu) else { return }
    for index in waiting { losses[index].before = time }
  }

  // MARK: end

  /// Closes what is open and gives the recording; nothing can be taken afterwards.
  ///
  /// - Parameters:
  ///   - source: what the trace says about itself; its `events` are set here.
  ///   - damage: what the reader could not read.
  public mutating func finish(source: TraceSource, damage: [Damage]) -> Recording {
    var source = source
    source.events = sequence
    var traces: [TaskTrace] = []
    traces.reserveCapacity(tasks.count)
    for index in tasks.indices {
      let pid = taskKeys[index].pid
      var trace = tasks[index].finish(pid: pid < 0 ? nil : pid, comm: pid == 0 ? "swapper" : comms[pid])
      if trace.tree.calls.isEmpty { continue }
      trace.tree.markTopmost(kinds: table.kinds)
      traces.append(trace)
    }
    return Recording(
      source: source, functions: table.functions, tasks: traces, events: events, losses: losses, damage: damage, hasTimes: hasTimes,
      resolution: resolution)
  }
}
