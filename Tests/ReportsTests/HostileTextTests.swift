import Testing

@testable import Reports

/// Names and messages of a trace are somebody else's text.
struct HostileTextTests {
  private static let evil = "a\u{1B}[31m\u{202E}b|c`d<script>@user\n#1\u{9B}\u{0}"

  private static let recording = HostileSample.recording(evil)
  private static let analysis = HostileSample.analysis(evil)

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
