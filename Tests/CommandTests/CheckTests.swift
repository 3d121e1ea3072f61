import Foundation
import Testing

/// `check` on real samples: what it must catch, and how it says so.
@Suite struct CheckTests {
  private static let samples = "\(Command.root)/SampleTraces"
  private static let head = "schema: kvm-inittrace/expectations\nversion: 1\nexpect:\n"
  private static let intel = "\(samples)/6.12-kvm_intel"

  /// Checks `traces` against sets that are written as YAML.
  private func check(_ sets: String, _ traces: String..., options: [String] = []) throws -> Command.Outcome {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", (Self.head + sets).utf8)
    return try command.run(["check"] + traces + options + ["--expect", "e.yaml"])
  }

  private func lastLine(_ outcome: Command.Outcome) -> Substring { outcome.output.split(separator: "\n").last ?? "" }

  // MARK: what it catches

  struct Caught: Sendable, CustomTestStringConvertible {
    var what: String
    var sample: String
    var set: String
    var status: Int32
    /// Lines that must be said.
    var lines: [String]

    var testDescription: String { what }
  }

  static let caught = [
    Caught(
      what: "a stage removed", sample: "6.12-kvm_intel", set: "{module: kvm_intel, stages: {fpu_cache: ok}}", status: 1,
      lines: ["✗ stage fpu_cache: expected ok, found absent", "why: ", "expected by: e.yaml:4"]),
    Caught(
      what: "a stage not taken", sample: "5.10-kvm_amd", set: "{stages: {sev_setup: ok}}", status: 1,
      lines: ["✗ stage sev_setup: expected ok, found skipped"]),
    Caught(
      what: "a stage failed", sample: "5.10-kvm_intel-fail", set: "{stages: {cpu_feature_check: ok}}", status: 1,
      lines: ["✗ stage cpu_feature_check: expected ok, found failed", "where: 5.1.1 CPU feature checks"]),
    Caught(
      what: "a stage too slow", sample: "6.12-kvm_intel", set: "{stages: {irqfd_init: {max: 1us}}}", status: 1,
      lines: ["✗ time of stage irqfd_init: expected at most 1us, found ", "where: 5.2 Workqueue for irqfd; kvm_irqfd_init [kvm] at "]),
    Caught(
      what: "a run too slow", sample: "6.12-kvm_intel", set: "{duration: 1us}", status: 1,
      lines: ["✗ time of the run: expected at most 1us, found "]),
    Caught(
      what: "a function that must not appear", sample: "6.12-kvm_intel", set: "{functions: {forbidden: kvm_irqfd_init}}", status: 1,
      lines: ["✗ no call of kvm_irqfd_init: expected no call, found a call of kvm_irqfd_init [kvm]"]),
    Caught(
      what: "a function that must appear", sample: "5.10-kvm_amd-record-full", set: "{functions: {required: \"kvm_gone [kvm]\"}}",
      status: 1,
      lines: ["✗ a call of kvm_gone [kvm]: expected a call, found no call"]),
    Caught(
      what: "lost events", sample: "5.10-kvm_amd-lost", set: "{lost_events: 0}", status: 1,
      lines: ["✗ lost events: expected none, found 2932", "why: record with a larger buffer (-b)"]),
    Caught(
      what: "a verdict of a trace that lost events", sample: "5.10-kvm_amd-lost", set: "{verdict: ok}", status: 2,
      lines: ["? verdict: expected ok, found incomplete", "why: events were lost while the run was on"]),
    Caught(
      what: "a wrong verdict", sample: "7.3-kvm_intel-fail-events", set: "{module: kvm_intel, verdict: ok}", status: 1,
      lines: ["✗ verdict: expected ok, found failed", "with EOPNOTSUPP; likely cause: "]),
    Caught(
      what: "a load that should have failed", sample: "6.12-kvm_intel", set: "{verdict: failed}", status: 1,
      lines: ["✗ verdict: expected failed, found ok"]),
    Caught(
      what: "another error", sample: "7.3-kvm_intel-fail-events", set: "{failure: {stage: vendor_support_check, errno: EIO}}", status: 1,
      lines: ["✗ error of the failure: expected EIO, found EOPNOTSUPP"]),
    Caught(
      what: "no run at all", sample: "5.10-kvm_amd-loaded", set: "{verdict: ok}", status: 2,
      lines: ["? verdict: expected ok, found unknown", "unload it first"]),
    Caught(
      what: "a kernel without expectations", sample: "6.12-kvm_intel", set: "{kernel: \"<6.12\", verdict: ok}", status: 2,
      lines: ["? expectations for the run: expected a set that fits the run, found kvm_intel on Linux 6.12.117: ok"]),
  ]

