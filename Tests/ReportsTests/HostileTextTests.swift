import CallTrees
import KVMStages
import Testing

@testable import Reports

/// Names and messages of a trace are somebody else's text.
struct HostileTextTests {
  private static let evil = "a\u{1B}[31m\u{202E}b|c`d<script>@user\n#1\u{9B}\u{0}"

  private static var recording: Recording {
    var builder = RecordingBuilder(keys: .interned)
    builder.name(pid: 7, comm: evil)
    let id = builder.intern(Function(address: nil, name: evil, module: evil))
    let events = [
      GraphEvent(time: 1000, function: UInt64(id.index), value: 0, pid: 7, depth: 0, kind: .enter),
      GraphEvent(time: 3000, function: UInt64(id.index), value: 2000, pid: 7, depth: 0, kind: .leave),
    ]
    events.withUnsafeBufferPointer { builder.append(UnsafeBufferPointer(rebasing: $0[..<1]), cpu: 0) }
    builder.append(TraceEvent(time: 1500, cpu: 0, pid: 7, payload: .console(evil)))
    events.withUnsafeBufferPointer { builder.append(UnsafeBufferPointer(rebasing: $0[1...]), cpu: 0) }
    var source = TraceSource(path: evil, kind: .ftraceText)
    source.kernel = evil
    source.machine = evil
    return builder.finish(source: source, damage: [Damage(line: 3, message: evil)])
  }

  private static var analysis: Analysis {
    let stage = Stage.sample(evil, evil, evil)
    var run = Run(
      task: 0, pid: 7, comm: evil, module: evil, vendor: .amd, rootRow: 0, root: evil, verdict: .failed, reason: evil, startNS: 1000,
      durationNS: 2000)
    run.failure = Failure(
      stage: stage, function: evil, path: [PathStep(function: evil, role: evil, result: -5, row: 0)], errno: "EIO", code: -5,
      evidence: [.kernelLog], evidenceText: [evil], inferred: true, log: [evil], cause: evil, remedy: evil)
    run.stages = [
      StageResult(stage: stage, status: .failed, note: evil, rows: [0]), StageResult(stage: stage, status: .absent, note: evil),
    ]
    run.notes = [evil]
    return Analysis(runs: [run])
  }

  private func actsOnTerminal(_ text: String) -> Bool { text.unicodeScalars.contains { $0.actsOnTerminal && $0 != "\n" } }

  @Test(arguments: [true, false])
  func nothingActsOnTheTerminal(unicode: Bool) {
    let shown = text(Self.recording, Self.analysis, ReportOptions(unicode: unicode, verbose: true, showTree: true, showNoise: true))
    #expect(!actsOnTerminal(shown))
    #expect(shown.longestLine <= 100)
    #expect(shown.contains(#"a\x1b[31m\u202eb"#))
    if !unicode { #expect(shown.utf8.count == shown.unicodeScalars.count) }
  }

  @Test func nothingIsMarkup() {
    var shown = ""
    MarkdownReport.write(Self.recording, Self.analysis, options: ReportOptions(verbose: true), to: &shown)
    #expect(!actsOnTerminal(shown))
    for line in shown.split(separator: "\n") where line.hasPrefix("|") {
      let bars = line.replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == 10)
    }
    let running = shown.split(separator: "\n").filter { $0.contains("script") && !$0.contains("`") }
    let joined = running.joined()
    #expect(!joined.contains("<script>"))
  }

  @Test func codeSpansHoldBackticks() {
    #expect(MarkdownText.code("a`b") == "``a`b``")
    #expect(MarkdownText.code("`") == "`` ` ``")
    #expect(MarkdownText.block(["x ``` y"]) == "````text\nx ``` y\n````\n")
    #expect(MarkdownText.plain("kvm_init <b> __x_ *a* @me #1") == "kvm_init &lt;b&gt; \\_\\_x_ \\*a\\* \\@me \\#1")
  }

  @Test func jsonStaysJSON() {
    var shown = ""
    JSONReport.write(Self.recording, Self.analysis, to: &shown)
    #expect(!actsOnTerminal(shown))
    #expect(shown.contains(#"a\u001b[31m\u202eb|c`d<script>@user\n#1\u009b\u0000"#))
  }
}
