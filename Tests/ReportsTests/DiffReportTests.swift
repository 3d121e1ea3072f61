import CallTrees
import KVMStages
import SmallTraces
import Testing

@testable import Reports

/// A comparison as text, Markdown and JSON.
@Suite struct DiffReportTests {
  private static let before = """
    do_init_module 900us { do_one_initcall 800us =0 { svm_init[kvm_amd] 700us =0 {
      __kvm_is_svm_supported[kvm_amd] 1us =1 kvm_x86_vendor_init[kvm] 300us =0 { svm_hardware_setup[kvm_amd] 100us =0 }
      kvm_init[kvm] 200us =0 { kvm_irqfd_init[kvm] 10us =0 kvm_vfio_ops_init[kvm] 5us =0 misc_register 20us =0 { mutex_lock device_add } } } } }
    """

  static func side(_ calls: String..., kernel: String = "6.12.107") throws -> DiffSide {
    let digests = calls.flatMap { calls in
      var recording = SmallTrace.recording(calls, kernel: kernel)
      NameChecks.apply(to: &recording)
      let runs = Analyser.analyse(recording).runs.prefix(1)
      return RunDigest.digests(of: Array(runs), in: recording, path: "a.dat", scope: .kvm)
    }
    return try #require(DiffSide(digests))
  }

  private func text(_ diff: RunDiff, _ options: ReportOptions = ReportOptions()) -> String {
    var text = ""
    DiffText.write([diff], options: options, to: &text)
    return text
  }

  private func changed() throws -> RunDiff {
    let after = Self.before.replacing("kvm_irqfd_init[kvm] 10us =0", with: "")
    return RunDiff(try Self.side(Self.before), try Self.side(after.replacing("misc_register", with: "kvm_new[kvm] 3us misc_register")))
  }

  @Test func theSameIsSaidInOneLine() throws {
    let diff = RunDiff(try Self.side(Self.before), try Self.side(Self.before))
    #expect(text(diff, ReportOptions(quiet: true)) == "kvm_amd, 6.12.107: same\n")
    #expect(text(diff).contains("  the same: "))
    #expect(!text(diff).contains("calls that differ"))
  }

  @Test func whatDiffersIsSaid() throws {
    let lines = text(try changed()).split(separator: "\n").map(String.init)
    #expect(lines.first == "kvm_amd, 6.12.107: DIFFERENT in 1 stage, 2 places in the calls")
    #expect(lines.contains { $0.hasPrefix("  ~ 5.2 Workqueue for irqfd  changed  10.00 µs  MISSING") }, "\(lines)")
    #expect(lines.contains("  -     kvm_irqfd_init [kvm]  10.00 µs"), "\(lines)")
    #expect(lines.contains("  +     kvm_new [kvm]  3.000 µs"), "\(lines)")
  }

  @Test func depthCutsTheCalls() throws {
    let shown = text(try changed(), ReportOptions(maxDepth: 1))
    #expect(shown.contains("kvm_init [kvm]") && !shown.contains("kvm_new"))
  }

  @Test(arguments: [60, 100]) func linesFit(_ width: Int) throws {
    for line in text(try changed(), ReportOptions(width: width, verbose: true)).split(separator: "\n") {
      #expect(Columns.width(String(line)) <= width, "\(line)")
    }
  }

  @Test func colourAddsNothing() throws {
    let coloured = text(try changed(), ReportOptions(color: true))
    let plain = coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    func trimmed(_ text: String) -> [String] {
      text.split(separator: "\n").map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    }
    let expected = trimmed(text(try changed()))
    #expect(coloured != plain && trimmed(plain) == expected)
  }

  @Test func asciiTerminals() throws {
    #expect(text(try changed(), ReportOptions(unicode: false)).utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func severalRunsShowTheirSpread() throws {
    func run(_ time: Int) -> String { Self.before.replacing("kvm_irqfd_init[kvm] 10us", with: "kvm_irqfd_init[kvm] \(time)us") }
    let diff = RunDiff(try Self.side(run(100), run(102), run(100)), try Self.side(run(130), run(131), run(130)))
    let shown = text(diff)
    #expect(shown.contains("~ 5.2 Workqueue for irqfd  slower  100.0 µs ±2%  130.0 µs ±0.8%  +30%"), "\(shown)")
    #expect(shown.contains("before: a.dat and 2 more runs: 3 runs: ok"), "\(shown)")
  }

  @Test func severalKernelsOnOneSideAreNamed() throws {
    let old = try Self.side(Self.before, kernel: "6.12.107").runs + Self.side(Self.before, kernel: "6.12.117").runs
    let shown = text(RunDiff(try #require(DiffSide(old)), try Self.side(Self.before)))
    #expect(shown.contains("! the runs before are of 2 kernels, and compared as if they were of one"), "\(shown)")
  }

  @Test func markdown() throws {
    var shown = ""
    DiffMarkdown.write([try changed()], options: ReportOptions(), to: &shown)
    #expect(shown.hasPrefix("### kvm_amd, 6.12.107: DIFFERENT in 1 stage, 2 places in the calls\n"))
    #expect(shown.contains("| 5.2 Workqueue for irqfd | changed | 10.00 µs | MISSING |  |"), "\(shown)")
    #expect(shown.contains("```diff\n") && shown.contains("+     kvm_new [kvm]  3.000 µs\n"), "\(shown)")
  }

  // MARK: hostile names

  private static let evil = "kvm_a\u{1B}c\u{202E}b|c```<script>@user"

  private func hostile() throws -> RunDiff {
    let calls = Self.before.replacing("misc_register", with: "\(Self.evil)[kvm] misc_register")
    return RunDiff(try Self.side(Self.before), try Self.side(calls, kernel: "6.12\u{1B}[2J|`<b>"))
  }

  @Test func hostileNamesAreEscaped() throws {
    let shown = text(try hostile())
    #expect(shown.contains(#"kvm_a\x1bc\u202eb|c"#) && !shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
    var markdown = ""
    DiffMarkdown.write([try hostile()], options: ReportOptions(), to: &markdown)
    #expect(!markdown.contains("\u{1B}") && markdown.contains("````diff"))
    let head = markdown.prefix { $0 != "\n" }
    #expect(!head.contains("<b>"), "\(head)")
  }

  @Test(.enabled(if: SchemaValidator.isThere, "python3 has no jsonschema")) func jsonFollowsItsSchema() throws {
    let diffs = [try changed(), try hostile(), RunDiff(try Self.side(Self.before), try Self.side(Self.before))]
    let documents = diffs.map { diff in
      var json = ""
      DiffJSON.write([diff], to: &json)
      return json
    }
    #expect(try SchemaValidator.isValid("[" + documents.joined(separator: ",") + "]", schema: "diff.schema.json"))
    #expect(try !SchemaValidator.isValid(#"[{"schema":"kvm-inittrace/diff","version":1}]"#, schema: "diff.schema.json"))
  }
}
