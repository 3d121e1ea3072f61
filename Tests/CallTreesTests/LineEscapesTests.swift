import Testing

@testable import CallTrees

struct LineEscapesTests {
  @Test(arguments: [
    ("", ""), ("plain ü日本", "plain ü日本"), ("a\nb", #"a\nb"#), (#"a\b"#, #"a\\b"#), (#"\n"#, #"\\n"#), ("\t\r", #"\x09\x0d"#),
    ("\r\n", #"\x0d\n"#), ("\u{1b}[2J", #"\x1b[2J"#), ("\0\u{9b}", #"\x00\x9b"#), ("e\u{301}", "e\u{301}"), ("\u{301}", "\u{301}"),
  ]) func aTextIsOneLine(_ text: String, _ line: String) {
    #expect(LineEscapes.escaped(text) == line)
    // Equal strings may still differ in their bytes.
    #expect(Array(LineEscapes.unescaped(line[...]).utf8) == Array(text.utf8))
  }

  @Test(arguments: [
    (#"a\tb\rc"#, "a\tb\rc"), (#"end\"#, #"end\"#), (#"\x4"#, "x4"), (#"\xzz"#, "xzz"), (#"\x41"#, "A"), (#"\ü"#, "ü"),
    (#"\\x41"#, #"\x41"#),
  ]) func anyLineIsRead(_ line: String, _ text: String) {
    #expect(LineEscapes.unescaped(line[...]) == text)
  }
}
