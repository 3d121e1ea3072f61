import ArgumentParser
import Glibc
import Reports
import Safeguards

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
    if let descriptor { return try Self.stream(to: descriptor, path: output, body) }
    if try isSpecial { return try writeInPlace(body) }
    let file = try TemporaryFile(for: output)
    defer { file.remove() }
    try Self.stream(to: file.descriptor, path: output, body)
    try file.replace(output)
  }

  /// What the output is if it is open already: what a shell redirected may be a file, which must not be replaced behind the shell's back.
  private var descriptor: Int32? {
    if output == "-" || output == "/dev/stdout" { return STDOUT_FILENO }
    if output == "/dev/stderr" { return STDERR_FILENO }
    let prefix = ["/dev/fd/", "/proc/self/fd/"].first(where: output.hasPrefix)
    return prefix.flatMap { Int32(output.dropFirst($0.count)) }
  }

  /// Whether the output is a device or a pipe.
  private var isSpecial: Bool {
    get throws {
      var status = stat()
      return try stat(output, &status) == 0 && isSpecial(status)
    }
  }

  /// - Throws: `CommandFailure` for a pipe that another user has put there, who would get what is written. Only root makes devices.
  private func isSpecial(_ status: stat) throws -> Bool {
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFDIR: return false
    case S_IFIFO where status.st_uid != geteuid() && status.st_uid != 0:
      throw CommandFailure.cannotWrite(output, reason: "it is a pipe of user \(status.st_uid)")
    default: return true
    }
  }

  /// Lets `body` write a file by its path, for a format that is not a stream of bytes. Standard output or a pipe then gets its bytes; so
  /// does a file in a directory where somebody else could put a link at that path meanwhile.
  func writeFile(_ body: (String) throws -> Void) throws {
    guard !isOpen, try !isSpecial else {
      return try pass(body) { file in try write { try file.copy(to: &$0) } }
    }
    let file = try TemporaryFile(for: output)
    defer { file.remove() }
    if file.isPrivate {
      try body(file.path)
    } else {
      try pass(body) { passing in try Self.stream(to: file.descriptor, path: output) { try passing.copy(to: &$0) } }
    }
    try file.replace(output)
  }

  /// Hands a file that `body` has written, and that goes then, to `use`.
  private func pass(_ body: (String) throws -> Void, to use: (TemporaryFile) throws -> Void) throws {
    let file = try TemporaryFile(for: Self.scratch + "/kvm-inittrace", isReadBack: true)
    defer { file.remove() }
    try body(file.path)
    try use(file)
  }

  /// Whether it is one of the descriptors that this process was given.
  var isOpen: Bool { descriptor != nil }

  /// Where a file lies that only passes through: TMPDIR, if nobody else can lead that elsewhere.
  static var scratch: String {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return folder.isEmpty || !FolderTrust.isPrivate(folder) ? "/tmp" : folder
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
    let file = open(output, O_WRONLY | O_NOCTTY | O_CLOEXEC)
    if file < 0 { throw CommandFailure.cannotWrite(output, errno: errno) }
    defer { close(file) }
    // It may have been exchanged meanwhile.
    var status = stat()
    guard fstat(file, &status) == 0, try isSpecial(status) else {
      throw CommandFailure.cannotWrite(output, reason: "it was a device or a pipe, and is no longer")
    }
    try Self.stream(to: file, path: output, body)
  }

  private static func stream(to file: Int32, path: String, _ body: (inout OutputStream) throws -> Void) throws {
    var out = OutputStream(file: file)
    try body(&out)
    out.flush()
    if out.error != 0 { throw CommandFailure.cannotWrite(path, errno: out.error) }
  }
}
