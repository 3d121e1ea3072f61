/// Rebuilds the call tree of one task from its entries and returns, in the order of the trace.
struct TaskBuilder {
  /// A call that has not returned yet.
  private struct Frame {
    var key: UInt64
    var row: Int32
    var depth: UInt16
    var cpu: UInt16
  }

  private(set) var tree = CallTree()
  private var stack: [Frame] = []
  private var lastLeft: Int32 = Call.noParent
  private(set) var lastCPU: UInt16 = 0
  /// The CPU whose next gap concerns the task, or -1 while the task has not run since the last one.
  var cpuSinceLoss: Int32 = -1
  private var outside = true  // nothing of the task seen yet: its first depth says nothing about a gap
  /// When the task last gave up a CPU, and the stretches off-CPU so far.
  private var leftCPUAt: UInt64?
  private var offCPU: [Span] = []
  private var sawSwitch = false

  /// Calls that came one level too deep, with the call they stand below.
  private var unexplainedGaps: [(row: Int32, parent: Int32)] = []

  /// Row of the innermost running call.
  var innermost: Int? { stack.last.map { Int($0.row) } }

  // MARK: entries and returns

  /// Makes room for `count` more calls.
  mutating func reserve(_ count: Int) {
    tree.calls.reserveCapacity(tree.calls.count + count)
    tree.cpus.reserveCapacity(tree.cpus.count + count)
  }

  /// Takes a run of events of this task, all of one CPU.
  mutating func take(_ run: UnsafeBufferPointer<GraphEvent>, cpu: UInt16, startKnown: Bool, functions: inout FunctionTable) {
    for event in run {
      switch event.kind {
      case .enter:
        let function = functions.entry(event.function)
        enter(event, function: function.id, kind: function.kind, cpu: cpu, startKnown: startKnown)
      case .leave:
        // Nearly always it is the innermost call that returns.
        if let top = stack.last, top.depth == event.depth, top.key == event.function {
          stack.removeLast()
          close(top, by: event, cpu: cpu)
        } else {
          leave(event, cpu: cpu, functions: &functions)
        }
      case .returnValue: returned(event.value)
      }
    }
  }

  @inline(__always)
  private mutating func enter(_ event: GraphEvent, function: FunctionID, kind: FunctionKind, cpu: UInt16, startKnown: Bool) {
    let depth = event.depth
    // An interrupt that hits while a frame is being closed comes at that frame's own depth; the frame's return follows.
    let isInterrupt = kind == .interrupt
    while let top = stack.last, top.depth > depth || (top.depth == depth && !isInterrupt) { closeOpen(stack.count - 1, top) }

    let row = Int32(truncatingIfNeeded: tree.calls.count)
    let parent = stack.last?.row ?? Call.noParent
    var flags: CallFlags = startKnown ? [] : .startUnknown
    if let top = stack.last {
      if Int(depth) > Int(top.depth) + 1, !isInsideClosingFrame(depth, parent: parent) {
        flags.insert(.depthGap)
        if Int(depth) == Int(top.depth) + 2 { unexplainedGaps.append((row, parent)) }
      } else if !unexplainedGaps.isEmpty {
        explainGaps(below: parent)
      }
    } else if depth != 0 && !outside && !isInterrupt {
      flags.insert(.depthGap)
    }
    outside = false
    tree.calls.append(
      Call(
        start: event.time, duration: Call.unknownDuration, function: function, parent: parent,
        subtreeEnd: UInt32(truncatingIfNeeded: row) &+ 1, depth: depth, flags: flags))
    tree.cpus.append(cpu)
    stack.append(Frame(key: event.function, row: row, depth: depth, cpu: cpu))
    lastCPU = cpu
    lastLeft = Call.noParent
  }

  /// Whether a call that comes one level too deep stands in the frame that was just left: its return is recorded before it is popped.
  private func isInsideClosingFrame(_ depth: UInt16, parent: Int32) -> Bool {
    guard lastLeft >= 0, tree.calls[Int(lastLeft)].parent == parent else { return false }
    let left = tree.calls[Int(lastLeft)]
    return left.depth &+ 1 == depth || (left.depth == depth && !left.flags.contains(.depthGap))
  }

  /// An interrupt that hits between a frame's push and its record, and what the tracer itself raises there, come one level too deep; the
  /// frame's record follows, and then nothing is missing.
  private mutating func explainGaps(below parent: Int32) {
    while let gap = unexplainedGaps.last, gap.parent == parent {
      tree.calls[Int(gap.row)].flags.remove(.depthGap)
      unexplainedGaps.removeLast()
    }
  }

