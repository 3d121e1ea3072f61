import ArgumentParser
import Glibc
import Reports

/// When to use colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// The options of every command that prints a document.
struct OutputOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("Write to this file; - is standard output.", valueName: "file"), completion: .file())
  var output: String = "-"

  @Option(help: "Use colour; auto: on a terminal, unless NO_COLOR is set.")
  var color: ColorChoice = .auto

  /// Those of a command that has no such options: standard output, and colour on a terminal.
  static var standard: OutputOptions { (try? OutputOptions.parse([])) ?? OutputOptions() }

  var isColored: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto: output == "-" && isatty(STDOUT_FILENO) == 1 && !isSet("NO_COLOR") && !Self.isDumb
    }
  }

  /// A terminal that takes no control sequences.
  static var isDumb: Bool { getenv("TERM").map { String(cString: $0) == "dumb" } ?? false }

  /// A page is for a browser.
  ///
  /// - Throws: `ValidationError` that says where to write it instead.
  func refuseTerminal() throws {
    guard output == "-", isatty(STDOUT_FILENO) == 1 else { return }
    throw ValidationError("A page is for a browser, and not for this terminal: write it to a file with -o FILE.html.")
  }

  private func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

  /// Columns to lay text out for: those of the terminal, else of COLUMNS, else 100.
  var width: Int {
    if output == "-", isatty(STDOUT_FILENO) == 1 {
      var size = winsize()
      if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    }
    return getenv("COLUMNS").flatMap { Int(String(cString: $0)) } ?? 100
  }

  /// Whether the reader's terminal shows more than ASCII; a file or a pipe is UTF-8.
  var isUnicode: Bool {
    guard output == "-", isatty(STDOUT_FILENO) == 1 else { return true }
    let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
    let values = names.compactMap { name in getenv(name).map { String(cString: $0) } }
    guard let locale = values.first(where: { !$0.isEmpty })?.uppercased() else { return false }
    return locale.contains("UTF-8") || locale.contains("UTF8")
  }

  /// Writes the finished document.
  func write(_ text: String) throws {
    try write { $0.write(text) }
  }

  /// Lets `body` write to standard output or to the file.
  ///
  /// A file is written beside its place and renamed, so that a reader never sees half of it: when `body` throws, nothing is changed.
  func write(_ body: (inout OutputStream) throws -> Void) throws {
    guard output != "-" else { return try Self.stream(to: STDOUT_FILENO, path: "-", body) }
    var status = stat()
    let exists = stat(output, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG { return try writeInPlace(body) }
    let mask = umask(0)
    umask(mask)
    try replace(mode: exists ? status.st_mode & 0o777 : 0o666 & ~mask, body)
  }

  private func replace(mode: mode_t, _ body: (inout OutputStream) throws -> Void) throws {
    var target = output
    if let resolved = realpath(output, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
    var name = Array((target + ".XXXXXX").utf8CString)
    let file = mkstemp(&name)
    if file < 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    var isOpen = true
    do {
      if fchmod(file, mode) != 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
      try Self.stream(to: file, path: output, body)
      isOpen = false
      if close(file) != 0 || rename(name, target) != 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    } catch {
      if isOpen { close(file) }
      unlink(name)
      throw error
    }
  }

  /// A device or a pipe is written to as it is.
  private func writeInPlace(_ body: (inout OutputStream) throws -> Void) throws {
    let file = open(output, O_WRONLY | O_CLOEXEC)
    if file < 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    defer { close(file) }
    try Self.stream(to: file, path: output, body)
  }

  private static func stream(to file: Int32, path: String, _ body: (inout OutputStream) throws -> Void) throws {
    var out = OutputStream(file: file)
    try body(&out)
    out.flush()
    if out.error != 0 { throw CommandFailure.cannotWrite(path, errno: out.error) }
  }
}
