import CallTrees
import SmallTraces
import Testing

@Suite struct TreeTests {
  private func rows(_ recording: Recording) -> [String] {
    recording.tasks.flatMap { task in
      task.tree.calls.map { call in
        let time = call.measuredDuration.map { "\($0)" } ?? "?"
        return "\(call.depth):\(recording.function(call.function).displayName)<\(call.parent)..\(call.subtreeEnd) \(time)"
      }
    }
  }

  @Test func nestedCallsBecomePreorderRows() {
    let recording = SmallTrace.recording("a 9us { b 3us { c 1us } d 2us } e 1us")
    #expect(rows(recording) == ["0:a<-1..4 9000", "1:b<0..3 3000", "2:c<1..3 1000", "1:d<0..4 2000", "0:e<-1..5 1000"])
    let tree = recording.tasks[0].tree
    #expect(Array(tree.roots) == [0, 4])
    #expect(Array(tree.children(of: 0)) == [1, 3])
  }

  @Test func aCallWithoutReturnIsOpenAndClosedByItsSuccessor() {
    let recording = SmallTrace.recording("a { b open { c } d }")
    let tree = recording.tasks[0].tree
    #expect(rows(recording) == ["0:a<-1..4 1000", "1:b<0..3 ?", "2:c<1..3 1000", "1:d<0..4 1000"])
    #expect(tree.calls[1].flags.contains(.open))
    #expect(!tree.calls[3].flags.contains(.open))
  }

  /// An interrupt that hits while a frame is being closed comes at the frame's own depth, and the frame's return follows.
  @Test func interruptAtTheDepthOfAClosingFrameBelongsToIt() {
    var builder = RecordingBuilder(keys: .interned)
    let outer = builder.intern(Function(address: nil, name: "kvm_init"))
    let interrupt = builder.intern(Function(address: nil, name: "irq_enter_rcu"))
    let events = [
      GraphEvent(time: 10, function: UInt64(outer.index), value: 0, pid: 7, depth: 3, kind: .enter),
      GraphEvent(time: 20, function: UInt64(interrupt.index), value: 0, pid: 7, depth: 3, kind: .enter),
      GraphEvent(time: 25, function: UInt64(interrupt.index), value: 5, pid: 7, depth: 3, kind: .leave),
      GraphEvent(time: 30, function: UInt64(outer.index), value: 20, pid: 7, depth: 3, kind: .leave),
    ]
    events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    let recording = builder.finish(source: TraceSource(path: "", kind: .traceCmdV7), damage: [])
    let calls = recording.tasks[0].tree.calls
    #expect(calls.map(\.parent) == [-1, 0])
    #expect(calls.map(\.duration) == [20, 5])
    #expect(calls[1].flags == .interrupt)
    #expect(calls[0].flags.isEmpty)
  }

  private func flags(ofDepths depths: [(name: String, depth: UInt16, kind: GraphEvent.Kind)]) -> [CallFlags] {
    var builder = RecordingBuilder(keys: .interned)
    for (step, event) in depths.enumerated() {
      let id = builder.intern(Function(address: nil, name: event.name))
      let run = [GraphEvent(time: UInt64(step), function: UInt64(id.index), value: 1, pid: 7, depth: event.depth, kind: event.kind)]
      run.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    }
    return builder.finish(source: TraceSource(path: "", kind: .traceCmdV7), damage: []).tasks[0].tree.calls.map(\.flags)
  }

  /// What hits between a frame's push and its record comes one level too deep: no gap, since the frame's record follows.
  @Test func aCallBeforeTheRecordOfItsFrameIsNoGap() {
    let flags = flags(ofDepths: [
      ("a", 0, .enter), ("housekeeping_any_cpu", 2, .enter), ("housekeeping_any_cpu", 2, .leave), ("b", 1, .enter), ("b", 1, .leave),
      ("a", 0, .leave),
    ])
    #expect(flags == [[], [], []])
  }

