import Foundation
import Testing

@testable import TraceCapture

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
    let test = try TestMachine()
    try test.write("/plain.ko", ELFWriter.sample.bytes)
    try #require(system("\(tool) < '\(test.folder.path)/plain.ko' > '\(test.folder.path)/packed.ko'") == 0)
    let plain = try ModuleELF(test.files, path: "/plain.ko")
    #expect(try ModuleELF(test.files, path: "/packed.ko") == plain)
    let packed = try #require(test.files.bytes("/packed.ko"))
    let error = #expect(throws: ModuleELFError.self) { try ModuleELF(bytes: Array(packed.dropLast(9)), path: "cut.ko") }
    #expect(error?.description.contains("cannot be unpacked") == true)
  }

  private func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try ModuleELF(bytes: bytes, path: "m.ko")
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
    let missing = #expect(throws: ModuleELFError.self) { try ModuleELF(KernelFiles(), path: "/nowhere.ko") }
    #expect(missing?.description.hasPrefix("/nowhere.ko: cannot be read;") == true)
  }

  /// Every cut, and every byte set to what hurts most, gives a module or an error.
  @Test func hostileBytes() {
    let whole = ELFWriter.sample.bytes
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
