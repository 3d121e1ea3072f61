import Foundation
import Testing

/// `diff` on real recordings: what it says first, and how it ends.
@Suite struct DiffTests {
  private func sample(_ name: String) -> String {
    let folder = "\(Command.root)/SampleTraces/\(name)"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return folder + "/" + (files.sorted().first { $0.hasPrefix("trace.") } ?? "")
  }

  private func run(_ arguments: String...) throws -> Command.Outcome {
    let command = try Command()
    defer { command.remove() }
    return try command.run(["diff"] + arguments)
  }

  @Test func theSame() throws {
    let outcome = try run(sample("6.12-kvm_amd-record-stages"), sample("6.12-kvm_amd-record-stages"))
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("kvm_amd, 6.12.118+deb13-amd64: same\n"), "\(outcome.output)")
  }

  /// nested=0 changes no step of an AMD load: the parameter is all that is said.
  @Test func aParameterIsShownAndNothingElse() throws {
    let outcome = try run(sample("6.12-kvm_amd-record-stages"), sample("6.12-kvm_amd-record-nested-off"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n  parameter kvm_amd.nested: 1 → 0\n"), "\(outcome.output)")
    #expect(outcome.output.components(separatedBy: "→").count == 2)
  }

  /// On Intel nested=0 leaves one step out.
  @Test func aStepThatAParameterLeavesOut() throws {
    let outcome = try run(sample("6.12-kvm_intel-record"), sample("6.12-kvm_intel-record-nested-off"))
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("kvm_intel, 6.12.118+deb13-amd64: DIFFERENT in 1 stage, "), "\(outcome.output)")
    #expect(outcome.output.contains("- Nested virtualization setup  gone"))
    #expect(outcome.output.contains("parameter kvm_intel.nested: Y → N"))
  }

  @Test func theSameRunAsFileAndAsText() throws {
    let outcome = try run("-q", sample("5.10-kvm_amd-pair-dat"), sample("5.10-kvm_amd-pair-text"))
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func twoKernels() throws {
    let outcome = try run(sample("5.10-kvm_amd"), sample("6.12-kvm_amd"))
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("+ Enable virtualization at load"), "\(outcome.output)")
    #expect(outcome.output.contains("↳ new in 6.12"))
  }

  @Test func whereALoadEnded() throws {
    let outcome = try run(sample("6.12-kvm_intel"), sample("6.12-kvm_intel-fail-record"))
    #expect(outcome.status == 1)
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("FAILED at Support check of the vendor module (EOPNOTSUPP), in __kvm_is_vmx_supported"), "\(words)")
    #expect(outcome.output.contains("~ not reached after: "))
  }

  /// The stages are alike; whether the calls are cannot be told.
  @Test func recordingsOfDifferentDetail() throws {
    let outcome = try run(sample("6.12-kvm_amd-record-stages"), sample("6.12-kvm_amd-record-full"))
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("UNDECIDED") && outcome.output.contains("! calls are not compared: "), "\(outcome.output)")
  }

  @Test func sidesThatTellLess() throws {
    let outcome = try run(sample("6.12-kvm_amd-root-kvm_init"), sample("6.12-kvm_amd"))
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("UNDECIDED"))
    #expect(outcome.output.contains("calls are compared below kvm_init only"))
  }

  /// A module that was freed has no names, until its file gives them.
  @Test func namesOfAModuleThatIsGone() throws {
    let sides = [sample("7.3-kvm_amd-fail"), sample("7.3-kvm_amd")]
    let nameless = try run(sides[0], sides[1])
    let words = nameless.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("! calls are not compared: the functions of the module have no names before: give them with"), "\(words)")
    let modules = "\(Command.root)/Tests/SampleTests/Modules/"
    let named = try run(sides[0], sides[1], "--module-dir", modules + "7.3.4+deb13-amd64")
    #expect(named.status == 1 && !named.output.contains("calls are not compared"), "\(named.output)")
    #expect(named.output.contains("in __kvm_is_svm_supported [kvm_amd]"))
    // That of another kernel names nothing.
    let other = try run(sides[0], sides[1], "--module-file", modules + "5.10.0-46-amd64/kvm-amd.ko.xz")
    #expect(other.output.contains("calls are not compared"), "\(other.output)")
    #expect(try run(sides[0], sides[1], "--module-dir", "/nowhere").status == 66)
  }

  /// And not the number of traces, among which its value stands.
  @Test func anOptionThatIsNotKnownIsNamed() throws {
    for arguments in [["diff", "a", "b", "--formt", "json"], ["diff", "--before", "a", "--after", "b", "--formt", "json"]] {
      let command = try Command()
      defer { command.remove() }
      let outcome = try command.run(arguments)
      #expect(outcome.status == 64 && outcome.errors.contains("Unknown option '--formt'"), "\(outcome.errors)")
    }
  }

  @Test func whatCannotBeCompared() throws {
    let loaded = try run(sample("5.10-kvm_amd-loaded"), sample("5.10-kvm_amd"))
    #expect(loaded.status == 2 && loaded.output.isEmpty)
    #expect(loaded.errors.contains("cannot be compared: nothing before holds an init of a KVM module"), "\(loaded.errors)")
    let gone = try run("/nowhere/a.dat", sample("5.10-kvm_amd"))
    #expect(gone.status == 66 && gone.output.isEmpty)
    let none = try run(sample("5.10-kvm_amd"), "\(Command.root)/README.md")
    #expect(none.status == 65 && none.output.isEmpty, "\(none.errors)")
    let module = try run("--module", "kvm_intel", sample("5.10-kvm_amd"), sample("5.10-kvm_amd"))
    #expect(module.status == 2 && module.errors.contains("a run of kvm_intel"), "\(module.errors)")
  }

  @Test func severalRunsOnEachSide() throws {
    let old = [sample("5.10-kvm_amd"), sample("5.10-kvm_amd-record-full")]
    let new = [sample("6.12-kvm_amd"), sample("6.12-kvm_amd-events")]
    let outcome = try run("--before", old[0], old[1], "--after", new[0], new[1], "--format", "json")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.output.contains(#""schema": "kvm-inittrace/diff""#))
  }

  @Test(arguments: [
    ["a.dat"], ["a", "b", "c"], ["--before", "a"], ["--before", "a", "--after"], ["a", "b", "--threshold", "ten"], ["a", "b", "-D", "-1"],
    ["a", "b", "--min-change", "0"], ["a", "b", "--calls", "x"], ["a", "b", "--kernel-before", "x"], ["a", "b", "--format", "x"],
    ["-", "-"],
  ]) func wrongUse(_ arguments: [String]) throws {
    let command = try Command()
    defer { command.remove() }
    let outcome = try command.run(["diff"] + arguments)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("kvm-inittrace: error: "))
  }
}