  /// The gaps below a call that ends stay. They are the last ones: those of calls inside it are gone, and those of its callers came before.
  private mutating func keepGaps(below parent: Int32) {
    while let gap = unexplainedGaps.last, gap.parent == parent { unexplainedGaps.removeLast() }
  }

  /// Closes the call that `event` returns from, when it is not the innermost one.
  @inline(never)
  private mutating func leave(_ event: GraphEvent, cpu: UInt16, functions: inout FunctionTable) {
    guard let at = frameIndex(of: event) else {
      lastCPU = cpu
      outside = false
      // Only a return without an entry needs its function's id.
      recordOrphan(event, cpu: cpu, function: event.function == GraphEvent.unnamed ? nil : functions.entry(event.function).id)
      return
    }
    while stack.count > at + 1 { closeOpen(stack.count - 1, stack[stack.count - 1]) }
    close(stack.removeLast(), by: event, cpu: cpu)
  }

  /// Ends the call of `frame`, which has been taken off the stack, with its return.
  @inline(__always)
  private mutating func close(_ frame: Frame, by event: GraphEvent, cpu: UInt16) {
    lastCPU = cpu
    outside = false
    keepGaps(below: frame.row)
    tree.calls[Int(frame.row)].end(
      duration: event.value, subtreeEnd: UInt32(truncatingIfNeeded: tree.calls.count), hasMigrated: frame.cpu != cpu)
    lastLeft = frame.row
  }

  mutating func returned(_ value: UInt64) {
    guard lastLeft >= 0 else { return }
    tree.returnValues[UInt32(lastLeft)] = Int64(bitPattern: value)
  }

  /// Innermost frame that fits a return: same depth, and same function where the return names one.
  private func frameIndex(of event: GraphEvent) -> Int? {
    var index = stack.count - 1
    while index >= 0 {
      let frame = stack[index]
      if frame.depth == event.depth && (event.function == GraphEvent.unnamed || frame.key == event.function) { return index }
      if frame.depth < event.depth { return nil }
      index -= 1
    }
    return nil
  }

  /// Ends the frame at `index` without a return: its duration stays unknown.
  private mutating func closeOpen(_ index: Int, _ frame: Frame) {
    stack.removeLast(stack.count - index)
    keepGaps(below: frame.row)
    tree.calls[Int(frame.row)].flags.insert(.open)
    tree.calls[Int(frame.row)].subtreeEnd = UInt32(truncatingIfNeeded: tree.calls.count)
  }

  /// A return whose entry is not in the trace: a row of its own, without calls below it.
  private mutating func recordOrphan(_ event: GraphEvent, cpu: UInt16, function: FunctionID?) {
    while let top = stack.last, top.depth >= event.depth { closeOpen(stack.count - 1, top) }
    let row = tree.calls.count
    tree.calls.append(
      Call(
        start: event.time, duration: event.value, function: function ?? FunctionID(index: .max), parent: stack.last?.row ?? Call.noParent,
        subtreeEnd: UInt32(truncatingIfNeeded: row + 1), depth: event.depth, flags: .entryMissing))
    tree.cpus.append(cpu)
    lastLeft = Int32(truncatingIfNeeded: row)
  }

  // MARK: losses and switches

  mutating func markLoss() {
    // Below a call that is marked all are: a deep stack is not walked again for every gap.
    for frame in stack.reversed() {
      if tree.calls[Int(frame.row)].flags.contains(.lossInside) { return }
      tree.calls[Int(frame.row)].flags.insert(.lossInside)
    }
  }

  mutating func switchOut(at time: UInt64) {
    sawSwitch = true
    leftCPUAt = time
  }

  mutating func switchIn(at time: UInt64) {
    sawSwitch = true
    if let left = leftCPUAt, left <= time { offCPU.append(Span(start: left, end: time)) }
    leftCPUAt = nil
  }

  // MARK: end

  mutating func finish(pid: Int32?, comm: String?) -> TaskTrace {
    while let top = stack.last { closeOpen(stack.count - 1, top) }
    // The tree moves out: two owners of its rows would make the next change copy them all.
    let tree = tree
    self.tree = CallTree()
    return TaskTrace(
      pid: pid, comm: comm, tree: tree, offCPU: sawSwitch ? offCPU : nil)
  }
}

extension Call {
  /// Takes what is known when a call returns.
  @inline(__always)
  fileprivate mutating func end(duration: UInt64, subtreeEnd: UInt32, hasMigrated: Bool) {
    self.duration = duration
    self.subtreeEnd = subtreeEnd
    if duration == Self.unknownDuration { flags.insert(.durationUnknown) }
    if hasMigrated { flags.insert(.migrated) }
  }
}
