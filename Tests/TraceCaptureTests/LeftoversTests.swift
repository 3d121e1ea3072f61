import Glibc
import Testing

@testable import TraceCapture

@Suite struct LeftoversTests {
  private let machine: TestMachine
  private let tracefs: FakeTracefs
  private var path: String { machine.folder.path + "/run" }

  init() throws { (machine, tracefs) = (try TestMachine(), try FakeTracefs()) }

  private func interrupted() throws -> RunDirectory {
    let directory = try RunDirectory(path: path)
    var journal = Journal(pid: 4711, top: tracefs.path)
    journal.entries = [
      .file("current_tracer", rule: .contents, original: "nop\n"),
      .file("max_graph_depth", rule: .contents, original: "7\n"),
    ]
    try tracefs.write("current_tracer", "function_graph\n")
    try directory.store(journal)
    return directory
  }

  /// What a look at it finds, in words.
  private var state: String {
    switch Leftovers.state(runDirectory: path) {
    case .nothing: "nothing"
    case .unseen: "unseen"
    case .left(let text): text
    case .blocked(let error): error.description
    }
  }

  @Test func nothingIsLeft() throws {
    #expect(state == "nothing")
    let directory = try RunDirectory(path: path)
    #expect(try Leftovers.restore(directory, isTracefs: { _ in true }) == [])
    #expect(state == "nothing")
  }

