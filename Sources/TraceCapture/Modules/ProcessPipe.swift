import Glibc

/// A pipe between this process and a child; neither end is passed on by exec.
struct ProcessPipe {
  let reader: Int32
  let writer: Int32

  /// nil, with `errno`, when the process has too many open files.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reader, writer) = (ends[0], ends[1])
  }
}
