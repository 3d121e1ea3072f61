import CallTrees
import KVMStages
import Testing

@testable import Reports

/// What a timeline shows, and its scale.
struct TimelineTests {
  @Test func lanesAreTheTaskAndTheCPUs() throws {
    var analysis = Sample.loadedAnalysis
    let index = try #require(analysis.runs[0].stages.firstIndex { !$0.perCPU.isEmpty })
    analysis.runs[0].stages[index].perCPU = [
      CPUShare(cpu: 0, startNS: 1_100_000, durationNS: 9000, result: 0),
      CPUShare(cpu: 1, startNS: 1_100_000, durationNS: 12_000, result: -5),
    ]
    let timeline = try #require(Timeline(Sample.loaded, analysis.runs[0], losses: []))
    #expect(timeline.lanes.map(\.label) == ["modprobe-123", "CPU 0", "CPU 1"])
    #expect(
      timeline.lanes[0].levels.map { $0.map(\.stage.stage.id) } == [["vendor_entry"], ["x86_vendor_init", "kvm_init"], ["irqfd_init"]])
    #expect(timeline.lanes[2].levels[0].map(\.isRefusal) == [true])
    #expect(timeline.interrupts.spans.count == 2)
  }

  @Test func withoutTimesThereIsNone() {
    var recording = Sample.loaded
    recording.hasTimes = false
    #expect(Timeline(recording, Sample.loadedAnalysis.runs[0], losses: []) == nil)
  }

  @Test func spansThatTouchAreOne() {
    var spans = TimelineSpans(scale: Scale(start: 1000, length: 10_000))
    for start in [0, 1500, 1502, 5000, 20_000] as [UInt64] { spans.add(from: start, for: 600) }
    #expect(spans.spans == [Span(start: 1500, end: 2102), Span(start: 5000, end: 5600)])
    #expect(spans.path == "M500 0h602v1H500zM4000 0h600v1H4000z")
    spans.add(from: .max - 1, for: 5)
    #expect(spans.spans.count == 2)
  }

  @Test func placesAreShares() {
    let scale = Scale(start: 100, length: 400)
    #expect(scale.percent(200) == "25%" && scale.percent(50) == "0%" && scale.percent(.max) == "100%")
    #expect(scale.width(from: 200, for: 1) == "0.25%" && scale.width(from: 400, for: .max) == "25%")
    #expect(Scale.decimal(1.0006) == "1.001" && Scale.decimal(12.5) == "12.5")
    #expect(Scale.decimal(1.8e21) == "1000000000000" && Scale.decimal(.infinity) == "1000000000000" && Scale.decimal(-1) == "0")
  }

  @Test(arguments: [1, 7, 999, 123_456_789, UInt64.max] as [UInt64])
  func marksAreRound(length: UInt64) {
    let marks = Scale(start: 0, length: length).marks(most: 6)
    #expect((1...7).contains(marks.count))
    #expect(marks.allSatisfy { $0 <= length })
    if marks.count > 1 { #expect([1, 2, 5].contains(UInt64(String("\(marks[1])".prefix(1))) ?? 0)) }
  }

  @Test func neighboursHaveOtherColours() {
    let colours = StageColours(Sample.loadedAnalysis.runs[0].stages)
    let entry = Stage.sample("vendor_entry", nil, "")
    let vendor = Stage.sample("x86_vendor_init", nil, "")
    #expect(colours[entry] != nil && colours[entry] != colours[vendor])
    #expect(colours[Stage.sample("tdx", nil, "")] == nil)
  }
}
