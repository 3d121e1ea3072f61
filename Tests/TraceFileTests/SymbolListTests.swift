import CallTrees
import Foundation
import Testing

@testable import TraceFile

/// The lists that the user gives beside a trace: are they of the same boot?
@Suite struct SymbolListTests {
  /// Functions of the kernel at 0xffffffff81000000 and every 256 bytes after, moved; without the second one where `hasSecond` is false.
  private static func list(moved: UInt64 = 0, hasSecond: Bool = true, ofAnotherKernel: Bool = false, module: String = "") -> String {
    let names = ["kvm_init", "kvm_arch_init", "do_one", "do_two", "do_three", "do_four", "do_five", "do_six", "do_seven", "do_eight"]
    return names.enumerated().filter { hasSecond || $0.offset != 1 }.map { index, name in
      let address = 0xffff_ffff_8100_0000 &+ UInt64(index) * 256 &+ moved &+ (ofAnotherKernel ? UInt64(index * index) * 16 : 0)
      return "\(String(address, radix: 16)) T \(name)\(module)\n"
    }.joined()
  }

  private func read(kallsyms: String? = nil, systemMap: String? = nil, recorded: String? = list(hasSecond: false)) throws -> Recording {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var options = ReadOptions(threads: 0)
    for (name, text) in [("kallsyms", kallsyms), ("map", systemMap)] {
      guard let text else { continue }
      let path = folder.appending(path: name).path
      try Data(text.utf8).write(to: URL(filePath: path))
      if name == "map" { options.systemMap = path } else { options.kallsyms = path }
    }
    var writer = DatReaderTests.writer()
    writer.kallsyms = recorded ?? ""
    return try TraceReader.read(writer.file().bytes, options: options)
  }

  private func names(_ recording: Recording) -> [String?] { recording.functions.map(\.trustedName) }

  @Test func aListOfTheSameBoot() throws {
    #expect(names(try read()) == ["kvm_init", nil])
    let recording = try read(kallsyms: Self.list())
    #expect(names(recording) == ["kvm_init", "kvm_arch_init"] && recording.nameNotes.isEmpty)
  }

  @Test func aListOfAnotherBoot() throws {
    // What lies 256 bytes lower has another function's name at the place in question.
    for moved in [0x100, 0x20_0000] as [UInt64] {
      let recording = try read(kallsyms: Self.list(moved: moved))
      #expect(names(recording) == ["kvm_init", nil])
      #expect(recording.nameNotes.count == 1)
      #expect(recording.nameNotes.first?.contains("is not used: it is of another boot, where do_") == true)
    }
    let other = try read(kallsyms: Self.list(ofAnotherKernel: true))
    #expect(names(other) == ["kvm_init", nil] && other.nameNotes.first?.contains("it is of another kernel") == true)
    let little = try read(kallsyms: "ffffffff81000100 T kvm_arch_init\n")
    #expect(names(little) == ["kvm_init", nil] && little.nameNotes.first?.contains("too few of the kernel's functions") == true)
  }

  /// A System.map has the linker's addresses: how far the kernel moved itself is told by the recorded symbols.
  @Test func aSystemMapOfAMovedKernel() throws {
    for moved in [0, 0x100, 0x20_0000] as [UInt64] {
      let recording = try read(systemMap: Self.list(moved: 0 &- moved))
      #expect(names(recording) == ["kvm_init", "kvm_arch_init"] && recording.nameNotes.isEmpty)
    }
    let other = try read(systemMap: Self.list(ofAnotherKernel: true))
    #expect(names(other) == ["kvm_init", nil] && other.nameNotes.first?.contains("it is of another kernel") == true)
  }

  /// Without recorded symbols, a list that explains half of the functions is believed.
  @Test func withoutRecordedSymbols() throws {
    for isMap in [false, true] {
      let good = try isMap ? read(systemMap: Self.list(), recorded: nil) : read(kallsyms: Self.list(), recorded: nil)
      #expect(names(good) == ["kvm_init", "kvm_arch_init"] && good.nameNotes.isEmpty)
      let moved = Self.list(moved: 0x20_0000)
      let bad = try isMap ? read(systemMap: moved, recorded: nil) : read(kallsyms: moved, recorded: nil)
      #expect(names(bad) == [nil, nil])
    }
  }

  @Test func hiddenAddresses() throws {
    let hidden = "0000000000000000 T kvm_init\n0000000000000000 t kvm_arch_init\t[kvm]\n"
    let error = #expect(throws: TraceReadError.self) { try read(kallsyms: hidden) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("holds no addresses, only zeros") == true)
    #expect(error?.description.contains("sysctl kernel.kptr_restrict=0") == true)
  }
}
