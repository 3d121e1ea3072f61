import Glibc
import Testing

@testable import TraceCapture

@Suite struct CPUStreamTests {
  private let machine: TestMachine
  private let tracefs: FakeTracefs

  init() throws { (machine, tracefs) = (try TestMachine(), try FakeTracefs()) }

  private func stream(pageSize: Int = 16) throws -> CPUStream {
    try CPUStream(cpu: 3, in: try tracefs.directory(), pageSize: pageSize, folder: machine.folder.path)
  }

  private func contents(_ stream: CPUStream) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xff, count: Int(stream.size) + 1)
    let count = pread(stream.spool, &bytes, bytes.count, 0)
    return Array(bytes[..<max(0, count)])
  }

  @Test func wholePagesAreKept() throws {
    try tracefs.write("per_cpu/cpu3/trace_pipe_raw", Array(1...40))
    let stream = try stream()
    try stream.drain(limit: 1)
    #expect(contents(stream) == Array(1...16))
    try stream.drain()
    // A page that was read in part is filled up: all pages begin where readers look for them.
    #expect(contents(stream) == Array(1...40) + [UInt8](repeating: 0, count: 8))
    #expect(stream.size == 48)
    try stream.drain()
    #expect(stream.size == 48)
    stream.closePipe()
    stream.closePipe()
    #expect(contents(stream).count == 48)
  }

  @Test func theSpoolHasNoName() throws {
    try tracefs.write("per_cpu/cpu3/trace_pipe_raw", [1])
    let stream = try stream()
    #expect(machine.files.names(in: "/") == [])
    #expect(fcntl(stream.spool, F_GETFD) & FD_CLOEXEC != 0 && fcntl(stream.pipe, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test func aCPUWithoutABuffer() {
    let error = #expect(throws: CaptureError.self) { try stream() }
    #expect(error?.message == "cannot open '\(tracefs.path)/per_cpu/cpu3/trace_pipe_raw': No such file or directory")
    #expect(machine.files.names(in: "/") == [])
  }
}
