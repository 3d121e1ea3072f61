import Glibc

/// Runs a program of the system by its path, never through a shell, and keeps what it says.
struct HelperProgram {
  var status: Int32
  /// What it wrote to standard output and standard error, up to 64 KB.
  var output: String

  /// The environment of the programs that this one chooses, in the place of the user's: modprobe takes options from MODPROBE_OPTIONS, and
  /// its configuration may name programs, which a shell looks for in PATH.
  static let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]

  /// - Throws: `noCommand` when it cannot be started.
  static func run(_ arguments: [String]) throws(CaptureError) -> HelperProgram {
    guard let program = arguments.first, let pipe = ProcessPipe() else {
      throw .system("start", arguments.first ?? "", errno: errno, remedy: "close other programs, then try again")
    }
    defer { close(pipe.reader) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe.writer, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipe.writer, STDERR_FILENO)
    // The recorder has signals blocked, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    // So is a closed pipe's signal that it ignores.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = arguments.map { strdup($0) } + [nil]
    let environment = Self.environment.map { strdup($0) } + [nil]
    defer { for word in words + environment { free(word) } }
    var child = pid_t()
    let code = posix_spawn(&child, program, &actions, &attributes, words, environment)
    close(pipe.writer)
    guard code == 0 else {
      throw CaptureError(
        .noCommand, "cannot execute '\(program)': \(CaptureError.text(code))", remedy: "install it (Debian: the package kmod)")
    }
    let output = collect(pipe.reader)
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
