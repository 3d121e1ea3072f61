import CallTrees
import Testing

@testable import Reports

@Suite struct RunFactsTests {
  private func facts(_ kind: TraceKind, cpus: Int?) -> String {
    var recording = SampleTrace.recording("do_init_module 9us", kind: kind)
    recording.source.cpus = cpus
    return RunFacts(recording: recording, run: Sample.failedAnalysis.runs[0], glyphs: Glyphs(unicode: true)).facts(verbose: false)
  }

  /// The kernel's text shows the CPUs that had events; the machine may have more.
  @Test func textTellsOfCPUsThatWereSeen() {
    #expect(facts(.ftraceText, cpus: 1).hasPrefix("kernel 6.12.107+deb13-amd64 (x86_64), events of 1 CPU; "))
    #expect(facts(.ftraceText, cpus: 2).hasPrefix("kernel 6.12.107+deb13-amd64 (x86_64), events of 2 CPUs; "))
    #expect(facts(.ftraceText, cpus: nil).hasPrefix("kernel 6.12.107+deb13-amd64 (x86_64); "))
  }

  @Test(arguments: [TraceKind.traceCmdV6, .traceCmdV7, .traceCmdText]) func othersTellHowManyThereAre(_ kind: TraceKind) {
    #expect(facts(kind, cpus: 2).hasPrefix("kernel 6.12.107+deb13-amd64 (x86_64), 2 CPUs; "))
  }
}
