import Testing

@testable import Reports

/// Names of a trace are text, wherever in a page they come to stand.
struct HTMLEscapingTests {
  private static let evil = "</script><img src=x onerror=alert(1)><!--\u{2028}\"'&amp;"

  @Test func textIsEscaped() {
    #expect(HTMLText.escaped("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;")
    #expect(HTMLText.escaped("\u{1B}[1m\u{202E}") == #"\x1b[1m\u202e"#)
    #expect(HTMLText.escaped("‹µs› €") == "‹µs› €")
  }

  @Test func dataCannotEndItsBlock() {
    var json: [UInt8] = []
    JSONText.appendQuoted(Self.evil, to: &json)
    let script = HTMLText.script(json)
    #expect(script == #""\u003c/script\u003e\u003cimg src=x onerror=alert(1)\u003e\u003c!--\u2028\"'\u0026amp;""#)
  }

  @Test func noNameBecomesMarkup() throws {
    var page = HTMLReport(options: ReportOptions(verbose: true))
    var text = ""
    page.write(HostileSample.recording(Self.evil), HostileSample.analysis(Self.evil), to: &text)
    page.finish(to: &text)
    let tree = try #require(HTMLTree.parse(text))
    #expect(tree.all("img").isEmpty)
    #expect(!text.contains("<img") && !text.contains("<!--"))
    #expect(tree.all("h2").first?.wholeText.contains("</script><img src=x onerror=alert(1)>") == true)
    #expect(tree.all("a").allSatisfy { ($0.attributes["href"] ?? "").hasPrefix("#") })
  }

  @Test(arguments: [
    ("6.12.117+deb13-amd64", "v6.12.117"), ("5.10.0-46-amd64", "v5.10"), ("6.18.0-rc3+", "v6.18-rc3"), ("7.3.4", "v7.3.4"),
    ("5.14.0-427.13.1.el9_4.x86_64", "v5.14"),
  ])
  func linksNameTheKernel(release: String, tag: String) { #expect(SourceLinks.tag(release) == tag) }

  @Test func whatIsNoKernelHasNoTag() {
    #expect(SourceLinks.tag("0.1-toy") == nil && SourceLinks.tag("linux") == nil)
    #expect(SourceLinks(kernel: nil).address(of: "kvm_init [kvm]") == "https://elixir.bootlin.com/linux/latest/A/ident/kvm_init")
  }

  @Test func onlyTrustedNamesAreLinked() {
    #expect(SourceLinks.identifier("kvm_get_feature_msr.constprop.0 [kvm]") == "kvm_get_feature_msr")
    for name in ["0xffffffffc05fc014", "0xffffffffc05fc014 (svm_x?)", "?", "a/b", "", "a b"] {
      #expect(SourceLinks.identifier(name) == nil)
    }
  }
}
