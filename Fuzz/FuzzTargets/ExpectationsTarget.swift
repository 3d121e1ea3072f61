import CallTrees
import Corruption
import ExpectationsFile
import KVMStages
import Reports
import SmallTraces

/// Expectations in YAML and JSON: read, judged by small traces, reported in every format, and written anew as `check --update` does.
enum ExpectationsTarget: FuzzTarget {
  static let name = "expectations"

  private struct Trace {
    var path: String
    var recording: Recording
    var analysis: Analysis

    init(_ path: String, kernel: String?, _ text: String) {
      self.path = path
      recording = SmallTrace.recording(text, kernel: kernel)
      analysis = Analyser.analyse(recording)
    }
  }

  /// A load that fails, one that does not, and several of which events are lost.
  private static let traces = [
    Trace(
      "6.12-kvm_amd-fail/trace.dat", kernel: "6.12.1",
      """
      do_init_module 9ms { do_one_initcall 8ms { svm_init[kvm_amd] 7ms =-95 {
        kvm_x86_vendor_init[kvm] 2ms =-95 { svm_hardware_setup[kvm_amd] 1ms =-95 } kvm_init[kvm] 4ms { kvm_irqfd_init[kvm] }
      } } }
      """),
    Trace(
      "7.3-kvm_intel/trace.dat", kernel: "7.3.4",
      """
      do_init_module 9ms { do_one_initcall 8ms { vmx_init[kvm_intel] 7ms =0 {
        kvm_x86_vendor_init[kvm] 2ms =0 { vmx_hardware_setup[kvm_intel] 1ms =0 }
        kvm_init[kvm] 4ms =0 { kmem_cache_create_usercopy 2us kvm_irqfd_init[kvm] 3us =0 kvm_async_pf_init[kvm] 2us =0 misc_register 90us =0 }
      } } }
      """),
    Trace(
      "nowhere/trace.txt", kernel: nil,
      """
      do_init_module 9ms { do_one_initcall 8ms { init_module[kvm_intel] 7ms { kvm_init[kvm] 4ms =-17 } } } !lost
      do_init_module 9ms { do_one_initcall 8ms { 0xffffffffc0000000 7ms { kvm_init[kvm] open { !lost kvm_irqfd_init[kvm]
      """),
  ]

  static let seeds = [
    """
    schema: kvm-inittrace/expectations
    version: 1
    expect:
      - name: any
        module: [kvm_amd, kvm-intel]
        kernel: ">=5.10 <7.4"
        traces: ["*/trace.dat", "!5.10*/**"]
        verdict: ok
        duration: 50ms
        lost_events: 0
        stages:
          irqfd_init: ok
          misc_register: {status: [ok, skipped], max: 2ms, calls: 1}
          cpuhp_register: {calls: {min: 1, max: 4}}
        functions:
          required: [kvm_init, "kvm_irqfd_init [kvm]", no_such_function]
          forbidden: kvm_exit
        runs: 1
      - module: kvm_amd
        generated: true
        failure: {stage: vendor_hardware_setup, errno: EOPNOTSUPP, function: svm_hardware_setup}
        tolerate: [not-traced, async_pf]
      - vendor: [intel]
        verdict: [incomplete, unknown]
        functions: {forbidden: [kvm_init]}
        runs: 2

    """,
    """
    {"schema": "kvm-inittrace/expectations", "version": 1,
     "expect": [{"verdict": ["ok", "failed"], "stages": {"irqfd": "ok"}, "name": "a\\u0041\\n"}]}
    """,
  ].map { Array($0.utf8) }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    var file: ExpectationsFile?
    var slowest = effort.time {
      do throws(ExpectationsError) {
        let read = try ExpectationsFile(Array(bytes), path: "input")
        rewrite(read)
        file = read
      } catch {
        if "\(error)".isEmpty || ![65, 66, 77].contains(error.exitCode) { fail("exit status \(error.exitCode): \(error)") }
      }
    }
    guard let file else { return slowest }
    for trace in traces { slowest = max(slowest, effort.time { judge(trace, by: file) }) }
    return slowest
  }

  private static func judge(_ trace: Trace, by file: ExpectationsFile) {
    let told = trace.recording.source.kernel
    let kernel = told.flatMap { KernelVersion(release: $0) }
    let results = ExpectationJudge.judge(file.expectations, path: trace.path, trace.recording, trace.analysis, kernel: kernel)
    let check = TraceCheck(path: trace.path, kernel: told, summary: "kvm", results: results)
    let report = CheckReport(expectations: file.path, traces: [check], exitStatus: 1)
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
    "failed", "kernel", ">=6.3 <6.12", "stages", "max", "50ms", "999999999999s", "functions", "never", "/.*/", "tolerate", "runs", "calls",
    "min", "required",
    "forbidden", "failure", "function", "errno", "EOPNOTSUPP", "vendor", "intel", "incomplete", "not-traced", "kvm_init [kvm]",
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
