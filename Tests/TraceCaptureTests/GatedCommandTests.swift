import Dispatch
import Foundation
import Glibc
import Testing

@testable import TraceCapture

/// One after the other: a child that waits at its gate holds those of children that were forked before it.
@Suite(.serialized) struct GatedCommandTests {
  private let machine: TestMachine
  private var folder: String { machine.folder.path }

  init() throws { machine = try TestMachine() }

  private static func noMask() -> sigset_t {
    var mask = sigset_t()
    sigemptyset(&mask)
    return mask
  }

  /// Waits for the end, and gives how it ended; nil after ten seconds.
  private func end(_ command: GatedCommand) -> ProcessEnd? {
    for _ in 0..<1000 where !command.poll() { usleep(10_000) }
    return command.end
  }

  private func run(_ words: String...) throws -> ProcessEnd? {
    let command = try GatedCommand(words, mask: Self.noMask())
    try command.start()
    return end(command)
  }

  @Test func nothingHappensBeforeTheStart() throws {
    let command = try GatedCommand(["touch", folder + "/there"], mask: Self.noMask())
    #expect(command.pid > 0 && kill(command.pid, 0) == 0)
    usleep(100_000)
    #expect(!command.poll() && command.end == nil && !machine.files.exists("/there"))
    // A signal to a command that has not started would end it.
    command.send(SIGTERM)
    try command.start()
    #expect(end(command) == .exited(0))
    #expect(machine.files.exists("/there"))
    #expect(command.elapsedNS > 0 && command.elapsedNS < 60_000_000_000)
    #expect(command.poll() && command.arguments == ["touch", folder + "/there"])
  }

  @Test func howItEnded() throws {
    #expect(try run("true") == .exited(0))
    #expect(try run("sh", "-c", "exit 7") == .exited(7))
    #expect(try run("sh", "-c", "exit 255") == .exited(255))
    #expect(try run("sh", "-c", "kill -KILL $$") == .killed(signal: SIGKILL))
  }

  /// No shell reads the words.
  @Test func wordsArePassedAsTheyAre() throws {
    let words = ["a b", "$HOME", "*", "", "'", "; exit 3", "ü\n"]
    let script = "for word; do printf '%s\\0' \"$word\"; done > \(folder)/words"
    let command = try GatedCommand(["sh", "-c", script, "sh"] + words, mask: Self.noMask())
    try command.start()
    #expect(end(command) == .exited(0))
    #expect(machine.files.bytes("/words").map { String(decoding: $0, as: UTF8.self) } == words.map { $0 + "\0" }.joined())
  }

  @Test func unknownPrograms() throws {
    let command = try GatedCommand(["no-such-program", "x"], mask: Self.noMask())
    let pid = command.pid
    var error = #expect(throws: CaptureError.self) { try command.start() }
    #expect(error?.description == "cannot execute 'no-such-program': No such file or directory; check its name and PATH")
    #expect(error?.exitCode == 69)
    #expect(command.end == .exited(127) && command.poll() && kill(pid, 0) != 0)
    let folder = try GatedCommand(["/"], mask: Self.noMask())
    error = #expect(throws: CaptureError.self) { try folder.start() }
    #expect(error?.message == "cannot execute '/': Permission denied")
    #expect(throws: CaptureError.self) { try GatedCommand([], mask: Self.noMask()) }
  }

