import Foundation
import Testing
import ToolVersion

/// Which version the command says it is, and how the build finds out of which commit it is.
@Suite struct VersionTests {
  private static let script = "\(Command.root)/scripts/commit"

  @Test func theCommandSaysVersionAndCommit() throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run("--version")
    #expect(outcome.status == 0 && outcome.output == ToolVersion.text + "\n")
    // Without git, as in an unpacked archive that git did not make, there is no commit to tell.
    #expect(outcome.output.wholeMatch(of: /kvm-inittrace \d+\.\d+\.\d+( \([0-9a-f]{7}(-dirty)?\))?\n/) != nil, "\(outcome.output)")
  }

  /// Makes a repository with the script in it; `"$0"` of the line is the script's place outside.
  private func inRepository(_ line: String) throws -> Command.Outcome {
    let command = try Command()
    defer { command.remove() }
    let make = """
      set -e; exec 3>&1 >/dev/null; script=$1; export HOME=$PWD GIT_CONFIG_NOSYSTEM=1
      git() { command git -c user.name=Test -c user.email=test@example.org -c init.defaultBranch=main "$@"; }
      git init -q sources; cd sources; mkdir scripts; cp "$script" scripts/commit; cp "${script%/*}/../.gitattributes" .
      git add .; git commit -q -m first; head=$(git rev-parse HEAD | cut -c 1-7); exec >&3
      """
    return try command.run(shell: make + "\n" + line, arguments: [Self.script])
  }

  @Test func aCloneHasACommit() throws {
    let outcome = try inRepository(#"[ "$(scripts/commit)" = "$head" ] && echo right"#)
    #expect(outcome.output == "right\n", "\(outcome)")
  }

  @Test func changedFilesAreTold() throws {
    let outcome = try inRepository(#"echo '#' >>scripts/commit; [ "$(scripts/commit)" = "$head-dirty" ] && echo right"#)
    #expect(outcome.output == "right\n", "\(outcome)")
  }

  @Test func anArchiveKnowsItsCommit() throws {
    let outcome = try inRepository(
      #"mkdir ../out; git archive HEAD | tar -x -C ../out; [ "$(../out/scripts/commit)" = "$head" ] && echo right"#)
    #expect(outcome.output == "right\n", "\(outcome)")
  }

  /// A repository around the sources has a commit, and it is not theirs.
  @Test func sourcesBelowAnotherRepositoryHaveNone() throws {
    let outcome = try inRepository(#"mkdir -p copy/scripts; cp scripts/commit copy/scripts; echo "($(copy/scripts/commit))""#)
    #expect(outcome.output == "()\n", "\(outcome)")
  }

  /// Else every build would compile what says the commit.
  @Test func theFileIsWrittenOnlyWhenItChanges() throws {
    let outcome = try inRepository(
      """
      scripts/commit ../Built.swift; touch -d 2001-01-01 ../Built.swift; scripts/commit ../Built.swift; date -r ../Built.swift +%Y
      git commit -q --allow-empty -m second; scripts/commit ../Built.swift; date -r ../Built.swift +%Y | grep -c 2001
      """)
    #expect(outcome.output == "2001\n0\n", "\(outcome)")
  }
}
