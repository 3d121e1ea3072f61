import CallTrees
import SmallTraces
import Testing

@testable import Exports

@Suite struct CallTimelineTests {
  /// Writes down what comes, with times from the begin of the trace on.
  private struct Log: SliceVisitor {
    let names: [String]
    var lines: [String] = []

    private func line(_ word: String, _ row: Int, _ time: UInt64) -> String {
      "\(word) \(names[row]) \(Int64(truncatingIfNeeded: time &- 1_000_000))"
    }
    mutating func begin(_ tag: Int, row: Int, at time: UInt64) { lines.append(line("begin", row, time)) }
    mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) { lines.append(line("end", row, time)) }
    mutating func instant(_ tag: Int, row: Int, at time: UInt64) { lines.append(line("instant", row, time)) }
    mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) { lines.append(line("unfinished", row, lastTime)) }
  }

  private func walk(_ text: String) -> [String] {
    let recording = SmallTrace.recording(text)
    guard let tree = recording.tasks.first?.tree else { return [] }
    var log = Log(names: tree.calls.map { recording.function($0.function).displayName })
    var timeline = CallTimeline(tree)
    timeline.walk(into: &log)
    return log.lines
  }

  // Each entry and each return is an event, and the events are 100 ns apart.

  @Test func callsNest() {
    #expect(walk("a 500ns { b 100ns c 100ns }") == ["begin a 100", "begin b 200", "end b 300", "begin c 400", "end c 500", "end a 600"])
  }

  @Test func measuredTimesThatDoNotNestAreCut() {
    // b seems to reach into c, and c behind the end of a.
    #expect(walk("a 500ns { b 250ns c 300ns }") == ["begin a 100", "begin b 200", "end b 400", "begin c 400", "end c 600", "end a 600"])
    // c begins after a seems to have ended, as an interrupt between a function's return and its record does: a is drawn until c ends.
    #expect(
      walk("a 100ns { b 50ns c 70ns } d 10ns") == [
        "begin a 100", "begin b 200", "end b 250", "begin c 400", "end c 470", "end a 470", "begin d 700", "end d 710",
      ])
  }

  @Test func openCallsInTheMidstAreInstants() {
    #expect(
      walk("a 500ns { b open { c 10ns } d 100ns }") == [
        "begin a 100", "instant b 200", "begin c 300", "end c 310", "begin d 500", "end d 600", "end a 600",
      ])
  }

  @Test func openCallsAtTheEndAreNotEnded() {
    #expect(
      walk("a 10ns b open { c 10ns d open }") == [
        "begin a 100", "end a 110", "begin b 300", "begin c 400", "end c 410", "begin d 600", "unfinished d 600", "unfinished b 600",
      ])
    // What returned around it was recorded: the call in it was left open in the midst.
    #expect(walk("a 400ns { b open }") == ["begin a 100", "instant b 200", "end a 500"])
  }

  @Test func anEndBeyondAllTimes() {
    var builder = RecordingBuilder(keys: .interned)
    let id = UInt64(builder.intern(Function(address: nil, name: "a")).index)
    let events = [
      GraphEvent(time: .max - 5, function: id, value: 0, pid: 1, depth: 0, kind: .enter),
      GraphEvent(time: .max, function: id, value: .max - 1, pid: 1, depth: 0, kind: .leave),
    ]
    events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    let tree = builder.finish(source: TraceSource(path: "-", kind: .traceCmdV7), damage: []).tasks[0].tree
    var log = Log(names: ["a"])
    var timeline = CallTimeline(tree)
    timeline.walk(into: &log)
    #expect(log.lines.count == 2)
  }

  @Test func cpuLanesNestByTime() {
    var log = Log(names: ["outer", "inner", "later", "open"])
    struct Tags: SliceVisitor {
      var log: Log
      mutating func begin(_ tag: Int, row: Int, at time: UInt64) { log.begin(tag, row: tag, at: time) }
      mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) { log.end(tag, row: tag, from: begin, at: time) }
      mutating func instant(_ tag: Int, row: Int, at time: UInt64) { log.instant(tag, row: tag, at: time) }
      mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) {}
    }
    var visitor = Tags(log: log)
    CPULane([
      .init(tag: 1, start: 1_000_010, duration: 20), .init(tag: 0, start: 1_000_010, duration: 50),
      .init(tag: 3, start: 1_000_040, duration: nil), .init(tag: 2, start: 1_000_060, duration: 5),
    ]).walk(into: &visitor)
    log = visitor.log
    #expect(
      log.lines == [
        "begin outer 10", "begin inner 10", "end inner 30", "instant open 40", "end outer 60", "begin later 60", "end later 65",
      ])
  }
}
