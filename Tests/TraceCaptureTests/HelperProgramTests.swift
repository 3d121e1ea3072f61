import Glibc
import Testing

@testable import TraceCapture

@Suite struct HelperProgramTests {
  @Test func whatItSaysAndHowItEnds() throws {
    let run = try HelperProgram.run(["/bin/sh", "-c", "echo one; echo two >&2; exit 3"])
    #expect(run.status == 3 && run.output == "one\ntwo")
    #expect(try HelperProgram.run(["/bin/true"]).status == 0)
    #expect(try HelperProgram.run(["/bin/sh", "-c", "kill -TERM $$"]).status == 128 + SIGTERM)
    #expect(try HelperProgram.run(["/bin/cat"]).output == "")
    #expect(try HelperProgram.run(["/bin/echo", "$HOME *"]).output == "$HOME *")
  }

  @Test func longOutputIsCut() throws {
    let run = try HelperProgram.run(["/bin/sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x"])
    #expect(run.status == 0 && run.output.utf8.count >= 1 << 16 && run.output.utf8.count < 1 << 17)
  }

  /// The recorder's blocked signals would make a child that cannot be ended.
  @Test func noSignalIsBlocked() throws {
    let watch = try SignalWatch()
    #expect(try HelperProgram.run(["/bin/grep", "SigBlk:", "/proc/self/status"]).output == "SigBlk:\t0000000000000000")
    #expect(watch.next() == nil)
  }

  /// A daemon that it starts may hold its output open.
  @Test func othersMayHoldTheOutput() throws {
    let started = ContinuousClock.now
    let run = try HelperProgram.run(["/bin/sh", "-c", "sleep 30 & echo $!; exit 4"])
    #expect(run.status == 4 && started.duration(to: .now) < .seconds(20))
    if let daemon = pid_t(run.output) { kill(daemon, SIGKILL) } else { Issue.record("it says '\(run.output)'") }
  }

  @Test(arguments: ["sleep 60", "trap '' TERM; while :; do sleep 0.05; done"]) func oneThatHangsIsEnded(_ script: String) throws {
    let started = ContinuousClock.now
    let error = #expect(throws: CaptureError.self) { try HelperProgram.run(["/bin/sh", "-c", "exec 2>&-; " + script], limit: 200_000_000) }
    #expect(error?.message == "'/bin/sh -c exec 2>&-; \(script)' was ended after 0 s" && error?.exitCode == 2)
    #expect(started.duration(to: .now) < .seconds(20))
  }

  /// It stays to be taken by the recording.
  @Test(.serialized, arguments: SignalWatch.ending) func aSignalEndsIt(_ signal: Int32) throws {
    let watch = try SignalWatch()
    #expect(SignalWatch.pending == nil)
    pthread_kill(pthread_self(), signal)
    #expect(SignalWatch.pending == signal)
    let error = #expect(throws: CaptureError.self) { try HelperProgram.run(["/bin/sleep", "60"]) }
    #expect(error?.message == "'/bin/sleep 60' was ended by \(SignalWatch.name(signal))")
    #expect(watch.next() == signal)
  }

  @Test func programsThatAreNotThere() {
    let error = #expect(throws: CaptureError.self) { try HelperProgram.run(["/sbin/no-such-program"]) }
    #expect(
      error?.description == "cannot execute '/sbin/no-such-program': No such file or directory; install it (Debian: the package kmod)")
    #expect(error?.exitCode == 69)
  }

  /// modprobe takes options from its environment, and whoever calls the recorder may have set them.
  @Test func theEnvironmentIsNotTheUsers() throws {
    setenv("MODPROBE_OPTIONS", "--config /tmp/evil", 1)
    defer { unsetenv("MODPROBE_OPTIONS") }
    #expect(try HelperProgram.run(["/usr/bin/env"]).output == "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
    // Nor is it searched for in PATH.
    #expect(throws: CaptureError.self) { try HelperProgram.run(["true"]) }
  }
}
