import CallTrees
import Corruption
import ExpectationsFile
import KVMStages
import Reports
import SmallTraces

/// Expectations in YAML and JSON: read, judged by a small trace, reported in every format, and written anew as `check --update` does.
enum ExpectationsTarget: FuzzTarget {
  static let name = "expectations"

  private static let recording = SmallTrace.recording(
    "do_init_module 9ms { do_one_initcall 8ms { svm_init[kvm_amd] 7ms =-95 { kvm_x86_vendor_init[kvm] 2ms kvm_init[kvm] 4ms { kvm_irqfd_init[kvm] } } } }",
    kernel: "6.12.1")
  private static let analysis = Analyser.analyse(recording)

  static let seeds = [
    """
    schema: kvm-inittrace/expectations
    version: 1
    expect:
      - name: any
        module: [kvm_amd, kvm-intel]
        kernel: ">=5.10 <7.4"
        traces: ["*/trace.dat"]
        verdict: ok
        duration: 50ms
        lost_events: 0
        stages:
          irqfd: ok
          misc_device: {status: [ok, skipped], max: 2ms}
        functions:
          required: [kvm_init]
          forbidden: "kvm_*_exit"
        runs: 1
      - module: kvm_amd
        generated: true
        failure: {stage: hardware_setup, errno: EOPNOTSUPP}
        tolerate: [not-traced]

    """,
    """
    {"schema": "kvm-inittrace/expectations", "version": 1,
     "expect": [{"verdict": ["ok", "failed"], "stages": {"irqfd": "ok"}, "name": "a\\u0041\\n"}]}
    """,
  ].map { Array($0.utf8) }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    effort.time {
      do throws(ExpectationsError) {
        let file = try ExpectationsFile(Array(bytes), path: "input")
        judge(file)
        rewrite(file)
      } catch {
        if "\(error)".isEmpty || ![65, 66, 77].contains(error.exitCode) { fail("exit status \(error.exitCode): \(error)") }
      }
    }
  }

  private static func judge(_ file: ExpectationsFile) {
    let kernel = recording.source.kernel.flatMap { KernelVersion(release: $0) }
    let results = ExpectationJudge.judge(file.expectations, path: "input", recording, analysis, kernel: kernel)
    let trace = TraceCheck(path: "input", kernel: recording.source.kernel, summary: "kvm_amd", results: results)
    let report = CheckReport(expectations: file.path, traces: [trace], exitStatus: 1)
    var text = ""
    CheckText.write(report, options: ReportOptions(verbose: true), to: &text)
    CheckJSON.write(report, to: &text)
    CheckJUnit.write(report, to: &text)
    CheckTAP.write(report, to: &text)
    CheckAnnotations.write(report, to: &text)
    if text.isEmpty { fail("nothing is reported") }
  }

  /// What is written can be read, and holds as many sets.
  private static func rewrite(_ file: ExpectationsFile) {
    let update = [ExpectationSet(name: "one")].map { set in
      var set = set
      set.verdicts = [.ok]
      return set
    }
    for asJSON in [false, true] {
      let text = ExpectationsWriter.text(update, keeping: file, asJSON: asJSON)
      do throws(ExpectationsError) {
        let again = try ExpectationsFile(Array(text.utf8), path: "again")
        let other = ExpectationsWriter.text(update, keeping: again, asJSON: asJSON)
        if other != text { fail("written twice, the expectations are others:\n\(text)\n---\n\(other)") }
      } catch {
        fail("what was written cannot be read: \(error)\n\(text)")
      }
    }
  }

  private static let words = [
    "&a", "*a", "!!str", "!", "- ", "? ", ": ", "| ", "> ", "{", "}", "[", "]", "{{{{{{{{", "[[[[[[[[[[[[[[[[[[", "\"", "'", "#", "---",
    "...", "%YAML 1.2",
    "null", "~", "true", "0x10", "1e9", "\\u0000", "\\ud83d\\ude00", "\u{feff}", "\u{85}", "schema", "version", "expect", "verdict", "ok",
    "failed", "kernel", ">=6.3 <6.12", "stages", "max", "50ms", "999999999999s", "functions", "never", "/.*/", "tolerate", "runs",
    "lost_events",
    "duration", "name", "generated", "traces", "*.dat", "**/", "<<",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    switch UInt8.random(in: 0..<10, using: &dice) {
    case 0:
      // A value in itself, again and again.
      let bracket: UInt8 = Bool.random(using: &dice) ? UInt8(ascii: "[") : UInt8(ascii: "{")
      let count = 1 << Int.random(in: 1...14, using: &dice)
      bytes.insert(contentsOf: repeatElement(bracket, count: count), at: Int.random(in: 0...bytes.count, using: &dice))
    case 1: dice.change(text: &bytes)
    default: TextChanges.change(&bytes, words: words, separators: " :,[]{}\"'-", with: &dice)
    }
    return true
  }
}
