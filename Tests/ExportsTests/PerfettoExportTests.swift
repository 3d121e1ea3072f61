import CallTrees
import Testing

@testable import Exports

@Suite struct PerfettoExportTests {
  private func packets(_ trace: ExportTrace) throws -> [ProtobufMessage] {
    var sink = ByteSink()
    try PerfettoExport.write(trace, to: &sink)
    return try #require(ProtobufMessage(sink.bytes)).messages(1)
  }

  /// Names that the packets of sequences intern, in order: `sequence:id=name`.
  private func interned(_ packets: [ProtobufMessage]) -> [String] {
    packets.flatMap { packet in
      packet.messages(12).flatMap { $0.messages(2) }.map { "\(packet.number(10) ?? 0):\($0.number(1) ?? 0)=\($0.text(2) ?? "")" }
    }
  }

  @Test func namesAreInternedOnceInEachSequence() throws {
    let packets = try packets(.small("kvm_a[kvm] 900ns { kvm_b 100ns kvm_b 100ns kvm_b 100ns }"))
    #expect(interned(packets) == ["1:1=kvm_a [kvm]", "1:2=kvm_b"])
    let events = packets.filter { !$0.messages(11).isEmpty }
    #expect(events.map { $0.messages(11)[0].number(9) } == [1, 1, 2, 1, 2, 1, 2, 2])
    #expect(events.compactMap { $0.messages(11)[0].number(10) } == [1, 2, 2, 2])
    // The first packet clears the state and says which track the sequence is; the others need it.
    #expect(events.map { $0.number(13) } == [3] + [UInt64?](repeating: 2, count: 7))
    let track = events[0].messages(59).first?.messages(11).first?.number(11)
    let threads = packets.flatMap { $0.messages(60) }.filter { !$0.messages(4).isEmpty }
    #expect(track != nil && threads.map { $0.number(1) } == [track])
    #expect(threads.first?.messages(4).first?.number(2) == 100)
  }

  @Test func namesAreWrittenAsTheyAre() throws {
    let packets = try packets(ExportTrace.small("x 100ns").renamed(["x": hostileName]))
    #expect(interned(packets) == ["1:1=\(hostileName)"])
  }

  @Test(arguments: [("boot", UInt64(6)), ("mono", 3), ("mono_raw", 5)]) func builtinClocks(_ clock: String, _ number: UInt64) throws {
    var trace = ExportTrace.small("x 100ns")
    trace.recording.source.clock = clock
    let packets = try packets(trace)
    let snapshot = try #require(packets.first?.messages(6).first)
    #expect(snapshot.number(2) == number && snapshot.messages(1).first?.number(1) == number)
    #expect(packets.flatMap { $0.messages(59) }.map { $0.number(58) } == [number])
  }

  @Test(arguments: ["local", "global", "x86-tsc", "counter", nil]) func otherClocksAreTheTracesOwn(_ clock: String?) throws {
    var trace = ExportTrace.small("x 100ns")
    trace.recording.source.clock = clock
    let packets = try packets(trace)
    #expect(packets.allSatisfy { $0.messages(6).isEmpty && $0.messages(59).allSatisfy { $0.number(58) == nil } })
  }

  @Test func logAndLossesAreInstants() throws {
    let packets = try packets(.small("a 100ns !console kvm: disabled by bios; !lost b 100ns"))
    let instants = packets.flatMap { $0.messages(11) }.filter { $0.number(9) == 3 }
    #expect(instants.map { $0.text(23) } == ["kvm: disabled by bios", "10 events lost"])
    let tracks = packets.flatMap { $0.messages(60) }.compactMap { $0.text(2) }
    #expect(tracks == ["kernel log", "lost events of CPU 0"])
  }

  @Test func openCallsHaveNoEnd() throws {
    let types = try packets(.small("a open { b 100ns }")).flatMap { $0.messages(11) }.map { $0.number(9) }
    #expect(types == [1, 1, 2])
  }

  @Test func aMeasuredDurationThatIsNotDrawnIsTold() throws {
    let events = try packets(.small("a 500ns { b 250ns c 100ns }")).flatMap { $0.messages(11) }
    let told = events.flatMap { $0.messages(4) }.compactMap { $0.number(3) }
    // The CPU of the outermost call, and how long b was.
    #expect(told == [0, 250])
  }

  @Test func withoutTimesThereIsNoTimeline() throws {
    var trace = ExportTrace.small("x 100ns")
    trace.recording.hasTimes = false
    let error = #expect(throws: ExportError.self) { try packets(trace) }
    #expect(error?.description.hasSuffix("--to folded, openmetrics, calls, stages and sqlite can") == true)
  }
}
