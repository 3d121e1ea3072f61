import CallTrees
import Exports
import Testing

@testable import Reports

struct CallsExportTests {
  private func lines(_ recording: Recording) -> [String] {
    var output = TextSink()
    CallsExport.write(recording, to: &output)
    return output.text.split(separator: "\n").map(String.init)
  }

  @Test func oneLinePerCall() {
    let lines = lines(SampleTrace.recording("kvm_init 5us =-95 { 0xffffffffc05fc014 open }"))
    #expect(
      lines == [
        #"{"pid":123,"comm":"modprobe","cpu":0,"depth":0,"function":"kvm_init","module":"kvm","address":null,"start_ns":1001000,"duration_ns":5000,"return_value":-95,"flags":[]}"#,
        #"{"pid":123,"comm":"modprobe","cpu":0,"depth":1,"function":null,"module":null,"address":"0xffffffffc05fc014","start_ns":1002000,"duration_ns":null,"return_value":null,"flags":["open"]}"#,
      ])
  }

  @Test func tasksAreMergedByStart() {
    let recording = SampleTrace.recording("kvm_a 1us; kvm_b 1us; kvm_c 1us; kvm_d 1us", others: [(9, "x", "kvm_e 1us; kvm_f 1us")])
    let names = lines(recording).compactMap { $0.split(separator: "\"function\":\"").last?.prefix(5) }
    #expect(names == ["kvm_a", "kvm_b", "kvm_e", "kvm_c", "kvm_f", "kvm_d"])
  }

  @Test func withoutTimesTasksComeOneAfterTheOther() {
    var builder = RecordingBuilder(keys: .interned, hasTimes: false)
    let id = UInt64(builder.intern(Function(address: nil, name: "kvm_x")).index)
    for pid in [5, 6, 5, 6] as [Int32] {
      let events = [
        GraphEvent(time: 0, function: id, value: 0, pid: pid, depth: 0, kind: .enter),
        GraphEvent(time: 0, function: id, value: 10, pid: pid, depth: 0, kind: .leave),
      ]
      events.withUnsafeBufferPointer { builder.append($0, cpu: 0) }
    }
    let lines = lines(builder.finish(source: TraceSource(path: "-", kind: .ftraceText), damage: []))
    let tasks = lines.map { $0.prefix(8) }
    let regular = lines.filter { $0.contains(#""start_ns":null,"duration_ns":10,"return_value":null,"flags":["start-unknown"]}"#) }
    #expect(tasks == ["{\"pid\":5", "{\"pid\":5", "{\"pid\":6", "{\"pid\":6"])
    #expect(regular.count == 4)
  }

  @Test func doubtfulNamesAreNoNames() {
    var builder = RecordingBuilder(keys: .interned)
    let id = UInt64(builder.intern(Function(address: 0x10, name: "svm_x", module: "kvm_amd", doubt: .contradictsTree)).index)
    let events = [GraphEvent(time: 7, function: id, value: 0, pid: 5, depth: 0, kind: .enter)]
    events.withUnsafeBufferPointer { builder.append($0, cpu: 3) }
    let lines = lines(builder.finish(source: TraceSource(path: "-", kind: .traceCmdV6), damage: []))
    #expect(
      lines == [
        #"{"pid":5,"comm":null,"cpu":3,"depth":0,"function":null,"module":null,"address":"0x10","start_ns":7,"duration_ns":null,"return_value":null,"flags":["open"],"doubtful_name":"svm_x"}"#
      ])
  }

  @Test func anEmptyRecordingHasNoLines() {
    #expect(lines(SampleTrace.recording("")).isEmpty)
  }
}
