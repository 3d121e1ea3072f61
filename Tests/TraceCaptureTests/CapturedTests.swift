import CallTrees
import Glibc
import ModuleFiles
import Testing

@testable import TraceCapture

@Suite struct CapturedTests {
  private let machine: TestMachine
  private let tracefs: FakeTracefs

  init() throws {
    (machine, tracefs) = (try TestMachine.amdServer(), try FakeTracefs())
    try tracefs.write("saved_cmdlines", "42 udevd\n")
    try tracefs.write("printk_formats", "0xffffffff81000000 : \"text\"\n")
  }

  private func captured() throws -> Captured { Captured(top: try tracefs.directory(), files: machine.files) }

  @Test func textsOfTheKernel() throws {
    let captured = try captured()
    #expect(captured.kallsyms == machine.files.bytes("/proc/kallsyms"))
    #expect(String(decoding: captured.printkFormats, as: UTF8.self) == "0xffffffff81000000 : \"text\"\n")
    #expect(String(decoding: captured.commandLines(nil), as: UTF8.self) == "42 udevd\n")
  }

  /// The kernel forgets the names of tasks, and knows the command by that of its recorder.
  @Test func theNameOfTheCommand() throws {
    var mask = sigset_t()
    sigemptyset(&mask)
    let command = try GatedCommand(["/usr/bin/a-program-with-a-long-name"], mask: mask)
    defer { command.abandon() }
    #expect(String(decoding: try captured().commandLines(command), as: UTF8.self) == "42 udevd\n\(command.pid) a-program-with-\n")
    try tracefs.write("saved_cmdlines", "\(command.pid) kvm-inittrace\n42 udevd\n")
    #expect(String(decoding: try captured().commandLines(command), as: UTF8.self) == "42 udevd\n\(command.pid) a-program-with-\n")
  }

  @Test func parametersAndBuildIDs() throws {
    try machine.write("/proc/modules", "kvm 1 0 - Live 0x0\n")
    try machine.write("/sys/module/kvm/parameters/halt_poll_ns", "200000\n")
    try machine.write("/sys/module/kvm/parameters/eager", "Y\n")
    let release = "5.10.0-46-amd64"
    try machine.write("/lib/modules/\(release)/modules.dep", "kernel/kvm-intel.ko:\n")
    try machine.write("/lib/modules/\(release)/kernel/kvm-intel.ko", ELFWriter.sample.bytes)
    var facts = RecordingFacts(toolVersion: "1")
    try captured().fill(&facts, modules: ["kvm", "kvm_intel"], files: ModuleFiles(machine.files, release: release))
    #expect(facts.parameters.map { "\($0.module).\($0.name)=\($0.value)" } == ["kvm.eager=Y", "kvm.halt_poll_ns=200000"])
    // A module that failed to load is gone: its file tells.
    #expect(facts.buildIDs == ["kvm_intel": "0102030405060708090a0b0c0d0e0f1011121314"])
  }
}
