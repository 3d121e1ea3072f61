import Foundation
import Testing

/// An output that is also read, or written by another option, is refused before anything is lost.
@Suite struct FileRolesTests {
  static let lines = [
    "report t.dat -o t.dat", "report t.dat -o link.dat", "report link.dat -o t.dat", "report -i t.dat -o ./t.dat",
    "report - -o t.dat < t.dat", "report t.dat --kallsyms k -o k", "export t.dat --to calls -o t.dat",
    "export t.dat --to sqlite -o link.dat", "check t.dat --expect e.yaml -o t.dat", "check t.dat --expect e.yaml -o e.yaml",
    "check . --expect e.yaml --junit t.dat", "check t.dat --expect e.yaml --junit e.yaml", "check t.dat --expect e.yaml -o x --junit x",
    "check t.dat --expect e.yaml -o x --junit ./x", "check t.dat --expect t.dat --update", "diff t.dat t.dat -o t.dat",
    "diff t.dat . -o link.dat", "diff --before t.dat --after t.dat --format html -o t.dat",
  ]

  private func prepare() throws -> Command {
    let command = try Command()
    try command.write("t.dat", try Data(contentsOf: URL(filePath: Command.sample)))
    try command.write("k", "ffffffff81000000 T kvm_init\n".utf8)
    try command.write("e.yaml", "schema: kvm-inittrace/expectations\nversion: 1\nexpect: [{verdict: failed}]\n".utf8)
    try FileManager.default.createSymbolicLink(
      at: command.folder.appending(path: "link.dat"), withDestinationURL: command.folder.appending(path: "t.dat"))
    return command
  }

  @Test(arguments: lines) func isRefused(_ line: String) throws {
    let command = try prepare()
    defer { command.remove() }
    let names = ["t.dat", "k", "e.yaml"]
    let before = try names.map { try Data(contentsOf: command.folder.appending(path: $0)) }
    let outcome = try command.run(shell: #"exec "$0" "# + line)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains("which it would replace; name another file"), "\(outcome.errors)")
    #expect(try names.map { try Data(contentsOf: command.folder.appending(path: $0)) } == before)
    #expect(!FileManager.default.fileExists(atPath: command.folder.appending(path: "x").path))
  }

  @Test(arguments: [
    "report t.dat -o x", "report t.dat -o /dev/stdout", "report t.dat -o k", "check t.dat --expect e.yaml -o x --junit k",
    "check t.dat --expect e.yaml --update", "check t.dat --expect e.yaml -o /dev/null --junit /dev/null",
  ]) func isNot(_ line: String) throws {
    let command = try prepare()
    defer { command.remove() }
    let outcome = try command.run(shell: #"exec "$0" "# + line)
    #expect(outcome.status < 2, "\(outcome.errors)")
  }
}
