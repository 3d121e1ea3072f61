import Glibc

/// How many files this process may have open: a recording takes two for each possible CPU, and shells and systemd allow 1024 in all.
struct OpenFiles {
  /// The limit before, which children are to have; nil where it cannot be changed.
  private let before: rlimit?
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  /// Allows as many as may be allowed. A program that is started while this holds would inherit it.
  init() {
    var limit = rlimit()
    guard getrlimit(Self.resource, &limit) == 0 else {
      before = nil
      return
    }
    before = limit
    limit.rlim_cur = limit.rlim_max
    setrlimit(Self.resource, &limit)
  }

  /// Sets the limit that was there before. What is open stays open.
  func restoreLimit() {
    guard var before else { return }
    setrlimit(Self.resource, &before)
  }
}
