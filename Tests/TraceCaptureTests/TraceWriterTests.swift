import CallTrees
import Foundation
import ModuleFiles
import Testing
import TraceFile

@testable import TraceCapture

@Suite struct TraceWriterTests {
  private static let function: UInt64 = 0xffff_ffff_8100_0000

  private let machine: TestMachine

  init() throws { machine = try TestMachine() }

  private static func call(_ pid: Int32, _ function: UInt64 = function) -> [[UInt8]] {
    [
      RingPages.record(.enter, pid: pid, function, UInt32(0)),
      RingPages.record(.leave, pid: pid, function, UInt32(0), UInt32(0), UInt64(1001), UInt64(1002)),
    ]
  }

  /// - Parameter size: what the spool is said to hold.
  private func writer(command: Int32? = nil, size: Int = RingPages.pageSize, more: [[UInt8]] = []) throws -> TraceWriter {
    let records = Self.call(42) + Self.call(77) + [RingPages.record(.finitModule, pid: 77, Int64(313), Int64(0))] + more
    try machine.write("/spool", RingPages.page(time: 1000, records))
    let path = machine.files.path("/spool")
    let spool = SpooledPages(cpu: 1, descriptor: open(path, O_RDONLY | O_CLOEXEC), size: size, path: "the events of CPU 1")
    return TraceWriter(
      format: try RingPages.format(), pages: [spool], statistics: [1: "entries: 5\noverrun: 0\n"], command: command,
      kallsyms: Array("ffffffff81000000 T do_init_module\n".utf8), probed: [:], commandLines: Array("42 modprobe\n77 udevd\n".utf8),
      printkFormats: [], clocks: "local [global]", uname: "Linux host 5.10.0 x86_64", cpuCount: 2,
      facts: RecordingFacts(toolVersion: "1.0"), isCompatible: false)
  }

  private func write(_ writer: TraceWriter, to path: String) throws -> (
    facts: RecordingFacts, events: UInt64, bytes: UInt64, hasLoaded: Bool?
  ) {
    defer { for pages in writer.pages { close(pages.descriptor) } }
    return try writer.write(to: path)
  }

  private var names: [String] { machine.files.names(in: "/") ?? [] }

  @Test(arguments: [false, true]) func aFile(isCompatible: Bool) throws {
    var writer = try writer()
    writer.isCompatible = isCompatible
    try machine.write("/trace.dat", "what was there before")
    let path = machine.folder.path + "/trace.dat"
    let result = try write(writer, to: path)
    #expect(result.events == 5 && result.facts.filteredEvents == 0)
    #expect(machine.files.bytes("/trace.dat").map { UInt64($0.count) } == result.bytes)
    #expect(names == ["spool", "trace.dat"])
    let recording = try TraceReader.read(path: path, options: ReadOptions())
    #expect(recording.damage.isEmpty)
    #expect(recording.tasks.compactMap(\.pid).sorted() == [42, 77])
  }

  /// It tells where the kernel lies in memory.
  @Test func aNewFileIsForItsMakerAlone() throws {
    let path = machine.folder.path + "/trace.dat"
    func mode() -> mode_t {
      var status = stat()
      return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
    _ = try write(try writer(), to: path)
    #expect(mode() == 0o600)
    // Who gave it to others before means them.
    #expect(chmod(path, 0o640) == 0)
    _ = try write(try writer(), to: path)
    #expect(mode() == 0o640)
  }

  @Test func linksOfOthersAreNotFollowed() throws {
    guard geteuid() == 0 else { return print("skipped: only root can make a link of somebody else") }
    try machine.write("/precious", "old")
    try machine.link("/trace.dat", to: "precious")
    let path = machine.folder.path + "/trace.dat"
    #expect(lchown(path, 65534, 65534) == 0)
    let error = #expect(throws: CaptureError.self) { try write(try writer(), to: path) }
    #expect(error?.message.contains("it is a link that user 65534 has made, to 'precious'") == true && error?.exitCode == 73)
    #expect(machine.files.text("/precious") == "old" && names == ["precious", "spool", "trace.dat"])
  }

  @Test func eventsOfOthersAreLeftOut() throws {
    let path = machine.folder.path + "/trace.dat"
    let result = try write(try writer(command: 42), to: path)
    #expect(result.events == 2 && result.facts.filteredEvents == 3 && result.hasLoaded == false)
    let recording = try TraceReader.read(path: path, options: ReadOptions())
    #expect(recording.tasks.map(\.pid) == [42])
  }

  /// The loader's event says where the init function of the module lay, and the module's file what it is called.
  @Test func anInitFunctionOfAModuleThatIsGone() throws {
    let initFunction: UInt64 = 0xffff_ffff_c000_1010
    let other: UInt64 = 0xffff_ffff_c000_1004
    // It is entered behind its `endbr64`.
    let calls = [RingPages.record(.initcall, pid: 42, initFunction)] + Self.call(42, initFunction + 4) + Self.call(42, other)
    let file = try ModuleELF(bytes: ELFWriter.sample.bytes, path: "kvm-intel.ko")
    func names(_ records: [[UInt8]]) throws -> [String?] {
      var writer = try writer(more: records)
      writer.moduleFile = ("kvm_intel", file)
      let path = machine.folder.path + "/trace.dat"
      _ = try write(writer, to: path)
      let recording = try TraceReader.read(path: path, options: ReadOptions())
      return [initFunction + 4, other].map { address in recording.functions.first { $0.address == address }?.trustedName }
    }
    #expect(try names(calls) == ["vmx_init", nil])
    // Init functions of two modules: which is which is not told.
    #expect(try names(calls + [RingPages.record(.initcall, pid: 42, initFunction - 16)]) == [nil, nil])
    #expect(try names(Array(calls.dropFirst())) == [nil, nil])
  }

  @Test func foldersThatAreNotThere() throws {
    let path = machine.folder.path + "/no/trace.dat"
    let error = #expect(throws: CaptureError.self) { try write(try writer(), to: path) }
    #expect(
      error?.description
        == "cannot write the trace: \(path): the trace cannot be written: No such file or directory; name another file, and record again")
    #expect(error?.exitCode == 73)
    #expect(names == ["spool"])
  }

  /// Nothing is left beside a place that the finished file cannot take.
  @Test func placesThatCannotBeTaken() throws {
    try machine.write("/folder/file", "x")
    let error = #expect(throws: CaptureError.self) { try write(try writer(), to: machine.folder.path + "/folder") }
    #expect(error?.kind == .cannotWrite && error?.message.hasSuffix("/folder: the trace cannot be written: Is a directory") == true)
    #expect(names == ["folder", "spool"])
    #expect(machine.files.names(in: "/folder") == ["file"])
  }

  @Test func spoolsThatEndEarly() throws {
    try machine.write("/trace.dat", "what was there before")
    let error = #expect(throws: CaptureError.self) { try write(try writer(size: 8192), to: machine.folder.path + "/trace.dat") }
    #expect(error?.kind == .cannotWrite && error?.message.hasSuffix("cannot be read back: the file ends early") == true)
    #expect(names == ["spool", "trace.dat"] && machine.files.text("/trace.dat") == "what was there before")
  }
}
