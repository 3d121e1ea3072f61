import CallTrees
import SmallTraces
import Testing

@testable import Exports

/// The order of events in the Trace Event Format, by which viewers nest those that begin together.
@Suite struct ChromeOrderTests {
  /// `ph name` of the events, in the order of the file, without names of tracks.
  private func events(_ trace: ExportTrace, _ category: String = "call") throws -> [String] {
    var sink = ByteSink()
    try ChromeExport.write(trace, to: &sink)
    return sink.lines.filter { $0.contains("\"cat\":\"\(category)\"") }.map { line in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      return "\(parts[3]) \(parts[7])"
    }
  }

  /// Entries and returns of `modprobe-100`: `>a` and `<a`, each with its time; a return has the measured duration.
  private func trace(_ steps: [(name: String, time: UInt64, duration: UInt64)]) -> ExportTrace {
    var builder = RecordingBuilder(keys: .interned)
    builder.name(pid: 100, comm: "modprobe")
    var depth: UInt16 = 0
    for step in steps {
      let isEntry = step.name.hasPrefix(">")
      let id = UInt64(builder.intern(Function(address: nil, name: String(step.name.dropFirst()))).index)
      if !isEntry { depth -= 1 }
      let event = GraphEvent(
        time: step.time, function: id, value: step.duration, pid: 100, depth: depth, kind: isEntry ? .enter : .leave)
      if isEntry { depth += 1 }
      [event].withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    }
    return ExportTrace(builder.finish(source: TraceSource(path: "-", kind: .traceCmdV7), damage: []))
  }

  @Test func ofSlicesThatBeginTogetherTheOuterComesFirst() throws {
    let trace = trace([
      (">a", 1000, 0), (">b", 1000, 0), (">c", 1000, 0), ("<c", 1010, 10), (">d", 1015, 0), ("<d", 1016, 1), ("<b", 1020, 20),
      (">e", 1030, 0), (">f", 1030, 0), ("<f", 1035, 5), ("<e", 1040, 10), ("<a", 1100, 100), (">g", 1100, 0), ("<g", 1105, 5),
    ])
    #expect(try events(trace) == ["X d", "X e", "X f", "X a", "X b", "X c", "X g"])
  }

  @Test func siblingsThatBeginTogetherKeepTheirOrder() throws {
    let trace = trace([
      (">a", 1000, 0), (">b", 1000, 0), ("<b", 1000, 0), (">c", 1000, 0), ("<c", 1000, 0), (">d", 1000, 0), ("<d", 1010, 10),
      ("<a", 1100, 100),
    ])
    #expect(try events(trace) == ["X a", "X b", "X c", "X d"])
  }

  @Test func ofCallsThatDidNotEndTheOutermostComesFirst() throws {
    #expect(
      try events(.small("a 10ns b open { c 10ns d open { e 5ns f open } }")) == ["X a", "X c", "X e", "B b", "B d", "B f"])
    let trace = trace([(">a", 1000, 0), (">b", 1000, 0), (">c", 1000, 0), ("<c", 1010, 10), (">d", 1020, 0)])
    #expect(try events(trace) == ["X c", "B a", "B b", "B d"])
  }

  @Test func theRunHoldsTheStageOfItsLoader() throws {
    let load = "do_init_module 90us { do_one_initcall 80us { vmx_init[kvm_intel] 70us =-95 { kvm_x86_vendor_init[kvm] 3us =-95 } } }"
    let stages = try events(.small(load), "stage")
    let place = try #require(stages.firstIndex { $0.hasPrefix("X kvm_intel init: ") })
    #expect(stages.indices.contains(place + 1) && stages[place + 1].hasPrefix("X Module loader "), "\(stages)")
  }
}
