import Testing

@testable import TraceCapture

@Suite struct RecorderOptionsTests {
  @Test(arguments: [
    ("trace.dat", "trace-2.dat"), ("trace", "trace-2"), ("a.b/trace", "a.b/trace-2"), ("a.b/trace.x.dat", "a.b/trace.x-2.dat"),
    (".trace", ".trace-2"), ("a/.trace", "a/.trace-2"), ("/trace.", "/trace-2."), ("ü.dat", "ü-2.dat"),
  ]) func filesOfSeveralRecordings(_ output: String, _ second: String) {
    var options = RecorderOptions()
    options.output = output
    #expect(options.path(1) == output)
    options.repetitions = 3
    #expect(options.path(2) == second)
  }
}
