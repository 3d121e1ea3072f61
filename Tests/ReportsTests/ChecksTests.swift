import Glibc
import Testing

@testable import Reports

@Suite struct ChecksTests {
  private static let rows = [
    CheckRow(.pass, "tracefs", found: "mounted at /sys/kernel/tracing, writable"),
    CheckRow(
      .fail, "function-graph", found: "the kernel has no tracer function_graph, only: blk, function, nop",
      remedy: "boot a kernel with CONFIG_FUNCTION_GRAPH_TRACER, such as a distribution's generic kernel"),
    CheckRow(.warn, "module", found: "kvm_intel is in use: \u{1b}[31mevil\n (pid 42, /dev/kvm open)", remedy: "stop what uses it"),
    CheckRow(.skip, "funcgraph-args", found: "this kernel does not have it"),
  ]

  private func text(_ rows: [CheckRow], _ options: ReportOptions = ReportOptions()) -> String {
    var text = ""
    ChecksText.write(rows, options: options, to: &text)
    return text
  }

  @Test func lines() {
    let expected = #"""
      PASS tracefs: mounted at /sys/kernel/tracing, writable
      FAIL function-graph: the kernel has no tracer function_graph, only: blk, function, nop (boot a
           kernel with CONFIG_FUNCTION_GRAPH_TRACER, such as a distribution's generic kernel)
      WARN module: kvm_intel is in use: \x1b[31mevil\n (pid 42, /dev/kvm open) (stop what uses it)
      SKIP funcgraph-args: this kernel does not have it

      1 of 4 checks failed: function-graph; 1 warning.

      """#
    #expect(text(Self.rows) == expected)
  }

  @Test func quietAndNarrow() {
    let expected = #"""
      FAIL function-graph: the kernel has no tracer
           function_graph, only: blk, function, nop (boot a kernel
           with CONFIG_FUNCTION_GRAPH_TRACER, such as a
           distribution's generic kernel)
      WARN module: kvm_intel is in use: \x1b[31mevil\n (pid 42,
           /dev/kvm open) (stop what uses it)

      """#
    #expect(text(Self.rows, ReportOptions(width: 60, quiet: true)) == expected)
    #expect(text([Self.rows[0]], ReportOptions(quiet: true)).isEmpty)
  }

  @Test func summaries() {
    func last(_ rows: [CheckRow]) -> Substring? { text(rows).split(separator: "\n").last }
    #expect(last([Self.rows[0]]) == "This machine can record, and run KVM.")
    #expect(last([Self.rows[2], Self.rows[2]]) == "Nothing fails; 2 warnings: module, module.")
  }

  @Test func colorsAreOfTheStatusAlone() {
    let shown = text([Self.rows[0]], ReportOptions(color: true))
    #expect(shown.hasPrefix("\u{1b}[32mPASS \u{1b}[0mtracefs: mounted"))
  }

  private var json: String {
    var text = ""
    let machine = ChecksJSON.Machine(kernel: "6.12.1", machine: "x86_64", cpu: "A \"CPU\"", microcode: nil, module: "kvm_intel")
    ChecksJSON.write(Array(Self.rows[1...2]), machine: machine, to: &text)
    return text
  }

  @Test func asJSON() {
    let expected = #"""
      {
        "schema": "kvm-inittrace/doctor",
        "version": 1,
        "kernel": "6.12.1",
        "machine": "x86_64",
        "cpu": "A \"CPU\"",
        "microcode": null,
        "module": "kvm_intel",
        "checks": [
          {
            "name": "function-graph",
            "status": "fail",
            "found": "the kernel has no tracer function_graph, only: blk, function, nop",
            "remedy": "boot a kernel with CONFIG_FUNCTION_GRAPH_TRACER, such as a distribution's generic kernel"
          },
          {
            "name": "module",
            "status": "warn",
            "found": "kvm_intel is in use: \u001b[31mevil\n (pid 42, /dev/kvm open)",
            "remedy": "stop what uses it"
          }
        ]
      }

      """#
    #expect(json == expected)
  }

  @Test(.enabled(if: SchemaValidator.isThere, "python3 with jsonschema validates"))
  func theJSONIsValidByItsSchema() throws {
    #expect(try SchemaValidator.isValid("[\(json)]", schema: "doctor.schema.json"))
    let wrong = json.replacing("\"remedy\": \"stop what uses it\"", with: "\"remedy\": null")
    #expect(try !SchemaValidator.isValid("[\(wrong)]", schema: "doctor.schema.json"))
  }
}
