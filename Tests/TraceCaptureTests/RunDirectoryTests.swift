import Foundation
import Testing

@testable import TraceCapture

@Suite struct RunDirectoryTests {
  private let machine: TestMachine
  private var path: String { machine.folder.path + "/run" }

  init() throws { machine = try TestMachine() }

  private func journal() -> Journal {
    var journal = Journal(pid: 42, top: "/t")
    journal.entries = [.instance, .file("f", rule: .contents, original: "ü\n")]
    return journal
  }

  @Test func nobodyElseMayEnter() throws {
    let directory = try RunDirectory(path: path)
    try directory.acquireLock()
    try directory.store(journal())
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    for file in ["lock", "journal"] { #expect(stat(path + "/" + file, &status) == 0 && status.st_mode & 0o777 == 0o600) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["journal", "lock"])
  }

  @Test func aSecondRecordingIsKeptOut() throws {
    var first: RunDirectory? = try RunDirectory(path: path)
    try first?.acquireLock()
    let second = try RunDirectory(path: path)
    let error = #expect(throws: CaptureError.self) { try second.acquireLock() }
    #expect(error?.description == "another recording is running: process \(getpid()); wait until it has ended, then try again")
    #expect(error?.exitCode == 69)
    first = nil
    try second.acquireLock()
  }

  /// The recorder is dead, its modprobe is not.
  @Test func theLockOfARecorderThatWasKilled() throws {
    let held = try RunDirectory(path: path)
    try held.acquireLock()
    // No process has this number.
    try machine.write("/run/lock", "\(Int32.max)\n")
    let second = try RunDirectory(path: path)
    let error = #expect(throws: CaptureError.self) { try second.acquireLock(patience: 1) }
    #expect(
      error?.description == "the kernel is still at work for the modprobe of a recording that is over (process \(Int32.max)); "
        + "try again later; if that lasts, see dmesg, and reboot")
    #expect(error?.exitCode == 69)
  }

  /// The recorder has ended. Without a word of it a program that has inherited the lock does not keep it.
  @Test(arguments: [false, true]) func theLockOfAProgramThatGoesOn(_ isLeft: Bool) throws {
    var first: RunDirectory? = try RunDirectory(path: path)
    try first?.acquireLock()
    let inherited = dup(try #require(first?.lock?.descriptor))
    defer { close(inherited) }
    try machine.write("/run/lock", "\(Int32.max)\n")
    if isLeft { first?.lock?.leave() }
    first = nil
    let second = try RunDirectory(path: path)
    #expect(((try? second.acquireLock(patience: 1)) == nil) == isLeft)
  }

  @Test func aJournalThatWasBeingWrittenGoes() throws {
    let directory = try RunDirectory(path: path)
    try machine.write("/run/journal.new", "kvm-inittrace jour")
    try directory.acquireLock()
    #expect(machine.files.names(in: "/run") == ["lock"])
  }

  @Test func whatIsUndoneIsForgotten() throws {
    let directory = try RunDirectory(path: path)
    directory.forget { _ in true }
    var both = journal()
    both.entries.append(.module(name: "kvm", wasLoaded: false))
    try directory.store(both)
    directory.forget { !$0.isModule }
    #expect(directory.journal()?.entries == [.module(name: "kvm", wasLoaded: false)] && directory.journal()?.pid == 42)
    directory.forget(where: \.isModule)
    #expect(directory.journal() == nil && machine.files.names(in: "/run") == [])
  }

  /// Where the shorter journal cannot be stored, the one that is there stays until all is undone.
  @Test func whatIsUndoneIsForgottenOnAFullDisk() throws {
    let directory = try RunDirectory(path: path)
    var both = journal()
    both.entries.append(.module(name: "kvm", wasLoaded: false))
    try directory.store(both)
    try machine.makeDirectory("/run/journal.new")
    directory.forget { !$0.isModule }
    #expect(directory.journal() == both)
    directory.forget(where: \.isModule)
    #expect(directory.journal() == nil)
  }

  @Test func theNumberOfAnEarlierHolderIsReplaced() throws {
    let directory = try RunDirectory(path: path)
    try machine.write("/run/lock", "12345678901234567890\n")
    try directory.acquireLock()
    #expect(machine.files.text("/run/lock") == "\(getpid())")
  }

  @Test func directoriesThatOthersMayChangeAreRefused() throws {
    for mode in [0o777, 0o770, 0o702] as [mode_t] {
      try machine.makeDirectory("/run")
      #expect(chmod(path, mode) == 0)
      let error = #expect(throws: CaptureError.self) { try RunDirectory(path: path) }
      #expect(error?.description == "'\(path)' belongs to another user, or others may write to it; remove it, then try again")
      #expect(error?.exitCode == 77)
    }
    #expect(chmod(path, 0o755) == 0)
    _ = try RunDirectory(path: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
  }

  @Test func whatIsNoDirectoryIsRefused() throws {
    try machine.makeDirectory("/elsewhere")
    #expect(chmod(machine.folder.path + "/elsewhere", 0o700) == 0)
    try machine.link("/run", to: machine.folder.path + "/elsewhere")
    var error = #expect(throws: CaptureError.self) { try RunDirectory(path: path) }
    #expect(error?.message.hasPrefix("cannot open '\(path)': ") == true)
    try machine.remove("/run")
    try machine.write("/run", "")
    error = #expect(throws: CaptureError.self) { try RunDirectory(path: path) }
    #expect(error?.description == "cannot open '\(path)': Not a directory; remove it if it is no directory, and run as root")
    error = #expect(throws: CaptureError.self) { try RunDirectory(path: machine.folder.path + "/no/where") }
    #expect(error?.message == "cannot make '\(machine.folder.path)/no/where': No such file or directory")
  }

  @Test func filesAreNeverOpenedThroughALink() throws {
    let directory = try RunDirectory(path: path)
    try machine.write("/victim", "precious")
    for file in ["lock", "journal", "journal.new"] { try machine.link("/run/" + file, to: machine.folder.path + "/victim") }
    #expect(throws: CaptureError.self) { try directory.acquireLock() }
    #expect(throws: CaptureError.self) { try directory.store(journal()) }
    #expect(directory.journal() == nil)
    #expect(machine.files.text("/victim") == "precious")
  }

  @Test func theJournalIsKept() throws {
    let directory = try RunDirectory(path: path)
    #expect(directory.journal() == nil)
    try directory.store(journal())
    #expect(directory.journal() == journal())
    var longer = journal()
    // More than is read at once.
    longer.entries += (0..<2000).map { .probe(event: "r_function_number_\($0)") }
    try directory.store(longer)
    #expect(try RunDirectory(path: path).journal() == longer)
    try directory.store(journal())
    #expect(directory.journal() == journal())
    directory.removeJournal()
    #expect(directory.journal() == nil)
  }

  @Test func aJournalThatIsCutOffIsIgnored() throws {
    let directory = try RunDirectory(path: path)
    try directory.store(journal())
    let bytes = try #require(machine.files.bytes("/run/journal"))
    try machine.write("/run/journal", Array(bytes.dropLast(5)))
    #expect(directory.journal() == nil)
    try machine.write("/run/journal", [0xff, 0, 0xfe])
    #expect(directory.journal() == nil)
  }
}
