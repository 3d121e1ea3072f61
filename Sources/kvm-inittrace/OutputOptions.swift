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
    guard goesToTerminal else { return }
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
    let file = try TemporaryFile(beside: output)
    defer { file.remove() }
    if fchmod(file.descriptor, mode) != 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    try Self.stream(to: file.descriptor, path: output, body)
    try file.replace(output)
  }

  /// Lets `body` write a file by its path, for a format that is not a stream of bytes; standard output or a pipe then gets its bytes.
  func writeFile(_ body: (String) throws -> Void) throws {
    var status = stat()
    let exists = output != "-" && stat(output, &status) == 0
    guard output != "-", !exists || status.st_mode & S_IFMT == S_IFREG else {
      let file = try TemporaryFile(beside: Self.temporaryPath)
      defer { file.remove() }
      try body(file.path)
      return try write { try file.copy(to: &$0) }
    }
    let file = try TemporaryFile(beside: output)
    defer { file.remove() }
    try body(file.path)
    let mask = umask(0)
    umask(mask)
    if chmod(file.path, exists ? status.st_mode & 0o777 : 0o666 & ~mask) != 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    try file.replace(output)
  }

  /// Where a file lies that only passes through.
  private static var temporaryPath: String {
    (getenv("TMPDIR").flatMap { $0.pointee == 0 ? nil : String(cString: $0) } ?? "/tmp") + "/kvm-inittrace"
  }

  /// Refuses to put bytes that are no text on a terminal.
  ///
  /// - Throws: `CommandFailure` when the output would go to one.
  func refuseTerminal(for format: String) throws {
    guard goesToTerminal else { return }
    throw CommandFailure.usage("\(format) is binary, and does not go to a terminal; name a file with -o, or redirect the output")
  }

  /// Whether the output is a terminal, also one that is named.
  private var goesToTerminal: Bool {
    guard output != "-" else { return isatty(STDOUT_FILENO) == 1 }
    var status = stat()
    // Only a device can be one: a pipe is not opened before it is written to.
    guard stat(output, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return false }
    let file = open(output, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return isatty(file) == 1
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
