import Glibc
import Testing

@testable import TraceCapture

@Suite struct OpenFilesTests {
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  private static func limit() -> rlimit {
    var limit = rlimit()
    getrlimit(resource, &limit)
    return limit
  }

  @Test func asManyAsMayBeAllowed() {
    let before = Self.limit()
    var less = before
    // Other tests have files open meanwhile.
    less.rlim_cur = before.rlim_max - 1
    setrlimit(Self.resource, &less)
    let files = OpenFiles()
    #expect(Self.limit().rlim_cur == before.rlim_max && Self.limit().rlim_max == before.rlim_max)
    files.restoreLimit()
    #expect(Self.limit().rlim_cur == before.rlim_max - 1)
    less = before
    setrlimit(Self.resource, &less)
  }
}
