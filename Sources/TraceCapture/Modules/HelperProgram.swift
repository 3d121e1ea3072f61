import Glibc

/// Runs a program of the system, never through a shell, and keeps what it says.
struct HelperProgram {
  var status: Int32
  /// What it wrote to standard output and standard error, up to 64 KB.
  var output: String

  /// - Throws: `noCommand` when it cannot be started.
  static func run(_ arguments: [String]) throws(CaptureError) -> HelperProgram {
    var pipes: [Int32] = [-1, -1]
    guard let program = arguments.first, pipe2(&pipes, O_CLOEXEC) == 0 else {
      throw .system("start", arguments.first ?? "", errno: errno, remedy: "close other programs, then try again")
    }
    defer { close(pipes[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDERR_FILENO)
    let words = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child = pid_t()
    let code = posix_spawnp(&child, program, &actions, nil, words, environ)
    close(pipes[1])
    guard code == 0 else {
      throw CaptureError(
        .noCommand, "cannot execute '\(program)': \(CaptureError.text(code))", remedy: "install it (Debian: the package kmod)")
    }
    let output = collect(pipes[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return HelperProgram(status: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f, output: output)
  }

  private static func collect(_ pipe: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(pipe, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      if bytes.count < 1 << 16 { bytes += buffer[..<count] }
    }
    return String(decoding: bytes, as: UTF8.self).trimmed
  }
}
