import Foundation
import Testing

@testable import Safeguards

/// What a confined process can and cannot do, shown by one that tries.
@Suite struct ConfinementTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private static let probe = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/ConfinedProbe"

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: Self.probe)
    process.arguments = arguments
    // The sanitizer's search for leaks traces the process, which a confined one does not let it.
    process.environment = ["SWIFT_BACKTRACE": "enable=no", "ASAN_OPTIONS": "detect_leaks=0"]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }

  @Test func onlyWhatWasNamed() throws {
    for name in ["in", "out", "secret", "linked"] { try folder.make(name) }
    for name in ["in/file", "secret/file", "linked/file"] { try folder.write(name, "x") }
    try folder.link("in/link", to: "../linked/file")
    #expect(chmod(folder / "secret/file", 0o600) == 0)
    let lines = try run(["confined", folder.path]).output.split(separator: "\n").map { $0.split(separator: " ") }
    let results = Dictionary(uniqueKeysWithValues: lines.map { (String($0[0]), Int32($0[1])) })
    for name in ["read-input", "read-linked", "write-output", "replace-output"] { #expect(results[name] == 0, "\(name)") }
    for name in ["chmod", "execute", "socket", "owner"] { #expect(results[name] == EPERM, "\(name)") }
    #expect(folder.text("out/report") == "x" && folder.mode("out/report") == 0o640 && folder.mode("secret/file") == 0o600)
    guard Landlock() != nil else { return print("skipped: this kernel has no Landlock, so other files can be read") }
    for name in ["read-other", "write-other", "remove-other"] { #expect(results[name] == EACCES, "\(name)") }
    #expect(folder.text("secret/file") == "x")
  }

  /// A mapped file that is cut off ends the program with a clear line, and takes the unfinished output with it.
  @Test func aFileThatIsCutOff() throws {
    try folder.write("mapped", String(repeating: "x", count: 8192))
    let outcome = try run(["cut", folder / "mapped"])
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("kvm-inittrace: error: a file was cut off while it was read; ") && outcome.errors.hasSuffix("\n"))
    #expect(folder.names == ["mapped"])
  }

  @Test func linksInDirectories() throws {
    try folder.make("traces/deep")
    try folder.make("other")
    for (name, target) in [("traces/deep/link", "../../other"), ("other/kvm.ko.xz", "x"), ("traces/.hidden", "x"), ("traces/up", "..")] {
      try folder.link(name, to: target)
    }
    let all = Set(LinkedPaths.all(in: [folder / "traces"]))
    #expect(all.isSuperset(of: [folder / "traces/deep/link", folder / "traces/up"]) && !all.contains(folder / "traces/.hidden"))
    #expect(all.contains { $0.hasSuffix("/kvm.ko.xz") })
    #expect(LinkedPaths.links(in: [folder / "traces"], named: ".ko") == [])
    #expect(LinkedPaths.links(in: [folder.path], named: ".ko") == [folder / "other/kvm.ko.xz"])
  }
}
