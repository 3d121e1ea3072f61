import CallTrees
import Corruption
import Testing

@testable import TraceFile

/// Traces that are well formed, and of a shape that could keep a reader busy for very long.
@Suite struct HostileShapeTests {
  private static let head = """
    # tracer: function_graph
    #
    # CPU  DURATION                  FUNCTION CALLS
    # |     |   |                     |   |   |   |

    """

  private func enter(_ depth: Int, _ name: String) -> String {
    " 0)               |\(String(repeating: "  ", count: depth + 1))\(name)() {\n"
  }

  private func leaf(_ depth: Int, _ name: String) -> String {
    " 0)   1.000 us    |\(String(repeating: "  ", count: depth + 1))\(name)();\n"
  }

  private func leave(_ depth: Int) -> String { " 0)   1.000 us    |\(String(repeating: "  ", count: depth + 1))}\n" }

  private func time(_ text: String) -> Duration {
    let bytes = Array(text.utf8)
    let clock = ContinuousClock()
    let start = clock.now
    #expect([0, 1, 2, 65].contains(bytes.withUnsafeBytes { WholeReport.status($0) }))
    return clock.now - start
  }

  /// Four times the calls may take ten times the time at most; with the square of their number they would take sixteen times.
  private func expectLinear(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation, _ text: (Int) -> String) {
    _ = time(text(count / 10))
    let one = time(text(count))
    let four = time(text(4 * count))
    #expect(four < one * 10 + .milliseconds(200), "\(one), four times as much: \(four)", sourceLocation: sourceLocation)
  }

  @Test func manyCallsWithoutTheirCallers() {
    expectLinear(3000) { count in
      Self.head + enter(0, "f") + (0..<count).map { _ in leaf(2, "g") }.joined() + leave(0)
    }
  }

  @Test func deepCalls() {
    expectLinear(3000) { count in Self.head + (0..<count).map { enter(min($0, 50), "f\($0 % 9)") }.joined() }
  }

  @Test func manyTasksAndGaps() {
    expectLinear(1000) { count in
      Self.head
        + (0..<count).map { " 0)  modprobe-\($0 + 1)  =>    modprobe-\($0 + 2)   \n" + "CPU:0 [LOST 4 EVENTS]\n" + enter(0, "f") }.joined()
    }
  }

  /// Each run is matched with the whole catalogue: what is behind the limit is not looked at, and the answer says so.
  @Test func moreRunsThanAreLookedAt() {
    let run = enter(0, "do_init_module") + leaf(1, "kvm_init") + leave(0)
    let bytes = Array((Self.head + String(repeating: run, count: 600)).utf8)
    let answer = bytes.withUnsafeBytes { WholeReport.status($0) }
    #expect(answer != 0)
  }
}
