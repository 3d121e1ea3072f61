import Foundation
import Testing

/// Outputs in places where others have put something.
@Suite struct HostileFolderTests {
  private static let nobody: uid_t = 65534
  private static let isRoot = getuid() == 0

  private func path(_ command: Command, _ name: String) -> String { command.folder.appending(path: name).path }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private static let formats = [
    ["report", "-q", Command.sample], ["export", Command.sample, "--to", "folded"], ["export", Command.sample, "--to", "sqlite"],
  ]

  /// A link of somebody else is refused, and its target stays.
  @Test(arguments: formats) func plantedLinks(_ arguments: [String]) throws {
    guard Self.isRoot else { return print("skipped: only root can make a link of somebody else") }
    let command = try Command()
    defer { command.remove() }
    try command.write("precious", "old".utf8)
    try FileManager.default.createSymbolicLink(atPath: path(command, "out"), withDestinationPath: "precious")
    #expect(lchown(path(command, "out"), Self.nobody, Self.nobody) == 0)
    let outcome = try command.run(shell: #"exec "$0" "$@" -o out"#, arguments: arguments)
    #expect(outcome.status == 73)
    #expect(
      outcome.errors
        == "kvm-inittrace: error: cannot write 'out': it is a link that user 65534 has made, to 'precious'; "
        + "name another file, or free space and check permissions\n")
    #expect(try String(contentsOfFile: path(command, "precious"), encoding: .utf8) == "old")
  }

  @Test func plantedPipes() throws {
    guard Self.isRoot else { return print("skipped: only root can make a pipe of somebody else") }
    let command = try Command()
    defer { command.remove() }
    #expect(mkfifo(path(command, "out"), 0o666) == 0 && chown(path(command, "out"), Self.nobody, Self.nobody) == 0)
    let outcome = try command.run("report", Command.sample, "-o", "out")
    #expect(outcome.status == 73 && outcome.errors.contains("cannot write 'out': it is a pipe of user 65534"))
  }

  /// Neither the mode nor the owner of what somebody else has put there is taken over.
  @Test(arguments: formats) func plantedFiles(_ arguments: [String]) throws {
    guard Self.isRoot else { return print("skipped: only root can make a file of somebody else") }
    let command = try Command()
    defer { command.remove() }
    try command.write("out", "old".utf8)
    #expect(chmod(path(command, "out"), 0o666) == 0 && chown(path(command, "out"), Self.nobody, Self.nobody) == 0)
    #expect([0, 1].contains(try command.run(shell: #"umask 077; exec "$0" "$@" -o out"#, arguments: arguments).status))
    var status = stat()
    #expect(stat(path(command, "out"), &status) == 0 && status.st_uid == 0 && status.st_mode & 0o777 == 0o600)
  }

  /// In a directory that somebody else can change, a database passes through one that nobody can.
  @Test func databasesInDirectoriesOfOthers() throws {
    let command = try Command()
    defer { command.remove() }
    #expect(chmod(command.folder.path, 0o777) == 0)
    let outcome = try command.run("export", Command.sample, "--to", "sqlite", "-o", "x.db")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(try Data(contentsOf: command.folder.appending(path: "x.db")).starts(with: "SQLite format 3\0".utf8))
    let left = try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
    #expect(left.sorted() == [".errors", ".output", "x.db"])
  }

  /// What a shell has opened is written to as it is, and not replaced.
  @Test func whatIsOpenAlready() throws {
    let command = try Command()
    defer { command.remove() }
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"] {
      let outcome = try command.run(
        shell: #"echo first > log; "$0" report -q "$1" -o "$2" >> log; echo last >> log; cat log"#, arguments: [Command.sample, name])
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first == "first" && lines.last == "last" && lines.count == 3, "\(name): \(outcome.output)")
    }
    let pipe = try command.run(
      shell: #""$0" report -q "$1" -o /dev/stdout | cat; "$0" report -q "$1" -o /dev/null"#, arguments: [Command.sample])
    #expect(pipe.status == 1 && pipe.output.contains("FAILED") && pipe.errors.isEmpty)
    let named = try command.run(shell: #"mkfifo p; cat p & "$0" report -q "$1" -o p; wait"#, arguments: [Command.sample])
    #expect(named.output.contains("FAILED") && named.errors.isEmpty)
  }

  /// Another user changes nothing of this: the same, without root's rights.
  @Test func asAnotherUser() throws {
    guard Self.isRoot, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
      return print("skipped: only root can become another user, with setpriv")
    }
    let command = try Command()
    defer { command.remove() }
    #expect(chmod(command.folder.path, 0o1777) == 0)
    let drop = #"exec setpriv --reuid 65534 --regid 65534 --clear-groups "$0" "$@""#
    guard try command.run(shell: drop, arguments: ["--version"]).status == 0 else {
      return print("skipped: other users may not run the built command")
    }
    try command.write("trace.dat", try Data(contentsOf: URL(filePath: Command.sample)))
    // What root has put into a shared directory stays.
    try command.write("out", "old".utf8)
    let outcome = try command.run(shell: drop, arguments: ["report", "-q", "trace.dat", "-o", "out"])
    #expect(outcome.status == 73 && outcome.errors.contains("cannot write 'out': Operation not permitted"))
    #expect(try String(contentsOfFile: path(command, "out"), encoding: .utf8) == "old")
    #expect(try command.run(shell: drop, arguments: ["report", "-q", "trace.dat", "-o", "mine"]).status == 1)
    // And what this user has put there is replaced by root, without following it.
    #expect(unlink(path(command, "mine")) == 0)
    #expect(try command.run(shell: "setpriv --reuid 65534 --regid 65534 --clear-groups ln -s out mine").status == 0)
    #expect(try command.run("report", "-q", "trace.dat", "-o", "mine").status == 73)
    #expect(try String(contentsOfFile: path(command, "out"), encoding: .utf8) == "old")
  }
}
