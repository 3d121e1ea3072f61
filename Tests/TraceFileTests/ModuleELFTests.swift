import Foundation
import ModuleFiles
import Testing

@testable import TraceFile

@Suite struct ModuleELFTests {
  @Test func aModule() throws {
    let module = try ModuleELF(bytes: ELFWriter.sample.bytes, path: "kvm-intel.ko")
    #expect(module.architecture == .x86)
    #expect(module.buildID?.description == "0102030405060708090a0b0c0d0e0f1011121314")
    #expect(module.imports == ["__fentry__", "kvm_init"])
    #expect(module.sections.map(\.name) == ["", ".text", ".init.text", ".note.gnu.build-id", ".symtab", ".strtab", ".shstrtab"])
    #expect(module.sections[2] == .init(name: ".init.text", size: 32, alignment: 16, isAllocated: true, isExecutable: true))
    #expect(
      module.functions == [
        .init(name: "vmx_vcpu_run", section: 1, offset: 0, size: 40), .init(name: "init_module", section: 2, offset: 16, size: 16),
        .init(name: "vmx_init", section: 2, offset: 16, size: 16),
      ])
  }

  @Test(arguments: [(UInt16(183), ModuleELF.Architecture.arm64), (243, .riscv64)])
  func otherMachines(_ machine: UInt16, _ architecture: ModuleELF.Architecture) throws {
    var writer = ELFWriter.sample
    writer.machine = machine
    #expect(try ModuleELF(bytes: writer.bytes, path: "x").architecture == architecture)
  }

  @Test(arguments: ["xz -c", "zstd -qc", "gzip -c"]) func compressedModules(_ tool: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(ELFWriter.sample.bytes).write(to: folder.appending(path: "plain.ko"))
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "\(tool) < '\(folder.path)/plain.ko' > '\(folder.path)/packed.ko'"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let packed = [UInt8](try Data(contentsOf: folder.appending(path: "packed.ko")))
    #expect(try ModuleELF(bytes: packed, path: "packed.ko") == ModuleELF(bytes: ELFWriter.sample.bytes, path: "plain.ko"))
    let error = #expect(throws: ModuleELFError.self) { try ModuleELF(bytes: Array(packed.dropLast(9)), path: "cut.ko") }
    #expect(error?.description.contains("cannot be unpacked") == true)
  }

  @Test func theReleaseThatItIsFor() throws {
    var writer = ELFWriter.sample
    #expect(try ModuleELF(bytes: writer.bytes, path: "m.ko").release == nil)
    writer.sections.append(
      .init(name: ".modinfo", type: 1, flags: 2, content: Array("license=GPL\0vermagic=6.12.118+deb13-amd64 SMP preempt\0name=x\0".utf8)))
    #expect(try ModuleELF(bytes: writer.bytes, path: "m.ko").release == "6.12.118+deb13-amd64")
  }

  private func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try ModuleFile(bytes: bytes, path: "m.ko")
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test func whatIsNoModuleIsRefused() throws {
    #expect(message([]).hasPrefix("m.ko: is no ELF file; name a kernel module"))
    #expect(message(Array("text".utf8)).hasPrefix("m.ko: is no ELF file"))
    var bytes = ELFWriter.sample.bytes
    bytes[18] = 21
    #expect(message(bytes) == "m.ko: is an ELF file of machine 21 (at byte 18); modules of x86-64, arm64 and riscv64 are understood")
    bytes[5] = 2
    #expect(message(bytes).hasPrefix("m.ko: is no 64-bit little-endian ELF file"))
    bytes = ELFWriter.sample.bytes
    bytes[16] = 3
    #expect(message(bytes).hasPrefix("m.ko: is a program or a library"))
    var writer = ELFWriter.sample
    writer.symbols.append(.init(name: "far", section: 2, offset: 30, size: 16))
    #expect(message(writer.bytes).contains("the function far lies outside of its section"))
    writer = .sample
    writer.symbols.append(.init(name: String(repeating: "x", count: 512), section: 2))
    #expect(message(writer.bytes).contains("does not end"))
  }

  /// Every cut, and every byte set to what hurts most, gives a module or an error.
  @Test func hostileBytes() {
    var writer = ELFWriter.sample
    writer.relocations = [.call("kvm_init", section: 2, at: 17), .pointer("vmx_init", section: 3, at: 0)]
    let whole = writer.bytes
    for count in 0..<whole.count { #expect(message(Array(whole.prefix(count))) != "no error") }
    for index in whole.indices {
      for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
        var bytes = whole
        bytes[index] = value
        #expect(!message(bytes).isEmpty)
      }
    }
    for start in stride(from: 16, to: whole.count - 8, by: 4) {
      var bytes = whole
      bytes.replaceSubrange(start..<start + 8, with: [UInt8](repeating: 0xff, count: 8))
      #expect(!message(bytes).isEmpty)
    }
  }
}
