import Glibc
import Testing

@testable import TraceCapture

@Suite struct KernelFilesTests {
  @Test func readsFilesWithoutASize() throws {
    let status = try #require(KernelFiles().text("/proc/self/status"))
    #expect(status.hasPrefix("Name:"))
    #expect(status.last?.isWhitespace == false)
  }

  @Test func anAbsentFileIsNil() {
    #expect(KernelFiles(root: "/proc/self").text("/no-such-file") == nil)
    #expect(!KernelFiles(root: "/proc/self").exists("/no-such-file"))
  }
}
