import CallTrees
import KVMStages
import Testing

@testable import Reports

/// The page, as a browser without scripts shows it.
struct HTMLReportTests {
  private func page(_ recording: Recording, _ analysis: Analysis, _ options: ReportOptions = ReportOptions()) throws -> HTMLTree {
    try #require(HTMLTree.parse(markup(recording, analysis, options)), "the page is not well-formed")
  }

  private func markup(_ recording: Recording, _ analysis: Analysis, _ options: ReportOptions = ReportOptions()) -> String {
    var page = HTMLReport(options: options)
    var text = ""
    page.write(recording, analysis, to: &text)
    page.finish(to: &text)
    return text
  }

  @Test func theVerdictComesFirst() throws {
    let page = try page(Sample.failed, Sample.failedAnalysis)
    let run = try #require(page.first(id: "run-1"))
    #expect(page.all("title").first?.wholeText == "kvm_intel: FAILED at 5.1.1 CPU feature support checks (EOPNOTSUPP) · kvm-inittrace")
    #expect(run.children.first { $0.name != "p" }?.wholeText.contains("FAILED at 5.1.1 CPU feature support checks (EOPNOTSUPP)") == true)
    let failure = try #require(run.all("section", class: "failure").first)
    #expect(failure.all("ol", class: "path").first?.children.count == 4)
    let story = failure.wholeText
    for text in ["[-EOPNOTSUPP]", "= vmx_init, by its place", "VMX not supported by CPU 0", "enable nested virtualization"] {
      #expect(story.contains(text))
    }
  }

  @Test func theFailingPathIsMarked() throws {
    let page = try page(Sample.failed, Sample.failedAnalysis)
    let culprits = page.all("tr", class: "culprit")
    #expect(culprits.map { $0.attributes["data-stage"] } == ["cpu_feature_check"])
    #expect(page.all("tr", class: "on-path").map { $0.attributes["data-stage"] } == ["vendor_entry"])
    #expect(page.all("svg", class: "culprit").allSatisfy { $0.attributes["data-stage"] == "cpu_feature_check" })
  }

  @Test func mendingIsTold() throws {
    let page = try page(Sample.failed, Sample.failedAnalysis)
    #expect(page.all("ul", class: "integrity").first?.wholeText.contains("1 call mended, 1 of them without a return") == true)
    let calls = try #require(page.first(id: "run-1-calls"))
    #expect(calls.text.contains("‹return not recorded›"))
  }

  /// Cells of the stage table are those of the text report.
  @Test func stagesHaveTheirCells() throws {
    let page = try page(Sample.loaded, Sample.loadedAnalysis)
    let row = try #require(page.all("tr").first { $0.attributes["data-stage"] == "irqfd_init" })
    #expect(row.children.map(\.wholeText)[0] == "5.2")
    #expect(row.children.map(\.wholeText).dropFirst(2) == ["✓ ok", "@400.0 µs", "+30.00 µs", "", "", ""])
    #expect(row.children[4].attributes["data-value"] == "30000")
    let shares = try #require(page.all("tr").first { $0.attributes["data-stage"] == "cpuhp_register" })
    #expect(shares.wholeText.contains("per CPU: CPU 0 +9.000 µs, CPU 1 +12.00 µs [-EIO]"))
    #expect(page.all("tr").first { $0.attributes["data-stage"] == "tdx" }?.has("untold") == true)
  }

  @Test func everyStageIsExplained() throws {
    let page = try page(Sample.loaded, Sample.loadedAnalysis)
    let links = page.all("a", class: "explain").compactMap { $0.attributes["href"] }
    #expect(links.count == 8)
    for link in links { #expect(page.first(id: String(link.dropFirst())) != nil) }
  }

  @Test func nothingIsLoaded() throws {
    let page = try page(Sample.failed, Sample.failedAnalysis)
    let policy = try #require(page.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"])
    #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
    #expect(policy.contains(PageScript.hash) && policy.contains(PageStyle.hash))
    for element in page.all({ _ in true }) {
      #expect(element.attributes["src"] == nil && element.attributes["style"] == nil)
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
      if element.name == "a", let href = element.attributes["href"], !href.hasPrefix("#") {
        #expect(href.hasPrefix("https://elixir.bootlin.com/linux/v6.12.107/A/ident/"))
        #expect(element.attributes["rel"] == "noreferrer noopener")
      }
    }
    #expect(page.all("script").filter { $0.attributes["type"] == nil }.map(\.text) == [PageScript.text])
  }

  @Test func theReportIsInThePage() throws {
    var json = ""
    JSONReport.write(Sample.failed, Sample.failedAnalysis, pretty: false, to: &json)
    let page = try page(Sample.failed, Sample.failedAnalysis)
    #expect(page.first(id: "report")?.text == json)
  }

  @Test func severalTracesAreOnePage() throws {
    var page = HTMLReport(traces: 2)
    var text = ""
    page.write(Sample.failed, Sample.failedAnalysis, to: &text)
    page.write(Sample.loaded, Sample.loadedAnalysis, to: &text)
    page.finish(to: &text)
    let tree = try #require(HTMLTree.parse(text))
    #expect(tree.all("section", class: "run").map { $0.attributes["id"] } == ["run-1", "run-2"])
    #expect(tree.first(id: "report-2") != nil)
    let ids = tree.all { $0.attributes["id"] != nil }.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
  }

  @Test func quietIsTheVerdictOnly() throws {
    let page = try page(Sample.failed, Sample.failedAnalysis, ReportOptions(quiet: true))
    #expect(page.all("table").isEmpty && page.all("h2").count == 1)
  }
}
