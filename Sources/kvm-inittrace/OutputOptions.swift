import ArgumentParser
import Glibc
import Reports

/// When to use colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// The options of every command that prints a document.
struct OutputOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("Write to this file; - is standard output.", valueName: "file"))
  var output: String = "-"

  @Option(help: "Use colour; auto: on a terminal, unless NO_COLOR is set.")
  var color: ColorChoice = .auto

  var isColored: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto: output == "-" && isatty(STDOUT_FILENO) == 1 && !isSet("NO_COLOR") && !isDumb
    }
  }

  private var isDumb: Bool { getenv("TERM").map { String(cString: $0) == "dumb" } ?? false }

  private func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

  /// Writes the finished document.
  func write(_ text: String) throws {
    let bytes = Array(text.utf8)
    if output == "-" {
      let code = Self.writeAll(bytes, to: STDOUT_FILENO)
      if code != 0 { throw CommandFailure.cannotWrite("-", errno: code) }
    } else {
      try Self.replace(output, with: bytes)
    }
  }

  /// Writes a temporary file beside `path` and gives it that name, so that a reader never sees half of it.
  ///
  /// A link is followed; a device or a pipe is written to as it is.
  private static func replace(_ path: String, with bytes: [UInt8]) throws {
    var target = path
    var status = stat()
    var mode: mode_t = 0o666
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT != S_IFREG { return try writeInPlace(bytes, to: path) }
      mode = status.st_mode & 0o777
      if let resolved = realpath(path, nil) {
        target = String(cString: resolved)
        free(resolved)
      }
    } else {
      let mask = umask(0)
      umask(mask)
      mode &= ~mask
    }
    var name = Array((target + ".XXXXXX").utf8CString)
    let file = mkstemp(&name)
    if file < 0 { throw CommandFailure.cannotWrite(path, errno: errno) }
    var code = fchmod(file, mode) == 0 ? writeAll(bytes, to: file) : errno
    if close(file) != 0, code == 0 { code = errno }
    if code == 0, rename(name, target) != 0 { code = errno }
    if code == 0 { return }
    unlink(name)
    throw CommandFailure.cannotWrite(path, errno: code)
  }

  private static func writeInPlace(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    if file < 0 { throw CommandFailure.cannotWrite(path, errno: errno) }
    var code = writeAll(bytes, to: file)
    if close(file) != 0, code == 0 { code = errno }
    if code != 0 { throw CommandFailure.cannotWrite(path, errno: code) }
  }

  /// 0, or the errno of the write that failed.
  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return 0
    }
  }
}