  @Test(arguments: caught) func itCatches(_ caught: Caught) throws {
    let outcome = try check("- \(caught.set)", "\(Self.samples)/\(caught.sample)")
    #expect(outcome.status == caught.status)
    let text = outcome.output.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    for line in caught.lines { #expect(text.contains(line), "\(outcome.output)") }
    #expect(lastLine(outcome).hasPrefix("1 trace, 1 expectation: 0 passed, ") || lastLine(outcome).hasPrefix("1 trace, 2 expectations: "))
    #expect(outcome.errors.isEmpty)
  }

  /// A kernel whose stage was taken out: its calls are cut from the text of a real one.
  @Test func itCatchesAStageThatIsGone() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", (Self.head + "- {module: kvm_amd, verdict: ok}").utf8)
    let text = "\(Self.samples)/6.12-kvm_amd-text-default/trace.txt.xz"
    #expect(try command.run(shell: "xz -dc '\(text)' | sed '/kvm_vfio_ops_init/,+2d' >gone.txt").status == 0)
    let outcome = try command.run("check", "gone.txt", "--expect", "e.yaml")
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains("✗ required stage vfio: expected a call, found missing\n    why: no call of kvm_vfio_ops_init below kvm_init")
    )
    #expect(lastLine(outcome) == "1 trace, 2 expectations: 1 passed, 1 failed, 0 inconclusive")
  }

  @Test func aFileThatIsNoTraceAndADamagedOne() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", (Self.head + "- {verdict: [ok, failed, incomplete, unknown]}").utf8)
    try command.write("none.dat", "no trace".utf8)
    let whole = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.intel)/trace.dat")))
    try command.write("cut.dat", whole[..<(whole.count / 2)])
    let outcome = try command.run("check", "none.dat", "gone.dat", "\(Self.intel)/trace.dat", "--expect", "e.yaml")
    #expect(outcome.status == 66)
    #expect(outcome.output.contains("ERROR  none.dat  cannot be read\n       none.dat: "))
    #expect(outcome.output.contains("ERROR  gone.dat  cannot be read\n       gone.dat: cannot be opened"))
    #expect(lastLine(outcome) == "3 traces, 2 expectations: 2 passed, 0 failed, 0 inconclusive; 2 files cannot be read")
    let cut = try command.run("check", "cut.dat", "--expect", "e.yaml")
    #expect(cut.status == 65)
    #expect(cut.output.contains("damaged") || cut.output.contains("cut off"), "\(cut.output)")
  }

  @Test func whatPassesIsOneLineAndTheSummaryIsLast() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", (Self.head + "- {module: kvm_intel, verdict: ok, lost_events: 0, stages: {irqfd_init: ok}}").utf8)
    try FileManager.default.createSymbolicLink(
      at: command.folder.appending(path: "intel.dat"), withDestinationURL: URL(filePath: "\(Self.intel)/trace.dat"))
    let outcome = try command.run("check", "intel.dat", "--expect", "e.yaml")
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        PASS   intel.dat  kvm_intel ok on 6.12.117+deb13-amd64: 4 passed
        1 trace, 4 expectations: 4 passed, 0 failed, 0 inconclusive

        """)
    #expect(
      try command.run("check", "intel.dat", "--expect", "e.yaml", "-q").output
        == "1 trace, 4 expectations: 4 passed, 0 failed, 0 inconclusive\n")
    #expect(
      try command.run("check", "intel.dat", "--expect", "e.yaml", "-v").output.contains("  ✓ stage irqfd_init: expected ok, found ok\n"))
  }

  @Test func aRunThatNoSetFitsCanBeAllowed() throws {
    #expect(try check("- {module: kvm_amd, verdict: ok}", Self.intel).status == 2)
    #expect(try check("- {module: kvm_amd, verdict: ok}", Self.intel, options: ["--allow-unmatched"]).status == 0)
  }

  @Test func aTextTraceIsToldItsKernel() throws {
    let text = "\(Self.samples)/6.12-kvm_amd-text-default"
    #expect(try check("- {kernel: \">=6.12\", verdict: ok}", text).status == 2)
    #expect(try check("- {kernel: \">=6.12\", verdict: ok}", text, options: ["--kernel", "6.12.117"]).status == 0)
  }

  // MARK: wrong use

  @Test func theExpectationsThemselves() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("bad.yaml", (Self.head + "- {verdict: okay}").utf8)
    let bad = try command.run("check", Self.intel, "--expect", "bad.yaml")
    #expect(bad.status == 65)
    #expect(bad.errors.hasPrefix("kvm-inittrace: error: bad.yaml:4:13: 'okay' is no verdict; did you mean ok?"))
    #expect(try command.run("check", Self.intel, "--expect", "gone.yaml").status == 66)
    #expect(try command.run("check", Self.intel).status == 64)
    #expect(try command.run("check", "--expect", "bad.yaml").status == 64)
    #expect(try command.run("check", Self.intel, "--expect", "bad.yaml", "--slack", "2").status == 64)
    #expect(try command.run("check", ".", "--expect", "bad.yaml").errors.contains("is a directory without a trace"))
  }

  // MARK: update

  @Test func whatUpdateWritesPassesAndStays() throws {
    let command = try Command()
    defer { command.remove() }
    let names = [
      "5.10-kvm_amd-record-stages", "6.12-kvm_amd-record-stages", "5.10-kvm_intel-fail-record", "5.10-kvm_amd-loaded", "6.12-kvm_amd-depth",
    ]
    let traces = names.map { "\(Self.samples)/\($0)" }
    let update = traces + ["--expect", "e.yaml", "--update"]
    let made = try command.run(["check"] + update)
    #expect(made.status == 0)
    #expect(made.output.isEmpty)
    #expect(made.errors.contains("sets of expectations from 5 traces are in e.yaml; read them"))
    let file = command.folder.appending(path: "e.yaml")
    let first = try String(contentsOf: file, encoding: .utf8)
    #expect(first.contains("kernel: \"5.10\"\n") && first.contains("kernel: \"6.12\"\n") && !first.contains("max:"))
    let outcome = try command.run(["check"] + traces + ["--expect", "e.yaml"])
    #expect(outcome.status == 0, "\(outcome.output)")
    // The order of the traces does not matter, and a second update changes nothing.
    _ = try command.run(["check"] + traces.reversed() + update.suffix(3))
    #expect(try String(contentsOf: file, encoding: .utf8) == first)
    // With --slack there are times too, and they hold.
    #expect(try command.run(["check"] + update + ["--slack", "2"]).status == 0)
    #expect(try String(contentsOf: file, encoding: .utf8).contains("irqfd_init: {status: ok, max: "))
    #expect(try command.run(["check"] + traces + ["--expect", "e.yaml"]).status == 0)
  }

  @Test func updateKeepsWhatAPersonWrote() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", (Self.head + "- {name: mine, verdict: ok, lost_events: 7}\n").utf8)
    let file = command.folder.appending(path: "e.yaml")
    #expect(try command.run("check", Self.intel, "--expect", "e.yaml", "--update").status == 0)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains("- name: mine\n    verdict: ok\n    lost_events: 7\n  - name: "))
    try command.write("e.yaml", (text + "# why\n").utf8)
    let refused = try command.run("check", Self.intel, "--expect", "e.yaml", "--update")
    #expect(refused.status == 64 && refused.errors.contains("holds comments") && refused.errors.contains("--force"))
    #expect(try command.run("check", Self.intel, "--expect", "e.yaml", "--update", "--force").status == 0)
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  @Test(arguments: [
    ["-o", "x"], ["--junit", "x"], ["--tap"], ["--format", "json"], ["--github"], ["--allow-unmatched"],
  ]) func updateTakesNoOptionsOfACheck(_ options: [String]) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(["check", Self.intel, "--expect", "e.yaml", "--update"] + options)
    #expect(outcome.status == 64 && outcome.errors.contains("belongs to a check"), "\(outcome.errors)")
    #expect(try command.run("check", Self.intel, "--expect", "e.yaml", "--force").status == 64)
  }

  @Test func whatCannotBeWrittenIsNotBlamedOnAnotherOption() throws {
    let command = try Command()
    defer { command.remove() }
    let updated = try command.run("check", Self.intel, "--expect", "no/e.yaml", "--update")
    #expect(updated.status == 73 && updated.errors.contains("; name another file, or free space"), "\(updated.errors)")
  }

  @Test func updateIsAllOrNothing() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("none.dat", "no trace".utf8)
    let outcome = try command.run("check", Self.intel, "none.dat", "--expect", "e.yaml", "--update")
    #expect(outcome.status == 65)
    #expect(!FileManager.default.fileExists(atPath: command.folder.appending(path: "e.yaml").path))
  }

  /// After a change of samples or of what is said of them: kvm-inittrace check SampleTraces --expect SampleTraces/expectations.yaml
  /// --update, and read the diff.
  @Test func theSamplesMeetTheirExpectationsWhichAreFresh() throws {
    let command = try Command()
    defer { command.remove() }
    let text = try Data(contentsOf: URL(filePath: "\(Self.samples)/expectations.yaml"))
    try command.write("e.yaml", text)
    let outcome = try command.run("check", Self.samples, "--expect", "e.yaml")
    #expect(outcome.status == 0, "\(outcome.output)")
    // Side by side, and in the order of their paths all the same.
    let paths = outcome.output.split(separator: "\n").filter { $0.hasPrefix("PASS   ") }.compactMap {
      $0.split(separator: " ").dropFirst().first
    }
    #expect(paths.count >= 60)
    #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(lastLine(outcome).hasPrefix("\(paths.count) traces, "))
    #expect(try command.run("check", Self.samples, "--expect", "e.yaml", "--update").status == 0)
    #expect(try Data(contentsOf: command.folder.appending(path: "e.yaml")) == text)
  }

  // MARK: formats

  @Test func junitGoesToItsFileBesideTheText() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("e.yaml", (Self.head + "- {stages: {irqfd_init: ok, fpu_cache: ok, sev_setup: ok}}").utf8)
    try command.write("none.dat", "no trace".utf8)
    let outcome = try command.run("check", Self.intel, "none.dat", "--expect", "e.yaml", "--junit", "out.xml")
    #expect(outcome.status == 65 && outcome.output.contains("FAIL   "))
    let xml = try String(contentsOf: command.folder.appending(path: "out.xml"), encoding: .utf8)
    #expect(xml.contains("<testsuites name=\"kvm-inittrace check\" tests=\"4\" failures=\"1\" errors=\"1\" time=\"0\">"))
    #expect(try command.run("check", Self.intel, "none.dat", "--expect", "e.yaml", "--format", "junit").output == xml)
    #expect(try command.run("check", Self.intel, "--expect", "e.yaml", "--junit", "no/out.xml").status == 73)
  }

  @Test func annotationsStandBeforeTheSummary() throws {
    let outcome = try check("- {stages: {fpu_cache: ok}}", Self.intel, options: ["--github"])
    #expect(outcome.output.hasPrefix("::error file=e.yaml,line=4,title=stage fpu_cache::"))
    #expect(lastLine(outcome) == "1 trace, 1 expectation: 0 passed, 1 failed, 0 inconclusive")
    #expect(try check("- {verdict: ok}", Self.intel, options: ["--github", "--tap"]).status == 64)
  }
}
