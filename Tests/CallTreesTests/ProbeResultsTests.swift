import CallTrees
import Testing

@Suite struct ProbeResultsTests {
  private static let function: UInt64 = 0xffff_ffff_8100_0000
  private static let interrupt: UInt64 = 0xffff_ffff_8100_0100
  private static let probed: UInt64 = 0xffff_ffff_8100_0200

  private struct Trace {
    private var builder = RecordingBuilder(
      keys: .addresses { Function(address: $0, name: $0 == ProbeResultsTests.interrupt ? "irq_enter" : "f") })
    private var time: UInt64 = 0

    mutating func add(_ kind: GraphEvent.Kind, _ function: UInt64, depth: Int) {
      time += 1
      let event = GraphEvent(time: time, function: function, value: 1, pid: 7, depth: UInt16(clamping: depth), kind: kind)
      withUnsafePointer(to: event) { builder.append(UnsafeBufferPointer(start: $0, count: 1), cpu: 0) }
    }

    mutating func probe(_ function: UInt64, result: Int64) {
      time += 1
      builder.append(TraceEvent(time: time, cpu: 0, pid: 7, payload: .probe(name: "p", function: function, result: result)))
    }

    mutating func recording() -> Recording {
      var recording = builder.finish(source: TraceSource(path: "", kind: .traceCmdV7), damage: [])
      recording.takeProbeResults()
      return recording
    }
  }

  /// An interrupt came between the return and the probe's handler.
  @Test func theCallThatHasJustReturned() {
    var trace = Trace()
    trace.add(.enter, Self.function, depth: 0)
    trace.add(.enter, Self.probed + 4, depth: 1)
    trace.add(.leave, Self.probed + 4, depth: 1)
    trace.add(.enter, Self.interrupt, depth: 1)
    trace.add(.enter, Self.function, depth: 2)
    trace.add(.leave, Self.function, depth: 2)
    trace.add(.leave, Self.interrupt, depth: 1)
    trace.probe(Self.probed, result: -95)
    let recording = trace.recording()
    #expect(recording.tasks.first?.tree.returnValues == [1: -95])
    #expect(recording.damage.isEmpty)
  }

  /// Probes of a function that is nowhere, each behind interrupts that are as deep as none is, at each level that is looked at.
  @Test func manyProbesBehindDeepInterrupts() {
    var trace = Trace()
    for level in 0..<8 {
      trace.add(.enter, Self.function, depth: level)
      for _ in 0..<8 {
        trace.add(.enter, Self.interrupt, depth: level + 1)
        for depth in 0..<90 { trace.add(.enter, Self.function, depth: level + 2 + depth) }
        trace.add(.leave, Self.interrupt, depth: level + 1)
      }
    }
    for _ in 0..<50_000 { trace.probe(Self.probed, result: 0) }
    let clock = ContinuousClock()
    let start = clock.now
    let recording = trace.recording()
    #expect(clock.now - start < .seconds(1))
    #expect(recording.damage.map(\.message) == ["the calls of its return probes take too long to find: not all of them are looked for"])
  }
}
