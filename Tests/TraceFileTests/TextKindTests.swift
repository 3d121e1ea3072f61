import CallTrees
import Corruption
import Testing

@testable import TraceFile

/// What a text is told to be, and what is said of texts that are none or damaged.
@Suite struct TextKindTests {
  private func failure(_ text: String) -> TextTraceError? { failure(Array(text.utf8)) }

  private func failure(_ bytes: [UInt8]) -> TextTraceError? {
    do {
      _ = try recording(bytes)
      return nil
    } catch {
      return error as? TextTraceError
    }
  }

  @Test func otherTracers() {
    let function = "# tracer: function\n#\n# entries-in-buffer/entries-written: 2/2   #P:2\n          bash-9 [001] ..... 1.000001: f <-g\n"
    #expect(failure(function)?.line == 1)
    #expect(failure(function)?.message == "this is a trace of the tracer 'function': there is no call tree in it")
    #expect(failure("# tracer: nop\n#\n")?.message == "this is a trace of the tracer 'nop': there is no call tree in it")
    let report = "cpus=1\n            bash-9     [000]     1.000001: function:             f <-- g\n"
    #expect(failure(report)?.message == "this is a trace of the tracer 'function': there is no call tree in it")
  }

  @Test func noTrace() {
    #expect(failure("")?.message == "the file is empty")
    #expect(failure("\n\nhello world\n")?.line == 3)
    #expect(failure("\n\nhello world\n")?.message.hasSuffix("it starts with: hello world") == true)
    #expect(failure([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0])?.message.hasSuffix("binary data") == true)
    #expect(failure("int main() {\n  int a = 3;\n  foo();\n  bar(1, 2);\n  return 0;\n}\n") != nil)
  }

  @Test func emptyTrace() throws {
    let trace = try recording(
      "# tracer: function_graph\n#\n# CPU  DURATION                  FUNCTION CALLS\n# |     |   |                     |   |   |   |\n")
    #expect(trace.tasks.isEmpty)
    #expect(trace.damage.isEmpty)
  }

  @Test func headers() {
    let columns = { (header: String) in
      Array(header.utf8).withUnsafeBufferPointer { bytes in
        bytes.baseAddress.flatMap { TextColumns(header: TextBytes(base: $0, count: bytes.count)) }
      }
    }
    #expect(columns("# CPU  DURATION                  FUNCTION CALLS") == [.cpu, .duration])
    #expect(columns("# CPU||||     DURATION                  FUNCTION CALLS") == [.cpu, .flags, .duration])
    #expect(columns("#     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS") == [.time, .cpu, .task, .duration])
    #expect(columns("#   REL TIME      CPU               FUNCTION CALLS") == [.relativeTime, .cpu])
    #expect(columns("#               FUNCTION CALLS") == [])
    #expect(columns("# |     |   |                     |   |   |   |") == nil)
  }

  @Test func linesThatAreNotUnderstood() throws {
    let noise = (1...30).map { "noise \($0)\n" }.joined()
    let trace = try recording("# tracer: function_graph\n 0)   1.000 us    |  a();\n" + noise + " 0)   1.000 us    |  b();\n")
    #expect(trace.tasks.first?.tree.calls.count == 2)
    #expect(trace.damage.count == 21)
    #expect(trace.damage.first == Damage(line: 3, message: "not a line of a trace: noise 1"))
    #expect(trace.damage.last == Damage(line: 32, message: "10 more lines, up to this one, are damaged"))
  }

  @Test func cutInTheLastLine() throws {
    let trace = try recording("# tracer: function_graph\n 0)   1.000 us    |  a();\n 0)   1.000 us    |  b()")
    #expect(trace.tasks.first?.tree.calls.count == 1)
    #expect(trace.damage.count == 2)
    #expect(trace.damage.last == Damage(line: 3, message: "the text ends in the middle of this line"))
  }

  @Test func carriageReturnsAndNULs() throws {
    let trace = try recording(" 0)   1.000 us    |  a();\r\n 0)   1.000 us    |  b();\r\n")
    #expect(trace.outline == ["task ? ?", "  a 1000", "  b 1000"])
    #expect(trace.damage.isEmpty)
    let zeros = try recording(" 0)   1.000 us    |  a();\n 0)   1.000 us    |  b\0\0();\n\0\0\0\n")
    #expect(zeros.damage.map(\.line) == [2, 3])
  }

  @Test(.timeLimit(.minutes(1))) func longLines() throws {
    for piece in ["-1 1", " => ", "/* ", " (5)", "- ", "#", "CPU:", " 1)  a-1 => ", "}"] {
      let line = String(repeating: piece, count: 40_000)
      _ = try? recording(line)
      let trace = try recording(" 0)   1.000 us    |  a();\n" + line + "\n 0)   1.000 us    |  b(" + line + ");\n")
      #expect(trace.tasks.first?.tree.calls.first != nil)
    }
  }

  @Test func anyBytes() {
    var random = Corrupter(seed: 3)
    let alphabet = Array(" 0123456789abcx(){}[];|-=>/*#:.us\n\n\n  ".utf8) + [0, 0xff, 9, 13]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      _ = try? recording(bytes)
      _ = try? recording(Array("# tracer: function_graph\n".utf8) + bytes)
      _ = try? recording(Array("cpus=2\n        modprobe-97    [001]    13.1: funcgraph_entry: ".utf8) + bytes)
    }
  }
}
