import CallTrees
import Testing

@Suite struct RecordingFactsTests {
  private static func full() -> RecordingFacts {
    var facts = RecordingFacts(toolVersion: "1.2.3")
    facts.command = ["sh", "-c", "modprobe kvm_intel\necho \\n: done\u{1b}[0m", "", " blank "]
    facts.exitCode = 1
    facts.signal = 15
    facts.elapsed = .max
    facts.started = 1_700_000_000_000_000_000
    facts.hostID = "6f3c5a0f2b9d4c1e8a7b6c5d4e3f2a1b"
    facts.bootID = "0d9e3b1c-5f0a-4a53-9a57-0f2f6f5f7c11"
    facts.module = "kvm_intel"
    facts.vendor = "intel"
    facts.detail = .stages
    facts.roots = ["do_init_module", "kvm_online_cpu"]
    facts.leftOut = ["printk"]
    facts.kernelCommandLine = "quiet a=b: c"
    facts.cpuModel = "Some CPU @ 2.40GHz\u{85}\u{301}"
    facts.microcode = "0x2f"
    facts.parameters = [.init(module: "kvm_intel", name: "nested", value: "a.b=c d"), .init(module: "kvm", name: "x", value: "\u{301}")]
    facts.buildIDs = ["kernel": "00ff", "kvm": "abcd"]
    facts.bufferKB = 8192
    facts.clock = "local"
    facts.interrupted = "SIGINT"
    facts.disturbed = ["tracing_on was '1', and is '0'", "a\nb"]
    facts.repetition = 2
    facts.repetitions = 5
    facts.filteredEvents = 17
    facts.lostEvents = [0: 3, 12: .max]
    facts.loadedModules = ["kvm", "kvm_intel"]
    return facts
  }

  @Test func allComesBack() {
    let facts = Self.full()
    #expect(RecordingFacts(text: facts.text) == facts)
    let few = RecordingFacts(toolVersion: "0.1")
    #expect(few.text == "kvm-inittrace 0.1\n")
    #expect(RecordingFacts(text: few.text) == few)
  }

  @Test func noModuleLoadedIsNotTheSameAsUnknown() {
    var facts = RecordingFacts(toolVersion: "1")
    facts.loadedModules = []
    #expect(RecordingFacts(text: facts.text)?.loadedModules == [])
  }

  @Test func nothingInAValueEndsALineOrReachesATerminal() {
    let text = Self.full().text
    #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a })
    #expect(!text.unicodeScalars.contains { (0x80..<0xa0).contains($0.value) })
    #expect(text.contains("argument: sh\nargument: -c\nargument: modprobe kvm_intel\\necho \\\\n: done\\x1b[0m\nargument: \n"))
  }

  @Test func anotherToolsVersionIsNone() {
    for text in ["", "3.1.6 not-a-git-repo", "kvm-inittrace", "Kvm-inittrace 1", "\nkvm-inittrace 1"] {
      #expect(RecordingFacts(text: text) == nil)
    }
  }

  @Test func whatMakesNoSenseIsPassedOver() {
    let lines = [
      "kvm-inittrace 1\\", "exit: 99999999999", "signal: x", "elapsed: -1", "detail: most", "unknown: 1", "no colon", ":", ": ",
      "module:kvm",
      "parameter: no dot", "parameter: a.b", "parameter: a=b.c", "build-id: one", "lost-events: a b", "lost-events: 1", "repeat: ",
      "repeat: 1 x",
      "root: a\\x", "root: b\\xzz", "root: c\\q", "buffer-kb: 5",
    ]
    var expected = RecordingFacts(toolVersion: "1\\")
    expected.repetition = 1
    expected.roots = ["ax", "bxzz", "cq"]
    expected.bufferKB = 5
    #expect(RecordingFacts(text: lines.joined(separator: "\n")) == expected)
  }

  @Test func listsAndTextAreBounded() throws {
    let many = "kvm-inittrace 1\n" + String(repeating: "root: a\n", count: 50_000)
    #expect(try #require(RecordingFacts(text: many)).roots.count == 10_000)
    #expect(RecordingFacts(text: many + String(repeating: "\n", count: 1 << 20)) == nil)
  }
}