  @Test func anInterruptedRecordingIsUndone() throws {
    let directory = try interrupted()
    #expect(state == "process 4711 was interrupted while it recorded: 2 changes are not undone")
    #expect(tracefs.text("current_tracer") == "function_graph\n")
    try directory.acquireLock()
    // A recording that runs is none that was interrupted.
    #expect(state == "another recording is running: process \(getpid()); wait until it has ended, then try again")
    #expect(
      try Leftovers.restore(directory, isTracefs: { _ in true }) == [
        "process 4711 was interrupted while it recorded: 2 changes of its are undone"
      ])
    #expect(tracefs.text("current_tracer") == "nop\n" && tracefs.text("max_graph_depth") == "7\n")
    #expect(directory.journal() == nil)
  }

  /// What nobody can look at is not said to be nothing.
  @Test func whatCannotBeLookedAt() throws {
    var directory: RunDirectory? = try interrupted()
    try directory?.acquireLock()
    // The recorder is gone; a program of its has the lock.
    try machine.write("/run/lock", "\(Int32.max)\n")
    #expect(
      state == "the kernel is still at work for the modprobe of a recording that is over (process \(Int32.max)); "
        + "try again later; if that lasts, see dmesg, and reboot")
    directory = nil
    #expect(chmod(path + "/journal", 0o622) == 0)
    #expect(state.hasPrefix("'\(path)/journal' is not believed: "))
    #expect(chmod(path + "/journal", 0o600) == 0 && chmod(path, 0o777) == 0)
    #expect(state.hasPrefix("'\(path)' belongs to another user, or others may write to it; "))
    guard geteuid() != 0 else { return print("skipped: root may look anywhere") }
    #expect(chmod(path, 0) == 0)
    #expect(state == "unseen")
    #expect(chmod(path, 0o700) == 0)
  }

  @Test func theJournalStaysUntilAllIsUndone() throws {
    let directory = try interrupted()
    try tracefs.refuse("max_graph_depth")
    let now = try #require(tracefs.text("max_graph_depth")).trimmed
    #expect(
      try Leftovers.restore(directory, isTracefs: { _ in true }).last == "max_graph_depth cannot be put back: it was '7', and is '\(now)'")
    #expect(directory.journal() != nil)
  }

  /// A recorder was killed, somebody keeps the tracer busy, and the next recording is not to count that as how things were.
  @Test func nothingIsRecordedOnTopOfIt() throws {
    let directory = try interrupted()
    try Leftovers.checkUndone(try RunDirectory(path: machine.folder.path + "/other"), [])
    let journal = directory.journal()
    try tracefs.refuse("current_tracer")
    let now = try #require(tracefs.text("current_tracer")).trimmed
    let lines = try Leftovers.restore(directory, isTracefs: { _ in true })
    let error = #expect(throws: CaptureError.self) { try Leftovers.checkUndone(directory, lines) }
    #expect(
      error?.description == "what an earlier recording left is not undone, and a new one would hide it: "
        + "current_tracer cannot be put back: it was 'nop', and is '\(now)'; "
        + "when nothing stands in the way any more: kvm-inittrace doctor --restore; to give it up: rm \(path)/journal")
    #expect(error?.exitCode == 69 && directory.journal() == journal)
    try tracefs.remove("current_tracer")
    try tracefs.write("current_tracer", "function_graph\n")
    try Leftovers.checkUndone(directory, try Leftovers.restore(directory, isTracefs: { _ in true }))
    #expect(tracefs.text("current_tracer") == "nop\n")
  }

  private func refusal(_ directory: RunDirectory, isTracefs: Bool = true) -> CaptureError? {
    #expect(throws: CaptureError.self) { try Leftovers.restore(directory, isTracefs: { _ in isTracefs }) }
  }

  /// What no recording could have to undo is not done, whoever wrote it.
  @Test(arguments: [
    (Journal.Entry.file("../../etc/passwd", rule: .contents, original: "x"), "'../../etc/passwd' is no file of tracefs"),
    (.file("/etc/passwd", rule: .contents, original: "x"), "'/etc/passwd' is no file of tracefs"),
    (.file("events/./enable", rule: .contents, original: "x"), "'events/./enable' is no file of tracefs"),
    (.file("events//enable", rule: .contents, original: "x"), "'events//enable' is no file of tracefs"),
    (.file("", rule: .contents, original: "x"), "'' is no file of tracefs"),
    (.file("a\nb", rule: .contents, original: "x"), "'a\nb' is no file of tracefs"),
    (.probe(event: "x/../y"), "'x/../y' is no probe"), (.probe(event: "x\np:mine f"), "'x\np:mine f' is no probe"),
    (.module(name: "-r", wasLoaded: true), "'-r' is no module"), (.module(name: "/tmp/x.ko", wasLoaded: true), "'/tmp/x.ko' is no module"),
    (.module(name: "kvm", wasLoaded: true, parameters: ["-C": "/tmp"]), "'-C=/tmp' is no parameter"),
    (.module(name: "kvm", wasLoaded: true, parameters: ["a": "1\n2"]), "'a=1\n2' is no parameter"),
  ]) func hostileJournals(_ entry: Journal.Entry, _ problem: String) throws {
    let directory = try interrupted()
    var journal = try #require(directory.journal())
    journal.entries.insert(entry, at: 0)
    try directory.store(journal)
    let error = refusal(directory)
    #expect(error?.message == "the journal in \(path) is not believed: \(problem)" && error?.exitCode == 69)
    #expect(tracefs.text("current_tracer") == "function_graph\n" && directory.journal() == journal)
  }

  @Test func journalsOfAnotherPlace() throws {
    let directory = try interrupted()
    #expect(refusal(directory, isTracefs: false)?.message == "the journal in \(path) is not believed: '\(tracefs.path)' is no tracefs")
    #expect(!TracefsMount.isTracefs(tracefs.path) && !TracefsMount.isTracefs("/proc") && !TracefsMount.isTracefs("proc"))
    #expect(tracefs.text("current_tracer") == "function_graph\n")
  }

  @Test func journalsThatOthersMayHaveWritten() throws {
    let directory = try interrupted()
    let file = path + "/journal"
    #expect(chmod(file, 0o622) == 0)
    #expect(refusal(directory)?.description.hasPrefix("'\(file)' is not believed: it is no file that only this user can write to") == true)
    #expect(chmod(file, 0o600) == 0 && link(file, path + "/again") == 0)
    #expect(refusal(directory)?.exitCode == 77)
    #expect(unlink(path + "/again") == 0 && unlink(file) == 0 && mkfifo(file, 0o600) == 0)
    #expect(refusal(directory)?.exitCode == 77)
    #expect(tracefs.text("current_tracer") == "function_graph\n")
  }

  @Test func journalsOfAnotherUser() throws {
    guard geteuid() == 0 else { return print("skipped: only root can make a file of somebody else") }
    let directory = try interrupted()
    #expect(chown(path + "/journal", 65534, 65534) == 0)
    #expect(refusal(directory)?.exitCode == 77)
    #expect(chown(path, 65534, 65534) == 0)
    #expect(throws: CaptureError.self) { try RunDirectory(path: path) }
  }

  /// All that a plan has to put back passes.
  @Test func journalsOfPlansAreBelieved() {
    for abilities in [RecordingPlanTests.abilities("5.10"), RecordingPlanTests.abilities("7.3")] {
      var targets = RecordingTargets()
      targets.roots = ["do_init_module"]
      let plan = RecordingPlan(RecordingRequest(), targets: targets, abilities: abilities)
      var journal = Journal(pid: 1, top: "/sys/kernel/tracing")
      for case .write(let file, _, let rule) in plan.steps.map(\.action) {
        journal.entries.append(.file(file.name, rule: rule, original: ""))
      }
      journal.entries += [.module(name: "kvm_intel", wasLoaded: true, parameters: ["nested": "Y", "enable-apicv": ""])]
      #expect(journal.entries.count > 10 && journal.problem == nil)
    }
  }

  /// What it says is undone when tracefs is there again.
  @Test func nothingIsForgottenWithoutTracefs() throws {
    let directory = try interrupted()
    let journal = directory.journal()
    try tracefs.remove("current_tracer")
    let error = #expect(throws: CaptureError.self) { try Leftovers.restore(directory, files: machine.files, isTracefs: { _ in true }) }
    #expect(
      error?.description == "tracefs is no longer mounted on \(tracefs.path): what the recording changed there is not undone; "
        + "mount -t tracefs tracefs \(tracefs.path), and then: kvm-inittrace doctor --restore")
    #expect(error?.exitCode == 69 && directory.journal() == journal)
    try tracefs.write("current_tracer", "function_graph\n")
    #expect(try Leftovers.restore(directory, files: machine.files, isTracefs: { _ in true }).count == 1)
    #expect(tracefs.text("current_tracer") == "nop\n" && directory.journal() == nil)
  }

  @Test func tracefsMayBeMountedElsewhereByNow() throws {
    let directory = try interrupted()
    var journal = try #require(directory.journal())
    journal.top = "/sys/kernel/nowhere"
    try directory.store(journal)
    try machine.write("/proc/mounts", "tracefs \(tracefs.path) tracefs rw 0 0\n")
    #expect(try Leftovers.restore(directory, files: machine.files, isTracefs: { _ in true }).count == 1)
    #expect(tracefs.text("current_tracer") == "nop\n" && directory.journal() == nil)
  }

  /// Modules that cannot be put back stay in the journal; tracefs, which was, does not.
  @Test func modulesThatCannotBePutBack() throws {
    let directory = try interrupted()
    var journal = try #require(directory.journal())
    let module = Journal.Entry.module(name: "no_such_module", wasLoaded: true)
    journal.entries.append(module)
    try directory.store(journal)
    try machine.write("/sbin/modprobe", "")
    let lines = try Leftovers.restore(directory, files: machine.files, isTracefs: { _ in true })
    #expect(lines.count == 2 && lines.last?.hasPrefix("the modules are not as they were before: ") == true)
    #expect(tracefs.text("current_tracer") == "nop\n" && directory.journal()?.entries == [module])
    // Nor is its state taken for the original by the next recording.
    #expect(#expect(throws: CaptureError.self) { try Leftovers.checkUndone(directory, lines) }?.message.hasSuffix(lines[1]) == true)
  }
}
