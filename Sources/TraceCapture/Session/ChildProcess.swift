import CTrace
import Glibc

/// A process that the recorder has started, never through a shell.
struct ChildProcess {
  /// Its id, until it was waited for.
  let pid: pid_t
  /// How it ended, once it was waited for.
  private(set) var ending: ProcessEnd?

  init(pid: pid_t) { self.pid = pid }

  /// Starts a program.
  ///
  /// - Parameter environment: `NAME=value`, for a program that is named by its path; nil: that of this process, by whose PATH the program is
  ///   looked for.
  /// - Returns: nil, with `errno`, when there is no process left.
  static func start(_ arguments: [String], _ how: kvm_inittrace_child, environment: [String]? = nil) -> ChildProcess? {
    let words = arguments.map { strdup($0) } + [nil]
    let settings = environment.map { $0.map { strdup($0) } + [nil] }
    defer { for word in words + (settings ?? []) { free(word) } }
    func spawn(_ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> pid_t {
      var how = how
      how.environment = environment
      return kvm_inittrace_spawn(arguments.first ?? "", words, &how)
    }
    let pid = settings?.withUnsafeBufferPointer { spawn($0.baseAddress) } ?? spawn(nil)
    return pid > 0 ? ChildProcess(pid: pid) : nil
  }

  /// Collects the process if it has ended.
  mutating func hasEnded() -> Bool {
    if ending != nil { return true }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return false }
    ending = ProcessEnd(status: status)
    return true
  }

  mutating func wait() {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    ending = ProcessEnd(status: status)
  }

  /// Reads the errno of a program that cannot be executed from the reading end of its report, and collects the process then.
  ///
  /// - Returns: nil for a program that runs.
  mutating func executionError(_ report: Int32) -> Int32? {
    var code: Int32 = 0
    guard read(report, &code, MemoryLayout<Int32>.size) == MemoryLayout<Int32>.size else { return nil }
    wait()
    return code
  }

  /// Asks the process to end, and waits two seconds for it.
  ///
  /// - Parameter forced: then kills it, and waits three seconds more.
  /// - Returns: whether it has ended. What the kernel does for a process, such as a module's init, goes on until it is done.
  mutating func end(forced: Bool) -> Bool {
    for (signal, seconds) in forced ? [(SIGTERM, 2), (SIGKILL, 3)] : [(SIGTERM, 2)] {
      if hasEnded() { return true }
      kill(pid, signal)
      for _ in 0..<(seconds * 100) {
        if hasEnded() { return true }
        usleep(10_000)
      }
    }
    return false
  }
}

extension kvm_inittrace_child {
  /// Without a gate, an output and a lock, and with the environment of this process.
  init(mask: sigset_t, report: Int32) {
    self.init(gate: -1, gate_writer: -1, report: report, output: -1, lock: -1, mask: mask, environment: nil)
  }
}
