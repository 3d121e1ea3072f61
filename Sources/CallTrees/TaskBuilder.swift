/// Rebuilds the call tree of one task from its entries and returns, in the order of the trace.
struct TaskBuilder {
  private typealias Frame = TaskRows.Frame

  /// Rows beyond `count` are made, and no calls yet.
  private var tree = CallTree()
  /// Calls so far.
  private(set) var count = 0
  /// Open calls, the innermost one last; places beyond `openCount` are free.
  private var stack: [Frame] = []
  private var openCount = 0
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

  /// Rows and open calls are made in blocks, which grow with their number: a hostile trace has many tasks, and deep ones.
  private static let smallestBlock = 8
  private static let largestRowBlock = 256

  /// Row of the innermost running call.
  var innermost: Int? { openCount > 0 ? Int(stack[openCount - 1].row) : nil }

  // MARK: entries and returns

  /// Makes room for `count` more calls.
  mutating func reserve(_ count: Int) {
    tree.calls.reserveCapacity(tree.calls.count + count)
    tree.cpus.reserveCapacity(tree.cpus.count + count)
  }

  /// Takes a run of events of this task, all of one CPU.
  mutating func take(_ run: UnsafeBufferPointer<GraphEvent>, cpu: UInt16, startKnown: Bool, functions: inout FunctionTable) {
    var position = 0
    while position < run.count {
      makeRoom()
      withRows { builder, rows in
        while position < run.count, !rows.isFull {
          builder.take(run[position], cpu: cpu, startKnown: startKnown, rows: &rows, functions: &functions)
          position += 1
        }
      }
    }
  }

  /// Makes places for at least one more call.
  private mutating func makeRoom() {
    if tree.calls.count == count {
      let none = Call(
        start: 0, duration: Call.unknownDuration, function: FunctionID(index: .max), parent: Call.noParent, subtreeEnd: 0, depth: 0,
        flags: [])
      let block = min(max(count, Self.smallestBlock), Self.largestRowBlock)
      tree.calls.append(contentsOf: repeatElement(none, count: block))
      tree.cpus.append(contentsOf: repeatElement(0, count: block))
    }
    if stack.count == openCount {
      let none = Frame(key: GraphEvent.unnamed, row: Call.noParent, depth: 0, cpu: 0)
      stack.append(contentsOf: repeatElement(none, count: max(Self.smallestBlock, stack.count)))
    }
  }

  /// Hands the rows to `body` as memory. Meanwhile the arrays are not the builder's, so that nothing else touches them.
  @inline(__always)
  private mutating func withRows(_ body: (inout TaskBuilder, inout TaskRows) -> Void) {
    var (calls, cpus, frames): ([Call], [UInt16], [Frame]) = ([], [], [])
    swap(&calls, &tree.calls)
    swap(&cpus, &tree.cpus)
    swap(&frames, &stack)
    calls.withUnsafeMutableBufferPointer { calls in
      cpus.withUnsafeMutableBufferPointer { cpus in
        frames.withUnsafeMutableBufferPointer { frames in
          var rows = TaskRows(calls: calls, cpus: cpus, frames: frames, count: count, openCount: openCount)
          body(&self, &rows)
          count = rows.count
          openCount = rows.openCount
        }
      }
    }
    swap(&calls, &tree.calls)
    swap(&cpus, &tree.cpus)
    swap(&frames, &stack)
  }

  @inline(__always)
  private mutating func take(
    _ event: GraphEvent, cpu: UInt16, startKnown: Bool, rows: inout TaskRows, functions: inout FunctionTable
  ) {
    switch event.kind {
    case .enter:
      let function = functions.entry(event.function)
      enter(event, function: function.id, kind: function.kind, cpu: cpu, startKnown: startKnown, rows: &rows)
    case .leave:
      // Nearly always it is the innermost call that returns.
      if let top = rows.top, top.depth == event.depth, top.key == event.function {
        rows.closeTop()
        close(top, by: event, cpu: cpu, rows: &rows)
      } else {
        leave(event, cpu: cpu, rows: &rows, functions: &functions)
      }
    case .returnValue: returned(event.value)
    }
  }

  @inline(__always)
  private mutating func enter(
    _ event: GraphEvent, function: FunctionID, kind: FunctionKind, cpu: UInt16, startKnown: Bool, rows: inout TaskRows
  ) {
    let depth = event.depth
    // An interrupt that hits while a frame is being closed comes at that frame's own depth; the frame's return follows.
    let isInterrupt = kind == .interrupt
    while let top = rows.top, top.depth > depth || (top.depth == depth && !isInterrupt) { closeOpen(top, rows: &rows) }

    let row = Int32(truncatingIfNeeded: rows.count)
    let parent = rows.innermost
    var flags: CallFlags = startKnown ? [] : .startUnknown
    if let top = rows.top {
      if Int(depth) > Int(top.depth) + 1, !isInsideClosingFrame(depth, parent: parent, rows: rows) {
        flags.insert(.depthGap)
        if Int(depth) == Int(top.depth) + 2 { unexplainedGaps.append((row, parent)) }
      } else if !unexplainedGaps.isEmpty {
        explainGaps(below: parent, rows: rows)
      }
    } else if depth != 0 && !outside && !isInterrupt {
      flags.insert(.depthGap)
    }
    outside = false
    tree.note(row: row, depth: depth, kind: kind)
    rows.append(
      Call(
        start: event.time, duration: Call.unknownDuration, function: function, parent: parent,
        subtreeEnd: UInt32(truncatingIfNeeded: row) &+ 1, depth: depth, flags: flags),
      cpu: cpu)
    rows.open(Frame(key: event.function, row: row, depth: depth, cpu: cpu))
    lastCPU = cpu
    lastLeft = Call.noParent
  }