  @Test func theEnvironmentIsTheOneThatIsGiven() throws {
    func environment(_ given: [String]?) throws -> [Substring] {
      let command = try GatedCommand(["/bin/sh", "-c", "exec env > \(folder)/environment"], mask: Self.noMask(), environment: given)
      try command.start()
      #expect(end(command) == .exited(0))
      return (machine.files.lines("/environment") ?? []).filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("_=") }
    }
    setenv("MODPROBE_OPTIONS", "--config /tmp/evil", 1)
    defer { unsetenv("MODPROBE_OPTIONS") }
    #expect(try environment(HelperProgram.environment) == ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
    #expect(try environment(nil).contains("MODPROBE_OPTIONS=--config /tmp/evil"))
  }

  /// The recorder ignores a closed pipe; its command must not.
  @Test func closedPipesEndTheCommand() throws {
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    #expect(try run("sh", "-c", "kill -PIPE $$") == .killed(signal: SIGPIPE))
  }

  @Test func signalsArePassedOn() throws {
    let command = try GatedCommand(["sleep", "60"], mask: Self.noMask())
    try command.start()
    #expect(!command.poll())
    command.send(SIGINT)
    #expect(end(command) == .killed(signal: SIGINT))
    command.send(SIGTERM)
  }

  @Test func abandonedCommandsLeaveNothing() throws {
    let command = try GatedCommand(["touch", folder + "/there"], mask: Self.noMask())
    let pid = command.pid
    command.abandon()
    #expect(command.end == .exited(125) && !machine.files.exists("/there"))
    #expect(kill(pid, 0) != 0 && errno == ESRCH)
    command.abandon()
    // One that runs is not touched.
    let other = try GatedCommand(["sleep", "60"], mask: Self.noMask())
    try other.start()
    other.abandon()
    #expect(!other.poll())
    other.send(SIGKILL)
    #expect(end(other) == .killed(signal: SIGKILL))
  }

  /// The recorder is killed: its end of the gate is closed for it.
  @Test func aCommandWhoseRecorderIsGoneEnds() throws {
    var command: GatedCommand? = try GatedCommand(["touch", folder + "/there"], mask: Self.noMask())
    let pid = try #require(command?.pid)
    command = nil
    var status: Int32 = 0
    #expect(waitpid(pid, &status, 0) == pid && status >> 8 == 125)
    #expect(!machine.files.exists("/there"))
  }

  private static let stubborn = ["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"]

  @Test func aProgramOfTheRecordersIsKilled() throws {
    try machine.write("/lock", "")
    let lock = RunLock(descriptor: open(folder + "/lock", O_RDWR))
    defer { close(lock.descriptor) }
    let command = try GatedCommand(Self.stubborn, mask: Self.noMask(), lock: lock)
    #expect(command.finish() == nil && !command.poll())
    try command.start()
    usleep(200_000)
    #expect(command.finish() == nil)
    #expect(command.poll() && command.end == .killed(signal: SIGKILL) && kill(command.pid, 0) != 0)
    #expect(command.finish() == nil && !lock.isLeft)
  }

  @Test func aCommandOfTheUsersIsOnlyAsked() throws {
    let polite = try GatedCommand(["sleep", "60"], mask: Self.noMask())
    try polite.start()
    #expect(polite.finish() == nil && polite.poll() && polite.end == .killed(signal: SIGTERM))
    let command = try GatedCommand(Self.stubborn, mask: Self.noMask())
    try command.start()
    usleep(200_000)
    #expect(command.finish() == "'sh' (process \(command.pid)) was asked to end, and goes on")
    command.send(SIGKILL)
    #expect(end(command) == .killed(signal: SIGKILL))
  }

  /// Whoever puts back what a killed recorder did has to wait for its modprobe.
  @Test func theLockIsHeldByTheProgramToo() throws {
    try machine.write("/lock", "")
    let lock = open(folder + "/lock", O_RDWR | O_CLOEXEC)
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let own = try GatedCommand(["sleep", "60"], mask: Self.noMask(), lock: RunLock(descriptor: lock))
    try own.start()
    close(lock)
    let other = open(folder + "/lock", O_RDWR | O_CLOEXEC)
    defer { close(other) }
    #expect(flock(other, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    own.send(SIGKILL)
    #expect(end(own) == .killed(signal: SIGKILL))
    #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
  }

  /// The kernel tells by the thread that started it.
  @Test func aProgramOfTheRecordersEndsWithIt() throws {
    try machine.write("/lock", "")
    let lock = open(folder + "/lock", O_RDWR | O_CLOEXEC)
    defer { close(lock) }
    final class Started: @unchecked Sendable {
      // Written by the thread, read when it has signalled.
      let isDone = DispatchSemaphore(value: 0)
      var own: GatedCommand?
      var users: GatedCommand?
    }
    let started = Started()
    let thread = Thread {
      started.own = try? GatedCommand(["sleep", "60"], mask: Self.noMask(), lock: RunLock(descriptor: lock))
      started.users = try? GatedCommand(["sleep", "60"], mask: Self.noMask())
      try? started.own?.start()
      try? started.users?.start()
      started.isDone.signal()
    }
    thread.start()
    started.isDone.wait()
    while !thread.isFinished { usleep(10_000) }
    let (own, users) = (try #require(started.own), try #require(started.users))
    #expect(end(own) == .killed(signal: SIGKILL))
    #expect(!users.poll())
    users.send(SIGKILL)
    #expect(end(users) == .killed(signal: SIGKILL))
  }

  /// The recorder ignores it.
  @Test func aBrokenPipeEndsTheCommand() throws {
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    #expect(try run("sh", "-c", "kill -PIPE $$; exit 3") == .killed(signal: SIGPIPE))
  }

  @Test func outputIsTheCommandsOwn() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let command = try GatedCommand(["sh", "-c", "exec head -c 1000000 /dev/zero > /dev/fd/\(ends[1])"], mask: Self.noMask())
    try command.start()
    close(ends[1])
    // More than a pipe holds: the command waits for its reader.
    usleep(100_000)
    #expect(!command.poll())
    var buffer = [UInt8](repeating: 1, count: 1 << 16)
    var total = 0
    while total < 1_000_000 {
      let count = read(ends[0], &buffer, buffer.count)
      if count <= 0 { break }
      total += count
    }
    close(ends[0])
    #expect(total == 1_000_000)
    #expect(end(command) == .exited(0))
  }

  @Test func theMaskIsTheOneThatIsGiven() throws {
    func blocked(_ mask: sigset_t) throws -> UInt64? {
      let command = try GatedCommand(["cp", "/proc/self/status", folder + "/status"], mask: mask)
      try command.start()
      #expect(end(command) == .exited(0))
      let line = machine.files.lines("/status")?.first { $0.hasPrefix("SigBlk:") }
      return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
    }
    var mask = Self.noMask()
    #expect(try blocked(mask) == 0)
    sigaddset(&mask, SIGUSR1)
    #expect(try blocked(mask) == 1 << UInt64(SIGUSR1 - 1))
    // A shell would clear it.
    let before = blockedNow()
    let watch = try SignalWatch()
    #expect(try blocked(watch.previousMask).map { $0 & 0x7fff_ffff } == before)
    #expect(blockedNow() & watchedBits == watchedBits)
  }

  private var watchedBits: UInt64 { (SignalWatch.ending + [SIGCHLD]).reduce(0) { $0 | 1 << UInt64($1 - 1) } }

  /// The ordinary signals that this thread has blocked.
  private func blockedNow() -> UInt64 {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return (1...31).reduce(0) { sigismember(&mask, $1) == 1 ? $0 | 1 << UInt64($1 - 1) : $0 }
  }
}
