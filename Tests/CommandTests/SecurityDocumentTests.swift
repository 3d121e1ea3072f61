import Foundation
import Testing

/// Docs/Security.md names a test for each line, and there is one of that name.
@Suite struct SecurityDocumentTests {
  private static func text(_ path: String) throws -> String { try String(contentsOfFile: "\(Command.root)/\(path)", encoding: .utf8) }

  /// Rows of the tables of attacks, by their columns.
  private static func attacks() throws -> [[Substring]] {
    var isAttacks = false
    return try text("Docs/Security.md").split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      guard line.hasPrefix("|") else {
        isAttacks = false
        return nil
      }
      if line.hasPrefix("| attack |") { isAttacks = true }
      return isAttacks && !line.hasPrefix("| attack |") && !line.hasPrefix("|---") ? line.split(separator: "|") : nil
    }
  }

  /// The functions of each suite: `SuiteTests.function`, and the suites themselves.
  private static func tests() throws -> Set<String> {
    var names: Set<String> = []
    let files = FileManager.default.enumerator(atPath: "\(Command.root)/Tests")?.compactMap { $0 as? String } ?? []
    for file in files where file.hasSuffix("Tests.swift") {
      let suite = String(file.split(separator: "/").last?.dropLast(6) ?? "")
      names.insert(suite)
      for line in try text("Tests/\(file)").split(separator: "\n") {
        guard let start = line.firstRange(of: "func ") else { continue }
        names.insert(suite + "." + line[start.upperBound...].prefix { $0.isLetter || $0.isNumber })
      }
    }
    for line in try text("scripts/lab/tests/secure.sh").split(separator: "\n") where line.hasPrefix("test_") {
      names.insert(String(line.prefix { $0 != "(" }))
    }
    return names
  }

  @Test func everyLineNamesATestThatIsThere() throws {
    let tests = try Self.tests()
    let attacks = try Self.attacks()
    #expect(attacks.count > 15)
    for row in attacks {
      #expect(row.count == 3, "\(row)")
      let named = (row.last ?? "").split(separator: "`").filter { $0.contains("Tests") || $0.hasPrefix("test_") }
      #expect(!named.isEmpty, "\(row)")
      for name in named { #expect(tests.contains(String(name)), "\(name)") }
    }
  }
}