  /// Whether a call that comes one level too deep stands in the frame that was just left: its return is recorded before it is popped.
  private func isInsideClosingFrame(_ depth: UInt16, parent: Int32, rows: TaskRows) -> Bool {
    guard lastLeft >= 0, rows[lastLeft].parent == parent else { return false }
    let left = rows[lastLeft]
    return left.depth &+ 1 == depth || (left.depth == depth && !left.flags.contains(.depthGap))
  }

  /// An interrupt that hits between a frame's push and its record, and what the tracer itself raises there, come one level too deep; the
  /// frame's record follows, and then nothing is missing.
  private mutating func explainGaps(below parent: Int32, rows: TaskRows) {
    while let gap = unexplainedGaps.last, gap.parent == parent {
      rows[gap.row].flags.remove(.depthGap)
      unexplainedGaps.removeLast()
    }
  }

  /// The gaps below a call that ends stay. They are the last ones: those of calls inside it are gone, and those of its callers came before.
  @inline(__always)
  private mutating func keepGaps(below parent: Int32) {
    while let gap = unexplainedGaps.last, gap.parent == parent { unexplainedGaps.removeLast() }
  }

  /// Closes the call that `event` returns from, when it is not the innermost one.
  @inline(never)
  private mutating func leave(_ event: GraphEvent, cpu: UInt16, rows: inout TaskRows, functions: inout FunctionTable) {
    guard let at = frameIndex(of: event, rows: rows) else {
      lastCPU = cpu
      outside = false
      // Only a return without an entry needs its function's id.
      recordOrphan(event, cpu: cpu, function: event.function == GraphEvent.unnamed ? nil : functions.entry(event.function), rows: &rows)
      return
    }
    while rows.openCount > at + 1, let top = rows.top { closeOpen(top, rows: &rows) }
    let frame = rows[frame: at]
    rows.closeTop()
    close(frame, by: event, cpu: cpu, rows: &rows)
  }

  /// Ends the call of `frame`, which has been taken off the stack, with its return.
  @inline(__always)
  private mutating func close(_ frame: Frame, by event: GraphEvent, cpu: UInt16, rows: inout TaskRows) {
    lastCPU = cpu
    outside = false
    keepGaps(below: frame.row)
    rows[frame.row].end(
      duration: event.value, subtreeEnd: UInt32(truncatingIfNeeded: rows.count), hasMigrated: frame.cpu != cpu)
    lastLeft = frame.row
  }

  private mutating func returned(_ value: UInt64) {
    guard lastLeft >= 0 else { return }
    tree.returnValues[UInt32(lastLeft)] = Int64(bitPattern: value)
  }

  /// Innermost frame that fits a return: same depth, and same function where the return names one.
  private func frameIndex(of event: GraphEvent, rows: TaskRows) -> Int? {
    var index = rows.openCount - 1
    while index >= 0 {
      let frame = rows[frame: index]
      if frame.depth == event.depth && (event.function == GraphEvent.unnamed || frame.key == event.function) { return index }
      if frame.depth < event.depth { return nil }
      index -= 1
    }
    return nil
  }

  /// Ends the innermost call, that of `frame`, without a return: its duration stays unknown.
  private mutating func closeOpen(_ frame: Frame, rows: inout TaskRows) {
    rows.closeTop()
    keepGaps(below: frame.row)
    rows[frame.row].flags.insert(.open)
    rows[frame.row].subtreeEnd = UInt32(truncatingIfNeeded: rows.count)
  }

  /// A return whose entry is not in the trace: a row of its own, without calls below it.
  private mutating func recordOrphan(_ event: GraphEvent, cpu: UInt16, function: FunctionTable.Entry?, rows: inout TaskRows) {
    while let top = rows.top, top.depth >= event.depth { closeOpen(top, rows: &rows) }
    let row = Int32(truncatingIfNeeded: rows.count)
    tree.note(row: row, depth: event.depth, kind: function?.kind ?? .ordinary)
    rows.append(
      Call(
        start: event.time, duration: event.value, function: function?.id ?? FunctionID(index: .max), parent: rows.innermost,
        subtreeEnd: UInt32(truncatingIfNeeded: row) &+ 1, depth: event.depth, flags: .entryMissing),
      cpu: cpu)
    lastLeft = row
  }

  // MARK: losses and switches

  mutating func markLoss() {
    withRows { _, rows in
      // Below a call that is marked all are: a deep stack is not walked again for every gap.
      var index = rows.openCount - 1
      while index >= 0, !rows[rows[frame: index].row].flags.contains(.lossInside) {
        rows[rows[frame: index].row].flags.insert(.lossInside)
        index -= 1
      }
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
    withRows { builder, rows in
      while let top = rows.top { builder.closeOpen(top, rows: &rows) }
    }
    tree.calls.removeLast(tree.calls.count - count)
    tree.cpus.removeLast(tree.cpus.count - count)
    count = 0
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
