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

  @Test func programsThatAreNotThere() {
    let error = #expect(throws: CaptureError.self) { try HelperProgram.run(["no-such-program"]) }
    #expect(error?.description == "cannot execute 'no-such-program': No such file or directory; install it (Debian: the package kmod)")
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
