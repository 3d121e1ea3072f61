import CallTrees

/// Hands the calls of a text to the builder, in runs of one CPU.
struct TextCallSink {
  private static let runLength = 512
  /// Bytes of a text for each call; few have less. Room for more rows than come costs nothing, because it is not touched.
  private static let bytesPerCall = 40

  private var builder: RecordingBuilder
  private var names: TextFunctionNames
  private var run: [GraphEvent] = []
  private var runCPU = 0
  private var namedTasks: Set<Int32> = []
  private var lastNamed: Int32 = -1
  /// Calls taken so far.
  private(set) var hasCalls = false

  /// - Parameter textSize: bytes of the text, which tell how many calls may come.
  init(builder: RecordingBuilder, names: TextFunctionNames, textSize: Int) {
    self.builder = builder
    self.builder.expect(calls: min(textSize / Self.bytesPerCall, 1 << 26))
    self.names = names
    run.reserveCapacity(Self.runLength + 4)
  }

  /// Takes one line's call.
  @inline(__always)
  mutating func add(_ call: TextCall, time: UInt64, duration: UInt64?, pid: Int32, cpu: Int) {
    if cpu != runCPU || run.count >= Self.runLength { flush(next: cpu) }
    let nanoseconds = duration ?? Call.unknownDuration
    switch call.kind {
    case .leaf:
      let key = names.key(call.name, in: &builder)
      append(.enter, time: time, function: key, value: 0, pid: pid, depth: call.depth)
      append(.leave, time: time &+ (duration ?? 0), function: key, value: nanoseconds, pid: pid, depth: call.depth)
    case .open:
      append(.enter, time: time, function: names.key(call.name, in: &builder), value: 0, pid: pid, depth: call.depth)
    case .close:
      let key = call.name.isEmpty ? GraphEvent.unnamed : names.key(call.name, in: &builder)
      append(.leave, time: time, function: key, value: nanoseconds, pid: pid, depth: call.depth)
    case .event, .arrow:
      return
    }
    if let value = call.returnValue, call.kind != .open {
      append(.returnValue, time: time, function: GraphEvent.unnamed, value: UInt64(bitPattern: value), pid: pid, depth: call.depth)
    }
  }

  @inline(__always)
  private mutating func append(_ kind: GraphEvent.Kind, time: UInt64, function: UInt64, value: UInt64, pid: Int32, depth: UInt16) {
    run.append(GraphEvent(time: time, function: function, value: value, pid: pid, depth: depth, kind: kind))
  }

  /// Takes another event.
  mutating func add(_ payload: TraceEvent.Payload, time: UInt64, pid: Int32, cpu: Int) {
    flush(next: cpu)
    builder.append(TraceEvent(time: time, cpu: cpu, pid: pid == GraphEvent.unknownPID ? nil : pid, payload: payload))
  }

  mutating func lose(cpu: Int, count: UInt64?) {
    flush(next: runCPU)
    builder.lose(cpu: cpu, count: count)
  }

  /// Tells a task's command. A shortened one does not replace one that is known already.
  @inline(__always)
  mutating func name(pid: Int32, comm: TextBytes, isWhole: Bool) {
    if pid != lastNamed || isWhole { addName(pid: pid, comm: comm, isWhole: isWhole) }
  }

  @inline(never)
  private mutating func addName(pid: Int32, comm: TextBytes, isWhole: Bool) {
    lastNamed = pid
    guard pid > 0, !comm.isEmpty, comm[0] != .less else { return }
    if namedTasks.insert(pid).inserted || isWhole { builder.name(pid: pid, comm: comm.string) }
  }

  private mutating func flush(next cpu: Int) {
    if !run.isEmpty {
      run.withUnsafeBufferPointer { builder.append($0, cpu: runCPU) }
      run.removeAll(keepingCapacity: true)
      hasCalls = true
    }
    runCPU = cpu
  }

  consuming func finish(source: TraceSource, damage: [Damage]) -> Recording {
    flush(next: runCPU)
    return builder.finish(source: source, damage: damage)
  }

  /// Whether any call was taken.
  mutating func anyCalls() -> Bool {
    flush(next: runCPU)
    return hasCalls
  }
}
