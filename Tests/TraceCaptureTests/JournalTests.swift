import Testing

@testable import TraceCapture

@Suite struct JournalTests {
  private static func journal(_ text: String) -> Journal {
    var journal = Journal(pid: 4711, top: "/sys/kernel/tracing" + text)
    journal.entries = [
      .instance, .file("trace_clock", rule: .choice, original: text),
      .file("a\(text)b", rule: .functions, original: "x" + text), .probe(event: "r_vmx_init" + text),
      .module(name: "kvm_intel" + text, wasLoaded: true), .module(name: "kvm", wasLoaded: false),
      .module(name: "kvm_amd", wasLoaded: true, parameters: ["nested": text, "npt\(text)": "1=\(text)", "": ""]),
    ]
    return journal
  }

  @Test(arguments: [
    "", "\n", "\t", "\\", "\\n", "\\\\t", "\r", "\r\n", "x\r", "\nend\n", "tab\tline\nslash\\", "ü日本 e\u{301}", "\u{301}", "\0",
    "\u{1b}[31m", "\u{fffd}",
    "do_init_module\nkvm_init [kvm]\n",
  ]) func everyTextComesBack(_ text: String) throws {
    let journal = Self.journal(text)
    let read = try #require(Journal(text: journal.text))
    #expect(read == journal)
    // Equal strings may still differ in their bytes.
    #expect(Array(read.text.utf8) == Array(journal.text.utf8))
  }

  @Test func everyRuleComesBack() throws {
    var journal = Journal(pid: 1, top: "/t")
    journal.entries = RestoreRule.allCases.map { .file("f", rule: $0, original: "") }
    #expect(Journal(text: journal.text) == journal)
    #expect(Journal(text: Journal(pid: 1, top: "/t").text)?.entries == [])
  }

  @Test func aJournalThatIsCutOffIsNone() {
    let text = Self.journal("a\nend\n").text
    #expect(Journal(text: text) != nil)
    for count in 0..<text.unicodeScalars.count {
      #expect(Journal(text: String(text.unicodeScalars.prefix(count))) == nil, "after \(count) characters")
    }
  }

  @Test(arguments: [
    "", "end\n", "kvm-inittrace journal 1\nend\n", "kvm-inittrace journal 1\nrecorder\tx\ntop\t/t\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\nend\n", "kvm-inittrace journal 2\nrecorder\t1\ntop\t/t\nend\n",
    "kvm-inittrace journal 1\ntop\t/t\nrecorder\t1\nend\n", "kvm-inittrace journal 1\nrecorder\t99999999999\ntop\t/t\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\nbogus\nend\n", "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\ninstance\tx\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\nfile\tbogus\tf\tx\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\nfile\tcontents\tf\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\nfile\ttop\tcontents\tf\tx\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\nmodule\tkvm\tbogus\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\nmodule\tkvm\tloaded\tnested\nend\n",
    "kvm-inittrace journal 1\nrecorder\t1\ntop\t/t\n\nend\n",
  ]) func garbageIsNone(_ text: String) { #expect(Journal(text: text) == nil) }
}
