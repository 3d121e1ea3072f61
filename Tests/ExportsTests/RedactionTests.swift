import CallTrees
import SmallTraces
import Testing

@testable import Exports

@Suite struct RedactionTests {
  /// What must not be found in any export.
  private static let secrets = [
    "alice", "secret-host", "c05fc014", "131391332649352", "machine-17", "boot-17", "disk-serial", "kvm_spurious_fault",
  ]

  private static func trace() -> ExportTrace {
    var recording = SmallTrace.recording(
      "do_init_module 90us =-131391332649352 { do_one_initcall 80us =-95 { 0xffffffffc05fc014 70us =-95 { kvm_x86_vendor_init[kvm] 3us =-95 } } }"
        + " !console nvme: alice's disk-serial; !console kvm: no hardware support at 0xffffffffc05fc014;", kernel: "6.12.1")
    var facts = RecordingFacts(toolVersion: "1")
    (facts.hostID, facts.bootID, facts.kernelCommandLine) = ("machine-17", "boot-17", "root=/dev/alice")
    facts.command = ["/home/alice/load.sh"]
    recording.source.recorder = facts
    recording.source.host = "secret-host"
    recording.source.path = "/home/alice/trace.dat"
    recording.damage = [Damage(offset: 5, message: "the file of alice is cut off")]
    recording.tasks[0].comm = "alice.sh"
    let doubtful = Function(address: 0xffff_ffff_c05f_c014, name: "kvm_spurious_fault", module: "kvm", doubt: .contradictsTree)
    recording.functions[2] = doubtful
    recording.events.append(
      TraceEvent(time: 1_000_150, cpu: 0, pid: 100, payload: .probe(name: "r_0xffffffffc05fc014", function: nil, result: -95)))
    return ExportTrace(recording)
  }

  private static func exports(_ trace: ExportTrace) throws -> [String] {
    var sink = ByteSink()
    CallsExport.write(trace.recording, to: &sink)
    StagesExport.write(trace, path: Redaction.path(1), hostID: nil, to: &sink)
    OpenMetricsExport.write(trace, to: &sink)
    var folded = FoldedExport()
    folded.add(trace)
    folded.write(to: &sink)
    try ChromeExport.write(trace, to: &sink)
    try SpeedscopeExport.write(trace, name: Redaction.path(1), to: &sink)
    try PerfettoExport.write(trace, to: &sink)
    return sink.text.split(separator: "\n").map(String.init)
  }

  @Test func nothingOfTheMachineStays() throws {
    let open = try Self.exports(Self.trace()).joined(separator: "\n")
    for secret in ["alice", "secret-host", "c05fc014", "machine-17", "disk-serial", "(kvm_spurious_fault?)", "r_0xffffffffc05fc014"] {
      #expect(open.contains(secret))
    }
    let redacted = try Self.exports(Redaction.redacted(Self.trace(), number: 1)).joined(separator: "\n")
    for secret in Self.secrets { #expect(!redacted.contains(secret)) }
    #expect(redacted.contains("func#3") && redacted.contains("kvm_x86_vendor_init") && redacted.contains("task#1"))
    #expect(redacted.contains("kvm: no hardware support at func#3") && redacted.contains("(withheld)"))
    #expect(redacted.contains(#""name":"r_func#3 returned "#))
    #expect(redacted.contains(#""trace":"trace-1""#) && redacted.contains(#""return_value":-95"#))
  }

  @Test func theAnswerStaysTheSame() {
    let (open, redacted) = (Self.trace(), Redaction.redacted(Self.trace(), number: 1))
    #expect(redacted.analysis.runs.map(\.verdict) == open.analysis.runs.map(\.verdict))
    #expect(redacted.analysis.runs.map { $0.stages.map(\.status) } == open.analysis.runs.map { $0.stages.map(\.status) })
    #expect(redacted.recording.tasks.map { $0.tree.calls.map(\.duration) } == open.recording.tasks.map { $0.tree.calls.map(\.duration) })
  }

  @Test func addressesInSentences() {
    let names = FunctionPseudonyms(Self.trace().recording)
    #expect(names.text("0xffffffffc05fc014 [-95] in 0x480, 0xffffffff81234567 and 00x") == "func#3 [-95] in 0x480, 0x… and 00x")
    #expect(names.text("0x") == "0x" && names.text("") == "" && names.text("0xffffffff") == "0x…")
    #expect(names.line("kvm_intel: VMX not supported by CPU 0") == "kvm_intel: VMX not supported by CPU 0")
    #expect(names.line("e1000 eth0: 00:11:22:33:44:55") == "(withheld)")
  }

  /// They are displayed behind the address, and behind a `?` in text, which has no addresses.
  @Test func doubtfulNamesInSentences() {
    let names = FunctionPseudonyms(Self.trace().recording)
    #expect(names.text("0xffffffffc05fc014 (kvm_spurious_fault?) returned -5") == "func#3 returned -5")
    #expect(names.text("below (0xffffffffc05fc014 (kvm_spurious_fault?))") == "below (func#3)")
    #expect(names.text("0xffffffffc05fc014 (why?) ? (b?)") == "func#3 (why?) ? (b?)")
    var recording = SmallTrace.recording("a 1us { b 1us }")
    for index in recording.functions.indices { recording.functions[index].doubt = .contradictsTree }
    let nameless = FunctionPseudonyms(recording)
    #expect(nameless.text("? (b?) below ? (a?), ? (c?)") == "func#2 below func#1, ? (c?)")
    #expect(nameless.text("? (b?)") == "func#2" && nameless.text("(?) ?)") == "(?) ?)" && nameless.text("") == "")
  }

  /// A line can be a word of the one that is quoted, or begin as it does.
  @Test(arguments: ["disk", "db01.acme.example: kvm", "kvm", "the"]) func theQuotedLineGoesAsAWhole(_ other: String) {
    let quoted = "db01.acme.example: kvm disk module kvm_intel: version magic wrong, ask bob@acme.example"
    let lines = other == "kvm" ? [quoted, other] : [other, quoted]
    let trace = ExportTrace.small(lines.map { "!console \($0); " }.joined() + "!syscall finit_module -8; schedule 5us")
    let reasons = [trace, Redaction.redacted(trace, number: 1)].map { $0.analysis.runs.first?.reason ?? "" }
    let shown = other.contains("kvm") && other != "kvm" ? other : quoted
    #expect(reasons[0].contains("the kernel log says: \(shown). The file was made for another kernel"))
    #expect(reasons[1] == reasons[0].replacing(shown, with: "(withheld)"))
  }

  @Test func aQuotedLineOfKVMStays() {
    let trace = ExportTrace.small("!console kvm_amd; !console kvm_amd: SVM is 0xffffffff81234567; !syscall finit_module -8; schedule 5us")
    #expect(Redaction.redacted(trace, number: 1).analysis.runs.first?.reason.contains("log says: (withheld). The file") == true)
    let own = ExportTrace.small("!console kvm_amd: SVM is 0xffffffff81234567; !console kvm_amd; !syscall finit_module -8; schedule 5us")
    #expect(Redaction.redacted(own, number: 1).analysis.runs.first?.reason.contains("log says: kvm_amd: SVM is 0x…. The file") == true)
  }

  @Test(arguments: [("modprobe", "modprobe"), ("kworker/u8:1", "kworker/u8:1"), ("cpuhp/1", "cpuhp/1"), ("bob", "task#3")])
  func taskNames(_ comm: String, _ shown: String) {
    #expect(Redaction.comm(comm, task: 2) == shown)
    #expect(Redaction.comm(nil, task: 2) == nil)
  }
}
