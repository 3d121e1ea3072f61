import KVMStages
import Testing

@testable import ExpectationsFile

/// What an expectations file may say, and what is said of one that is wrong.
@Suite struct ExpectationsReaderTests {
  private func read(_ text: String) throws(ExpectationsError) -> ExpectationsFile { try ExpectationsFile(Array(text.utf8), path: "e.yaml") }

  private static let head = "schema: kvm-inittrace/expectations\nversion: 1\nexpect:\n"

  @Test func allThatASetCanSay() throws {
    let text =
      Self.head + """
          - name: intel
            module: [kvm-intel, kvm_amd]
            vendor: intel
            kernel: [">=6.3 <6.12", 6.18]
            traces: ["ci/*", "!*-fail*"]
            verdict: [ok, incomplete]
            failure: {stage: cpu_feature_check, errno: EOPNOTSUPP, function: cpu_has_kvm_support}
            stages:
              irqfd_init: ok
              5.12: [ok, skipped]
              vendor_hardware_setup: {status: ok, max: 1.5ms, calls: {min: 1}}
              misc_register: {calls: 1}
            duration: 50ms
            functions: {required: kvm_init, forbidden: [kfree, "kvm_x [kvm]"]}
            lost_events: 0
            runs: 2
            tolerate: [not-visible, 5.12]
        """
    let set = try #require(try read(text).expectations.sets.first)
    #expect(set.name == "intel")
    #expect(set.line == 4)
    #expect(set.modules == ["kvm_intel", "kvm_amd"])
    #expect(set.vendors == [.intel])
    #expect(set.kernels.map(\.description) == [">=6.3 <6.12", "6.18"])
    #expect(set.traces.texts == ["ci/*", "!*-fail*"])
    #expect(set.verdicts == [.ok, .incomplete])
    #expect(
      set.failure
        == FailureExpectation(stage: "cpu_feature_check", errno: "EOPNOTSUPP", function: FunctionPattern("cpu_has_kvm_support", line: 10)))
    #expect(
      set.stages == [
        StageExpectation(stage: "irqfd_init", statuses: [.ok], line: 12),
        StageExpectation(stage: "vfio", statuses: [.ok, .skipped], line: 13),
        StageExpectation(
          stage: "vendor_hardware_setup", statuses: [.ok], maxDuration: TimeLimit(nanoseconds: 1_500_000), calls: 1...Int.max, line: 14),
        StageExpectation(stage: "misc_register", calls: 1...1, line: 15),
      ])
    #expect(set.maxDuration?.nanoseconds == 50_000_000)
    #expect(set.requiredFunctions == [FunctionPattern("kvm_init", line: 17)])
    #expect(set.forbiddenFunctions.map(\.description) == ["kfree", "kvm_x [kvm]"])
    #expect(set.maxLostEvents == 0)
    #expect(set.runs == 2)
    #expect(set.toleratedStatuses == [.notVisible])
    #expect(set.toleratedStages == ["vfio"])
  }

  @Test(arguments: [
    ("", "e.yaml: it is empty"),
    ("expect: [", "e.yaml:2:1: this is no YAML or JSON"),
    ("- a", "e.yaml:1:1: the file must be a map of keys and values, not a list"),
    ("version: 1", "e.yaml:1:1: the key schema is missing"),
    ("schema: kvm-inittrace/report", "e.yaml:1:9: schema is 'kvm-inittrace/report', so these are no expectations"),
    ("schema: kvm-inittrace/expectations\nversion: 2\nexpect: []", "e.yaml:2:10: version '2' is not known"),
    ("schema: kvm-inittrace/expectations\nversion: 1\nexpect: []", "e.yaml:3:9: expect is empty"),
    ("schema: kvm-inittrace/expectations\nversion: 1\nexpects: []", "e.yaml:3:1: the file has no key 'expects'; did you mean expect?"),
    (head + "- {modul: kvm}", "e.yaml:4:4: a set of expectations has no key 'modul'; did you mean module?"),
    (head + "- {module: kvm_intel}", "e.yaml:4:3: this set expects nothing"),
    (head + "- {module: vfio, verdict: ok}", "e.yaml:4:12: 'vfio' is no module with a run of its own"),
    (head + "- {verdict: OK}", "e.yaml:4:13: 'OK' is no verdict; did you mean ok?"),
    (head + "- {verdict: []}", "e.yaml:4:13: verdict is an empty list"),
    (head + "- {verdict: {}}", "e.yaml:4:13: verdict must be a text, not a map"),
    (head + "- {verdict: }", "e.yaml:4:13: verdict must be a text, not nothing"),
    (head + "- {verdict: ok, verdict: ok}", "e.yaml:4:17: the key 'verdict' is here a second time"),
    (head + "- {kernel: six, verdict: ok}", "e.yaml:4:12: 'six' is no condition on a kernel; write it as 6.12"),
    (head + "- {stages: {irqfd: ok}}", "e.yaml:4:13: no stage is called 'irqfd'; did you mean irqfd_init"),
    (head + "- {stages: {5.10: ok}}", "e.yaml:4:13: section 5.10 is 2 stages; name one of them: syscore_ops, preempt_ops"),
    (head + "- {stages: {vfio: ok, 5.12: ok}}", "e.yaml:4:23: the stage vfio is here a second time"),
    (head + "- {stages: {vfio: okay}}", "e.yaml:4:19: 'okay' is no status of a stage; did you mean ok?"),
    (head + "- {stages: {vfio: {maximum: 1ms}}}", "e.yaml:4:20: a stage has no key 'maximum'"),
    (head + "- {stages: {vfio: {max: 50}}}", "e.yaml:4:25: max must be a number with its unit, such as 50ms"),
    (head + "- {stages: {vfio: {calls: {min: 2, max: 1}}}}", "e.yaml:4:27: min is greater than max"),
    (head + "- {duration: 50ms, lost_events: -1}", "e.yaml:4:33: lost_events must be a whole number from 0, not '-1'"),
    (head + "- {lost_events: \"0\"}", "e.yaml:4:17: lost_events must be a whole number from 0, not a text"),
    (head + "- {failure: {errno: EFOO}}", "e.yaml:4:21: 'EFOO' is no error's name"),
    (head + "- {functions: {required: [\"a b\"]}}", "e.yaml:4:27: 'a b' is no function's name"),
    (head + "- {verdict: &v ok}", "e.yaml:4:13: anchors (&name) are not taken"),
    (head + "- {verdict: *v}", "e.yaml:4:13: aliases (*name) are not taken"),
    (head + "- {verdict: !!str ok}", "e.yaml:4:13: tags (!name) are not taken"),
    (head + "- {verdict: ok}\n---\na: b\n", "e.yaml:5:1: a second document begins here"),
    (head + String(repeating: "- {verdict: ok}\n", count: 10_001), "e.yaml:4:1: 10001 sets; 10000 are the most"),
    (String(repeating: "[", count: 100), "e.yaml:1:18: more than 16 levels deep"),
    ("\u{FEFF}a: \u{1b}", "control characters are not allowed"),
  ])
  func whatIsWrong(_ text: String, _ message: String) {
    let error = #expect(throws: ExpectationsError.self) { try read(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.exitCode == 65)
  }

  /// A word that stands there again says nothing more, and each result would quote it.
  @Test func repeatedWordsAreTakenOnce() throws {
    let text = "- {module: [kvm-amd, kvm_amd], vendor: [amd, amd], verdict: [ok, failed, ok], stages: {vfio: [ok, ok]}}"
    let set = try #require(try read(Self.head + text).expectations.sets.first)
    #expect(set.modules == ["kvm_amd"] && set.vendors == [.amd] && set.verdicts == [.ok, .failed])
    #expect(set.stages.map(\.statuses) == [[.ok]])
  }

  @Test func largeFilesAndManyValuesAreRefused() {
    let large = #expect(throws: ExpectationsError.self) { try read(String(repeating: " ", count: 5 << 20)) }
    #expect(large?.description.contains("more than 4 MiB") == true)
    let many = #expect(throws: ExpectationsError.self) { try read("[" + String(repeating: "1,", count: 300_000) + "1]") }
    #expect(many?.description.contains("more than 200000 values") == true)
  }

  @Test func noBytesOfAFileCrash() {
    let text = Array((Self.head + "- {verdict: ok, stages: {vfio: {max: 5ms}}}\n").utf8)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var bytes = text
      for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator) }
      _ = try? ExpectationsFile(bytes, path: "e.yaml")
    }
  }

  // MARK: JSON

  @Test func jsonIsReadByTheSameReader() throws {
    let json = #"""
      {
      	"schema": "kvm-inittrace\/expectations", "version": 1,
      	"expect": [{"name": "caf\u00e9 \"x\" \\ \b\f\n\r\t 😀", "verdict": ["ok"], "stages": {"vfio": {"max": "5ms", "calls": {"min": 1}}},
      	            "lost_events": 0}]
      }
      """#
    let file = try ExpectationsFile(Array(json.utf8), path: "e.json")
    #expect(file.expectations.sets.first?.name == "caf\u{e9} \"x\" \\ \u{8}\u{c}\n\r\t 😀")
    #expect(file.expectations.sets.first?.stages.first?.maxDuration?.nanoseconds == 5_000_000)
    #expect(!file.hasComments)
  }

  /// The one thing of JSON that libyaml does not take.
  @Test func surrogatesAreRefusedWithTheirPlace() {
    let json = #"{"schema": "kvm-inittrace/expectations", "version": 1, "expect": [{"name": "\ud83d\ude00", "verdict": "ok"}]}"#
    let error = #expect(throws: ExpectationsError.self) { try read(json) }
    #expect(error?.line == 1 && error?.description.contains("character") == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("name: don't lose this   # approved by Ann", true), (#"name: "C:\\"   # keep"#, true), ("name: 'it''s'  # keep", true),
    ("name: 'C:\\'  # keep", true), (#"name: "a \" # b""#, false), ("name: 'a '' # b'", false), ("name: a#b", false),
    ("name: \"caf\u{e9} \u{1F600}\" # keep", true), ("name: \"\u{e9}\u{1F600} # b\"", false), ("name: |\n    text\n  # keep", true),
    ("name: \"a\n    # b\"", false), ("name: don't\r\n  # keep\r", true),
  ]) func commentsBesideQuotes(_ line: String, _ hasComments: Bool) throws {
    #expect(try read(Self.head + "- verdict: ok\n  \(line)\n").hasComments == hasComments)
  }

  @Test func commentsAreSeen() throws {
    #expect(try read(Self.head + "- verdict: ok # as it should\n").hasComments)
    #expect(try read("# top\n" + Self.head + "- verdict: ok\n").hasComments)
    #expect(try !read(Comments.heading + "\n" + Self.head + "- {name: \"a # b\", verdict: ok}\n").hasComments)
  }
}
