import Foundation
import Testing

/// The command on files that are no traces, or cannot be opened.
@Suite struct WrongFileTests {
  /// An error is a line that names the file, and says what is wrong and what to do.
  private func expect(
    _ outcome: Command.Outcome, _ status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    let lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.last == "", "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("kvm-inittrace: error: "), sourceLocation: sourceLocation)
    #expect(outcome.errors.contains(";"), "no advice: \(outcome.errors)", sourceLocation: sourceLocation)
    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation) }
    #expect(!outcome.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, sourceLocation: sourceLocation)
  }

  private func gzip(_ bytes: [UInt8], _ command: Command) throws {
    try command.write("plain", bytes)
    #expect(try command.run(shell: "gzip -c plain > packed.gz").status == 0)
  }

  @Test func contentThatIsNoTrace() throws {
    let command = try Command()
    defer { command.remove() }
    let dat = [UInt8](try Data(contentsOf: URL(filePath: Command.sample)))
    let elf = [UInt8](try Data(contentsOf: URL(filePath: "/bin/sh")))
    try command.write("empty", [])
    expect(try command.run("report", "empty"), 65, "empty: is empty")
    expect(try command.run("report", "/dev/null"), 65, "/dev/null: is empty")
    expect(try command.run("report", "/dev/zero"), 65, "/dev/zero: is an unknown binary file, not a trace")
    expect(try command.run(shell: #"head -c 1000000 /dev/zero | "$0" report -"#), 65, "standard input: is an unknown binary file")
    try command.write("perf.data", "PERFILE2xxxxxxxxxxxxxxxx".utf8)
    expect(try command.run("report", "perf.data"), 65, "perf.data: is a perf.data file", "trace-cmd")
    try command.write("program", elf)
    expect(try command.run("report", "program"), 65, "program: is an ELF program")
    try gzip(elf, command)
    expect(try command.run("report", "packed.gz"), 65, "packed.gz: is an ELF program or library compressed with gzip")
    try gzip(dat, command)
    expect(try command.run("report", "packed.gz"), 65, "packed.gz: is a trace-cmd file compressed with gzip", "unpack it first")
    expect(try command.run("report", "/etc/passwd"), 65, "/etc/passwd: line 1", "root:x:0:0")
    for count in [5, 30, 1000, dat.count / 2, dat.count - 1] {
      try command.write("cut.dat", dat[..<count])
      let outcome = try command.run("report", "cut.dat")
      #expect(outcome.status == 65, "cut after \(count) of \(dat.count) bytes")
      if outcome.output.isEmpty { expect(outcome, 65, "cut.dat: ends before its events") }
    }
  }

  @Test func filesThatCannotBeOpened() throws {
    let command = try Command()
    defer { command.remove() }
    expect(try command.run("report", "missing"), 66, "missing: cannot be opened: No such file or directory")
    expect(try command.run("report", ""), 66, "'': cannot be opened")
    expect(try command.run("report", "."), 66, ".: is a directory", "name the trace file in it")
    expect(try command.run(shell: #"exec "$0" report - <&-"#), 66, "standard input: cannot be opened")
    expect(try command.run("report", "missing\u{1b}[31m\n\u{9b}x"), 66, #"missing\x1b[31m\n\x9bx"#)
    try command.write("secret", "x".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: command.folder.appending(path: "secret").path)
    guard getuid() != 0 else { return print("skipped: root may read every file, so nothing shows exit status 77") }
    expect(try command.run("report", "secret"), 77, "secret: cannot be opened: Permission denied", "chown")
  }

  @Test func symbolListsThatAreNone() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("list", "no symbols\n".utf8)
    for option in ["--kallsyms", "--system-map"] {
      expect(try command.run("report", Command.sample, option, "list"), 65, "list: holds no symbols")
      expect(try command.run("report", Command.sample, option, "missing"), 66, "missing: cannot be opened")
    }
  }

  @Test func moduleFilesThatAreNone() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("kvm.ko", "no module\n".utf8)
    try command.write("list", "0000000000000000 T kvm_init\n".utf8)
    try FileManager.default.createDirectory(at: command.folder.appending(path: "empty"), withIntermediateDirectories: true)
    expect(try command.run("report", Command.sample, "--module-dir", "missing"), 66, "missing: cannot be opened")
    expect(try command.run("report", Command.sample, "--module-dir", "empty"), 66, "empty: holds no module of KVM", "kvm-intel.ko")
    expect(try command.run("report", Command.sample, "--module-dir", "list"), 66, "list: is not a directory")
    expect(try command.run("report", Command.sample, "--module-dir", "."), 65, "./kvm.ko: is no ELF file")
    expect(try command.run("export", Command.sample, "--to", "calls", "--module-file", "kvm.ko"), 65, "kvm.ko: is no ELF file")
    expect(try command.run("report", Command.sample, "--module-file", "missing"), 66, "missing: cannot be opened")
    expect(try command.run("report", Command.sample, "--kallsyms", "list"), 65, "list: holds no addresses, only zeros", "root")
  }

  @Test(arguments: [["report"], ["export", "--to", "calls"]]) func oneBadFileOfSeveral(_ words: [String]) throws {
    let command = try Command()
    defer { command.remove() }
    try command.write("empty", [])
    let outcome = try command.run(words + ["missing", Command.sample, "empty"])
    #expect(outcome.status == 66)
    #expect(outcome.output.count > 1000)
    #expect(outcome.errors.contains("missing: cannot be opened") && outcome.errors.contains("empty: is empty"))
  }
}
