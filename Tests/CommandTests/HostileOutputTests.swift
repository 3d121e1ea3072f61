import Foundation
import Testing

/// Each output of a trace that has everything in its names and messages that acts on a terminal, a CI system, or a viewer.
@Suite struct HostileOutputTests {
  /// Control sequences, C1 controls as a character and as a byte, a mark that turns the direction, overlong and invalid UTF-8, DEL, commands
  /// of GitHub's runner in both forms, markup, and what ends fields.
  private static let evil: [UInt8] =
    Array("\u{1B}]0;x\u{7}\u{1B}[31m".utf8) + [0x9B] + Array("\u{9B}\u{202E}".utf8) + [0xC0, 0xAF, 0x7F, 0xFF]
    + Array("::error::x##[group]<b>|`\"'\r::stop-commands::y".utf8)

  private static let source = "\(Command.root)/SampleTraces/6.12-kvm_intel-fail-events-report/trace.txt.gz"
  private static let name = "a\u{1B}[31m\n::error::b.txt"

  private static func replaced(_ bytes: [UInt8], _ word: String, _ replacement: [UInt8]) -> [UInt8] {
    let word = Array(word.utf8)
    var result: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == word[0], bytes[place...].starts(with: word) {
        result += replacement
        place += word.count
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  /// The trace, under a name that is hostile as well.
  private func prepare() throws -> Command {
    let command = try Command()
    #expect(try command.run(shell: #"gzip -dc "$1" > plain.txt"#, arguments: [Self.source]).status == 0)
    var bytes = [UInt8](try Data(contentsOf: command.folder.appending(path: "plain.txt")))
    bytes = Self.replaced(bytes, "modprobe-164", Array("m".utf8) + Self.evil + Array("-164".utf8))
    bytes = Self.replaced(bytes, "VMX not supported by CPU 1", Self.evil)
    bytes = Self.replaced(bytes, "initcall_blacklisted", Array("i".utf8) + Self.evil)
    bytes = Self.replaced(bytes, "univ8250_console_write", Array("::error::z".utf8))
    try command.write(Self.name, bytes)
    try command.write(
      "e.yaml",
      """
      schema: kvm-inittrace/expectations
      version: 1
      expect:
        - verdict: ok
          functions: {forbidden: [do_one_initcall], required: [kvm_init]}
      """.utf8)
    return command
  }

  private static let arguments: [[String]] = [
    ["report"], ["report", "-v", "--tree", "--noise", "show", "--color", "always"], ["report", "--format", "json"],
    ["report", "--tree", "--format", "markdown"], ["report", "--format", "html", "-o", "/dev/stdout"], ["check", "--expect", "e.yaml"],
    ["check", "--expect", "e.yaml", "-v", "--github"], ["check", "--expect", "e.yaml", "--tap"],
    ["check", "--expect", "e.yaml", "--format", "junit"], ["check", "--expect", "e.yaml", "--format", "json"],
    ["export", "--to", "calls"], ["export", "--to", "stages"], ["export", "--to", "chrome"], ["export", "--to", "folded"],
    ["export", "--to", "speedscope"], ["export", "--to", "openmetrics"], ["export", "--to", "folded", "--redact"],
  ]

  private static func expectHarmless(_ outcome: Command.Outcome, _ arguments: [String], _ sourceLocation: SourceLocation = #_sourceLocation)
  {
    var text = outcome.output + outcome.errors
    #expect(!outcome.output.isEmpty, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    // Colours are the tool's own.
    for code in ["0", "1", "2", "31", "32", "33", "36", "1;31", "1;32", "1;33", "1;36"] {
      if arguments.contains("always") { text = text.replacing("\u{1B}[\(code)m", with: "") }
    }
    let acting = text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
      default: false
      }
    }
    #expect(acting.isEmpty, "\(arguments): \(Set(acting.map(\.value)))", sourceLocation: sourceLocation)
    let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
    let own = lines.filter { $0.hasPrefix("::error file=") || $0.hasPrefix("::warning file=") }
    #expect(own.isEmpty != arguments.contains("--github"), sourceLocation: sourceLocation)
    #expect(lines.filter { $0.hasPrefix("::") }.count == own.count, "\(arguments)", sourceLocation: sourceLocation)
    #expect(!text.contains("##["), "\(arguments)", sourceLocation: sourceLocation)
    if arguments.contains("html") || arguments.contains("junit") {
      #expect(!outcome.output.contains("<b>"), "\(arguments)", sourceLocation: sourceLocation)
    }
  }

  @Test func everyOutput() throws {
    let command = try prepare()
    defer { command.remove() }
    for arguments in Self.arguments {
      let kernel = arguments[0] == "report" ? ["--kernel", "6.12"] : []
      let outcome = try command.run(shell: #"exec "$0" "$@""#, arguments: arguments + kernel + [Self.name])
      Self.expectHarmless(outcome, arguments)
    }
    for format in ["text", "json", "markdown", "html"] {
      let arguments = ["diff", "--format", format, "-o", "/dev/stdout", Self.name, Command.sample]
      Self.expectHarmless(try command.run(shell: #"exec "$0" "$@""#, arguments: arguments), arguments)
    }
  }

  /// An expectations file may come from somebody else, too.
  @Test func wrongExpectations() throws {
    let command = try Command()
    defer { command.remove() }
    try command.write(
      "e.yaml", #"{schema: kvm-inittrace/expectations, version: 1, expect: [{functions: {required: ["\e[31m\u202E\n::x"]}}]}"#.utf8)
    let outcome = try command.run("check", Command.sample, "--expect", "e.yaml")
    #expect(outcome.status == 65 && outcome.errors.contains(#"\x1b[31m\u202e\n::x"#), "\(outcome.errors)")
    #expect(!outcome.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  /// What is learnt of a trace is written so that it is read as it was.
  @Test func expectationsOfIt() throws {
    let command = try prepare()
    defer { command.remove() }
    let outcome = try command.run("check", Command.sample, "--expect", "new.yaml", "--update", "--kernel", "6.12")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let refused = try command.run(shell: #"exec "$0" "$@""#, arguments: ["check", Self.name, "--expect", "x.yaml", "--update"])
    #expect(refused.status == 65 && !refused.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }
}
