import CallTrees
import Testing

@testable import Exports

@Suite struct StagesExportTests {
  private static let failed =
    "do_init_module 90us { do_one_initcall 80us { vmx_init[kvm_intel] 70us =-95 { kvm_x86_vendor_init[kvm] 3us =-95 } } }"

  private func lines(_ trace: ExportTrace, hostID: String? = nil) -> [String] {
    var sink = ByteSink()
    StagesExport.write(trace, path: "x.dat", hostID: hostID, to: &sink)
    return sink.lines
  }

  private func keys(_ line: String) -> [Substring] {
    line.split(separator: ",\"").map { $0.prefix { $0 != ":" } }
  }

  @Test func aRowForTheRunAndOneForEachStage() throws {
    let trace = ExportTrace.small(Self.failed)
    let lines = lines(trace)
    #expect(lines.count == 1 + (trace.analysis.runs.first?.stages.count ?? 0) && lines.count > 10)
    #expect(lines.first?.hasPrefix(#"{"kind":"run","#) ?? false)
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(#"{"kind":"stage","#) })
    #expect(
      lines.allSatisfy {
        $0.contains(#""module":"kvm_intel","vendor":"intel","verdict":"failed","#) && $0.contains(#""errno":"EOPNOTSUPP","code":-95"#)
      })
    #expect(Set(lines.map { keys($0).count }).count == 1)
  }

  @Test func aTraceWithoutARunHasARowThatSaysSo() {
    let lines = lines(.small("schedule 5us"))
    #expect(lines.count == 1)
    #expect(lines.first?.contains(#""verdict":"unknown","run_start_ns":null,"run_duration_ns":null"#) ?? false)
    #expect(
      lines.first?.hasSuffix(
        #""stage":null,"section":null,"title":null,"status":null,"tolerated":null,"function":null,"start_ns":null,"duration_ns":null,"calls":null,"interrupt_ns":null,"sleep_ns":null,"level":null}"#
      ) ?? false)
  }

  /// A trace of another machine never gets the id of this one.
  @Test func theMachineIsTheRecordedOne() {
    var trace = ExportTrace.small(Self.failed)
    #expect(lines(trace).allSatisfy { $0.contains(#""host_id":null,"host":null,"boot_id":null,"recorded_ns":null"#) })
    #expect(lines(trace, hostID: "web-17").allSatisfy { $0.contains(#""host_id":"web-17","host":null"#) })
    var facts = RecordingFacts(toolVersion: "1")
    (facts.hostID, facts.bootID, facts.started) = ("abc", "b-1", 5)
    facts.buildIDs = ["kernel": "01", "kvm_intel": "03"]
    facts.parameters = [.init(module: "kvm_intel", name: "nested", value: "Y"), .init(module: "kvm", name: "x", value: "1")]
    trace.recording.source.recorder = facts
    trace.recording.source.host = "web"
    let line = lines(trace).first ?? ""
    #expect(line.contains(#""host_id":"abc","host":"web","boot_id":"b-1","recorded_ns":5,"trace":"x.dat""#))
    #expect(line.contains(#""kernel_build_id":"01","kvm_build_id":null,"module_build_id":"03","parameters":"kvm.x=1 kvm_intel.nested=Y""#))
    #expect(lines(trace, hostID: "web-17").first?.contains(#""host_id":"web-17","host":"web""#) ?? false)
  }
}
