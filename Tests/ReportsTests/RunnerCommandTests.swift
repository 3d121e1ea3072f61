import Testing

@testable import Reports

/// GitHub's runner obeys lines of a log: none may come from a trace.
struct RunnerCommandTests {
  @Test(arguments: [
    ("::error::x", #"\x3a:error::x"#), ("   ::error::x", #"   \x3a:error::x"#), ("\u{2003}\u{a0}::x", "\u{2003}\u{a0}\\x3a:x"),
    ("a ::error::x", "a ::error::x"), (":x", ":x"), ("", ""),
    ("  ", "  "), ("::", #"\x3a:"#),
  ]) func linesThatBeginAsOne(_ line: String, _ shown: String) { #expect(RunnerCommand.disarmed(line) == shown) }

  @Test(arguments: [
    ("a##[group]b", #"a##\x5bgroup]b"#), ("###[x", #"###\x5bx"#), ("#[x", "#[x"), ("# #[x", "# #[x"), ("func#1", "func#1"),
  ]) func theOlderForm(_ text: String, _ shown: String) {
    #expect(TerminalText.escaped(text) == shown)
    #expect(String(decoding: JSONText.quoted(text), as: UTF8.self) == "\"\(shown.replacing(#"\x5b"#, with: #"\u005b"#))\"")
  }

  /// Wherever a text is wrapped.
  @Test func noLineOfAPageBeginsAsOne() {
    var page = Page(ReportOptions(width: 40))
    page.paragraph(indent: 2, label: "note: ", "some words that fill the first line ::stop-commands::x and ::error::y")
    page.line(("  ", .plain), ("::error::z", .bad))
    let lines = page.text.split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines.count > 2 && !lines.contains { $0.hasPrefix("::") })
    #expect(page.text.contains(#"\x3a:stop-commands::x"#) && page.text.contains(#"\x3a:error::z"#))
  }

  @Test func norOfABlockOfMarkdown() { #expect(MarkdownText.block(["::error::x"]) == "```text\n\\x3a:error::x\n```\n") }
}
