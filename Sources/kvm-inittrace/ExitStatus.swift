import ArgumentParser

/// The exit status of a command over several files: damage and unreadable files first, then a negative verdict, then an inconclusive one.
struct ExitStatus {
  private(set) var code: Int32 = 0

  mutating func add(_ next: Int32) {
    func rank(_ code: Int32) -> Int32 { code >= 64 ? 100 + code : [0: 0, 2: 1, 1: 2][code] ?? 3 }
    if rank(next) > rank(code) { code = next }
  }

  /// - Throws: `ExitCode` unless it is 0.
  func exit() throws {
    if code != 0 { throw ExitCode(code) }
  }
}
