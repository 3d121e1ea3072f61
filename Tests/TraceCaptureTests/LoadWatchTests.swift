import Glibc
import Testing

@testable import TraceCapture

@Suite struct LoadWatchTests {
  private let machine: TestMachine
  private let tracefs: FakeTracefs

  init() throws {
    (machine, tracefs) = (try TestMachine(), try FakeTracefs())
    try machine.write("/proc/modules", "kvm 1 0 - Live 0x0\n")
    try tracefs.write("kprobe_profile", "  r_vmx_init      3     0\n  r_kvm_init      9     0\n")
  }

  /// Milliseconds until the load is said to be over; nil: it is not, after `limit`.
  private func wait(_ watch: inout LoadWatch, limit: Int) -> Int? {
    let started = MonotonicClock.now()
    while true {
      let elapsed = Int((MonotonicClock.now() - started) / 1_000_000)
      if watch.isDone() { return elapsed }
      if elapsed > limit { return nil }
      usleep(10_000)
    }
  }

  private func watch() throws -> LoadWatch { LoadWatch([.intel], top: try tracefs.directory(), files: machine.files) }

  @Test func aModuleThatIsThere() throws {
    var watch = try watch()
    // Another module, one that is being loaded, and calls of other functions.
    try machine.write("/proc/modules", "kvm 1 0 - Live 0x0\nkvm_amd 1 0 - Live 0x0\nkvm_intel 1 0 - Loading 0x0\n")
    try tracefs.write("kprobe_profile", "  r_vmx_init      3     0\n  r_kvm_init      10     0\n")
    #expect(wait(&watch, limit: 800) == nil)
    try machine.write("/proc/modules", "kvm 1 0 - Live 0x0\nkvm_intel 1 0 - Live 0x0\n")
    // The loader has some steps to do after the init function.
    #expect(try #require(wait(&watch, limit: 10_000)) >= 400)
  }

  /// A failed load leaves no module.
  @Test func anInitFunctionThatReturned() throws {
    var watch = try watch()
    try tracefs.write("kprobe_profile", "  r_vmx_init      4     0\n")
    #expect(wait(&watch, limit: 10_000) != nil)
  }

  @Test func whatWasLoadedBeforeIsNoLoad() throws {
    try machine.write("/proc/modules", "kvm_intel 1 0 - Live 0x0\n")
    var watch = try watch()
    #expect(wait(&watch, limit: 800) == nil)
  }
}
