import Glibc
import Testing

@testable import TraceCapture

@Suite struct TracefsDirectoryTests {
  @Test func filesAreReadAndWritten() throws {
    let tracefs = try FakeTracefs()
    let top = try tracefs.directory()
    #expect(top.path == tracefs.path && top.instanceName == nil)
    #expect(try top.read("trace_clock") == "[local] global counter uptime\n")
    #expect(top.exists("options/overwrite") && !top.exists("options/bogus"))
    try top.write(["a\n", "b\n"], to: "set_graph_function", replacing: true)
    #expect(tracefs.text("set_graph_function") == "a\nb\n")
    try top.write([], to: "set_graph_function", replacing: true)
    #expect(tracefs.text("set_graph_function") == "")
    try top.write(["x"], to: "tracing_on", replacing: false)
    #expect(tracefs.text("tracing_on") == "x\n")
  }

  @Test func instancesHaveFilesOfTheirOwn() throws {
    let tracefs = try FakeTracefs()
    try tracefs.write("instances/mine/tracing_on", "0\n")
    try tracefs.write("instances/mine/trace", "")
    let mine = try TracefsDirectory(top: tracefs.path, instance: "mine")
    #expect(mine.path == tracefs.path + "/instances/mine" && mine.instanceName == "mine")
    #expect(try mine.read("tracing_on") == "0\n")
    try mine.write(["1\n"], to: "tracing_on", replacing: true)
    #expect(tracefs.text("instances/mine/tracing_on") == "1\n" && tracefs.text("tracing_on") == "1\n")
  }

  @Test func failuresNameTheFile() throws {
    let tracefs = try FakeTracefs()
    let top = try tracefs.directory()
    var error = #expect(throws: CaptureError.self) { try top.write(["1\n"], to: "bogus", replacing: true) }
    #expect(
      error?.description
        == "cannot open '\(tracefs.path)/bogus': No such file or directory; kvm-inittrace doctor tells what this kernel can do")
    #expect(error?.exitCode == 69)
    error = #expect(throws: CaptureError.self) { try top.read("bogus") }
    #expect(error?.message == "cannot read '\(tracefs.path)/bogus': No such file or directory")
    error = #expect(throws: CaptureError.self) { try TracefsDirectory(top: tracefs.path + "/nowhere") }
    #expect(error?.description.hasSuffix("; mount it: mount -t tracefs tracefs /sys/kernel/tracing") == true)
    error = #expect(throws: CaptureError.self) { try TracefsDirectory(top: tracefs.path, instance: "nobody") }
    #expect(error != nil)
    try tracefs.refuse("max_graph_depth")
    error = #expect(throws: CaptureError.self) { try top.write(["1\n"], to: "max_graph_depth", replacing: true) }
    #expect(error?.message.contains("/max_graph_depth': ") == true)
  }
}