  /// What hits after a frame's return was recorded and before it is popped stands one level below that frame.
  @Test func callsInAFrameThatIsBeingClosedAreNoGap() {
    let flags = flags(ofDepths: [
      ("a", 0, .enter), ("b", 1, .enter), ("b", 1, .leave), ("housekeeping_any_cpu", 2, .enter), ("housekeeping_any_cpu", 2, .leave),
      ("arch_irq_work_raise", 2, .enter), ("arch_irq_work_raise", 2, .leave), ("a", 0, .leave),
    ])
    #expect(flags == [[], [], [], .interrupt])
  }

  @Test func aJumpWithoutTheMissingFrameIsAGap() {
    let flags = flags(ofDepths: [
      ("a", 0, .enter), ("b", 2, .enter), ("b", 2, .leave), ("a", 0, .leave), ("c", 0, .enter), ("d", 3, .enter),
    ])
    #expect(flags == [[], .depthGap, .open, [.depthGap, .open]])
  }

  @Test func aReturnWithoutEntryIsARowOfItsOwn() {
    var builder = RecordingBuilder(keys: .interned)
    let lost = builder.intern(Function(address: nil, name: "lost"))
    let events = [GraphEvent(time: 5, function: UInt64(lost.index), value: 3, pid: 7, depth: 2, kind: .leave)]
    events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    let recording = builder.finish(source: TraceSource(path: "", kind: .traceCmdV7), damage: [])
    let call = recording.tasks[0].tree.calls[0]
    #expect(call.flags == .entryMissing)
    #expect(call.knownStart == nil)
    #expect(recording.function(call.function).name == "lost")
  }

  @Test func migrationAndLossAreFlagged() {
    var builder = RecordingBuilder(keys: .interned)
    let function = builder.intern(Function(address: nil, name: "a"))
    let enter = [GraphEvent(time: 1, function: UInt64(function.index), value: 0, pid: 7, depth: 0, kind: .enter)]
    let leave = [GraphEvent(time: 9, function: UInt64(function.index), value: 8, pid: 7, depth: 0, kind: .leave)]
    enter.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    builder.lose(cpu: 0, count: 3)
    leave.withUnsafeBufferPointer { builder.append($0, cpu: 1) }
    enter.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    let recording = builder.finish(source: TraceSource(path: "", kind: .traceCmdV7), damage: [])
    #expect(recording.tasks[0].tree.calls[0].flags == [.migrated, .lossInside])
    #expect(recording.losses == [Loss(cpu: 0, count: 3, after: 1, before: 1, sequence: 1)])
    #expect(recording.lostEvents == 3)
  }

  @Test func interruptsAndSleepAreCountedOncePerCall() {
    let recording = SmallTrace.recording(
      "a 100us { irq_enter_rcu 2us { irq_exit_rcu 1us } b 50us { raw_irqentry_exit_cond_resched 30us { preempt_schedule_irq 25us } } schedule 7us }"
    )
    let account = TimeAccount(recording.tasks[0])
    #expect(account.interruptNS(of: 0) == 7000)
    #expect(account.sleepNS(of: 0) == 32000)
    #expect(account.interruptNS(of: 3) == 5000)
    #expect(account.sleepNS(of: 3) == 25000)
  }

  @Test func hostileDepthsDoNotTrap() {
    var builder = RecordingBuilder(keys: .interned)
    let id = builder.intern(Function(address: nil, name: "a"))
    var events: [GraphEvent] = []
    for step in 0..<70_000 {
      events.append(
        GraphEvent(
          time: .max, function: UInt64(id.index), value: .max, pid: -5, depth: UInt16(truncatingIfNeeded: step),
          kind: step % 3 == 0 ? .leave : .enter))
    }
    events.append(GraphEvent(time: 0, function: .max, value: 0, pid: .min, depth: .max, kind: .returnValue))
    events.withUnsafeBufferPointer { builder.append($0, cpu: -1) }
    let recording = builder.finish(source: TraceSource(path: "", kind: .traceCmdV7), damage: [])
    #expect(recording.source.events == 70_001)
  }
}
