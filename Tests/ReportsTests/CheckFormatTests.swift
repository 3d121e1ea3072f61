import Testing

@testable import ExpectationsFile
@testable import KVMStages
@testable import Reports

/// The formats of a check, with text that means something to them.
@Suite struct CheckFormatTests {
  /// A path, a set and a reason with all that XML, TAP, GitHub and terminals care about.
  private static let hostile = "a<b>&\"'#\\:,%\u{1b}[31m\n]]>\u{FFFE}"

  private func result(_ outcome: ExpectationResult.Outcome, _ text: String = hostile) -> ExpectationResult {
    var place = ExpectationPlace(run: 1, runTitle: text)
    place.stage = Catalogue.stage("irqfd_init")
    place.function = text
    place.offsetNS = 1200
    place.row = 3
    return ExpectationResult(
      kind: .requiredFunction, subject: text, outcome: outcome, expected: "a call", found: text, reason: text, place: place, set: text,
      line: 4)
  }

  private func report(_ text: String = hostile) -> CheckReport {
    CheckReport(
      expectations: text,
      traces: [
        TraceCheck(path: text, kernel: text, summary: text, results: ExpectationResult.Outcome.allCases.map { result($0, text) }),
        TraceCheck(path: "none", kernel: nil, summary: "", results: [], problem: text, problemStatus: 65),
        TraceCheck(path: "cut", kernel: nil, summary: "KVM incomplete", results: [result(.pass, text)], problem: text, problemStatus: 65),
      ], exitStatus: 65)
  }

  // MARK: JUnit

  /// What the Jenkins schema (junit-10.xsd) and Surefire's ask for: names, counts that are right, one outcome per case, nothing else.
  @Test func junitHasTheStructureOfTheCommonSchema() throws {
    var xml = ""
    CheckJUnit.write(report(), to: &xml)
    let root = try #require(XMLTree.parse(xml), "not well-formed: \(xml)")
    #expect(root.name == "testsuites")
    #expect(root.children.map(\.name) == ["testsuite", "testsuite", "testsuite"])
    var totals = [0, 0, 0, 0]
    for suite in root.children {
      #expect(Set(suite.attributes.keys) == ["name", "tests", "failures", "errors", "skipped", "time"])
      var counts = [0, 0, 0, 0]
      for test in suite.children {
        #expect(test.name == "testcase")
        #expect(Set(test.attributes.keys) == ["name", "classname", "time"])
        #expect(test.attributes.values.allSatisfy { !$0.isEmpty })
        #expect(test.children.count <= 1)
        counts[0] += 1
        switch test.children.first?.name {
        case nil: break
        case "failure": counts[1] += 1
        case "error": counts[2] += 1
        case "skipped": counts[3] += 1
        case let other: Issue.record("\(other ?? "") has no place in a test case")
        }
        for child in test.children { #expect(child.attributes["message"]?.isEmpty == false) }
      }
      #expect(["tests", "failures", "errors", "skipped"].map { suite.attributes[$0].flatMap { Int($0) } } == counts)
      totals = zip(totals, counts).map { $0 + $1 }
    }
    #expect(Set(root.attributes.keys) == ["name", "tests", "failures", "errors", "time"])
    #expect(["tests", "failures", "errors"].map { root.attributes[$0].flatMap { Int($0) } } == totals.dropLast())
    #expect(totals == [7, 1, 3, 1])
    #expect(!xml.contains("\u{1b}") && !xml.contains("\u{FFFE}"))
  }

  // MARK: TAP

  @Test func tapIsPlannedAndNumbered() {
    var tap = ""
    CheckTAP.write(report(), to: &tap)
    let lines = tap.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["TAP version 14", "1..7"])
    let points = lines.filter { !$0.hasPrefix("#") }.dropFirst(2)
    #expect(
      points.map { String($0.prefix { $0 != "-" }) } == ["ok 1 ", "not ok 2 ", "not ok 3 ", "ok 4 ", "not ok 5 ", "not ok 6 ", "ok 7 "])
    // A '#' that is not escaped begins a directive.
    #expect(points.map { $0.contains(" # ") } == [false, false, false, true, false, false, false])
    #expect(points.first?.contains(##"a<b>&"'\#\\:,%\\x1b[31m\\n"##) == true, "\(points.first ?? "")")
    #expect(lines.contains { $0.hasPrefix("# inconclusive: expected a call") })
  }

  // MARK: GitHub

  @Test func annotationsAreEscapedAsGitHubAsks() {
    var text = ""
    CheckAnnotations.write(report("a:b,c%d\n\r"), to: &text)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 4)
    let (property, data) = (#"a%3Ab%2Cc%25d\n\r"#, #"a:b,c%25d%0A\r"#)
    #expect(
      lines.first.map(String.init)
        == "::error file=\(property),line=4,title=run 1%3A a call of \(property)::\(data): expected a call, found \(data)%0A\(data)"
        + "%0Awhere: run 1 (\(data)); 5.2 Workqueue for irqfd; \(data) at 1.200 us")
    #expect(lines.dropFirst().first?.hasPrefix("::warning file=") == true)
    #expect(lines.last?.hasPrefix("::error file=cut,title=the file is a whole trace::") == true)
  }

  // MARK: text

  @Test func textIsSafeAndWithinItsWidth() {
    for width in [60, 100] {
      var text = ""
      CheckText.write(report(), options: ReportOptions(width: width, verbose: true), to: &text)
      #expect(!text.contains("\u{1b}"))
      #expect(text.split(separator: "\n").allSatisfy { Columns.width(String($0)) <= width })
      let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      let summary = "3 traces, 4 expectations: 2 passed, 1 failed, 1 inconclusive; 1 trace is damaged; 1 file cannot be read"
      #expect(words.hasSuffix(summary), "\(text)")
    }
  }

  // MARK: schemas

  @Test(.enabled(if: SchemaValidator.isThere)) func jsonIsValidByItsSchema() throws {
    var json = ""
    CheckJSON.write(report(), to: &json)
    #expect(try SchemaValidator.isValid("[\(json)]", schema: "check.schema.json"))
    #expect(try !SchemaValidator.isValid("[\(json.replacing("\"fail\"", with: "\"broken\""))]", schema: "check.schema.json"))
  }

  /// What the reader takes and the schema allows is the same.
  @Test(.enabled(if: SchemaValidator.isThere)) func examplesAreValidByTheSchema() throws {
    let documents = try TextFile.read("Docs/CI.md").split(separator: "```yaml\n").dropFirst().compactMap { block in
      block.split(separator: "```", maxSplits: 1).first.map(String.init)
    }
    let examples =
      documents.filter { $0.contains("kvm-inittrace/expectations\n") } + [try TextFile.read("SampleTraces/expectations.yaml")]
    #expect(examples.count >= 2)
    for example in examples {
      let file = try ExpectationsFile(Array(example.utf8), path: "example")
      #expect(try SchemaValidator.isValid("[\(DocumentWriter.json(file.document))]", schema: "expectations.schema.json"))
    }
    for wrong in [
      #"{"verdict": "OK"}"#, #"{"modul": "kvm"}"#, #"{"module": "kvm_intel"}"#, #"{"duration": 50}"#, #"{"kernel": "six", "runs": 1}"#,
    ] {
      let text = #"[{"schema": "kvm-inittrace/expectations", "version": 1, "expect": [\#(wrong)]}]"#
      #expect(try !SchemaValidator.isValid(text, schema: "expectations.schema.json"), "\(wrong)")
    }
  }
}
