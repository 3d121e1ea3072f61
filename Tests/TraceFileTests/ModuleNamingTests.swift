import CallTrees
import Foundation
import ModuleFiles
import SmallTraces
import Testing

@testable import TraceFile

/// Names from the file of a module that is gone.
@Suite struct ModuleNamingTests {
  private static let code: UInt16 = 1
  private static let initCode: UInt16 = 2

  /// `vmx_init` calls `check_support`, `hardware_setup` and kvm's `kvm_init`; `has_vmx` is called by a pointer; `unrelated` by nobody.
  static func module(release: String? = "6.12.1", machine: UInt16 = 62, textAt: UInt64 = 0x910) -> ELFWriter {
    var writer = ELFWriter(
      sections: [
        .init(name: ".text", type: 1, flags: 6, content: [UInt8](repeating: 0xcc, count: 0x3000), alignment: 16),
        .init(name: ".init.text", type: 1, flags: 6, content: [UInt8](repeating: 0xcc, count: 0x400), alignment: 16),
        .init(name: ".init.data", type: 1, flags: 3, content: [UInt8](repeating: 0, count: 64), alignment: 8),
        .init(name: "__mcount_loc", type: 1, flags: 2, content: [UInt8](repeating: 0, count: 64), alignment: 8),
        .init(name: ".modinfo", type: 1, flags: 2, content: Array((release.map { "vermagic=\($0) SMP\0" } ?? "x=y\0").utf8)),
        .init(name: ".note.gnu.build-id", type: 7, flags: 2, content: note(type: 3, Array(1...20)), alignment: 4),
      ],
      symbols: [
        .init(name: "kvm_init", section: 0, type: 0), .init(name: "__x86_indirect_thunk_rax", section: 0, type: 0),
        .init(name: "first", section: initCode, size: 16), .init(name: "vmx_init", section: initCode, offset: 0x140, size: 0x40),
        .init(name: "init_module", section: initCode, offset: 0x140, size: 0x40),
        .init(name: "hardware_setup", section: initCode, offset: 0x180, size: 0x40),
        .init(name: "check_support", section: code, offset: textAt, size: 0x40),
        .init(name: "unrelated", section: code, offset: 0x1910, size: 0x40),
        .init(name: "has_vmx", section: code, offset: 0x120, size: 0x20),
      ])
    writer.machine = machine
    let traced = ["first", "vmx_init", "hardware_setup", "check_support", "unrelated", "has_vmx"]
    writer.relocations = traced.enumerated().map { .pointer($1, section: 4, at: UInt64($0) * 8, addend: 4) }
    writer.relocations += [
      .call("check_support", section: 2, at: 0x151), .call("hardware_setup", section: 2, at: 0x161),
      .call("kvm_init", section: 2, at: 0x171),
      .pointer("has_vmx", section: 3, at: 0),
    ]
    return writer
  }

  private static let load = """
    do_init_module { do_one_initcall {
      0xffffffffc0100144 { 0xffffffffc0200914 0xffffffffc0100184 kvm_init[kvm] { 0xffffffffc0200124 } }
    } }
    """

  private func named(
    _ trace: String = load, _ writer: ELFWriter = module(), kernel: String? = "6.12.1", path: String = "/m/kvm-intel.ko",
    told: String? = nil, _ change: (inout Recording) -> Void = { _ in }
  ) throws -> (names: [String], notes: [String]) {
    var recording = SmallTrace.recording(trace, kernel: kernel)
    change(&recording)
    var options = ReadOptions()
    options.kernel = told
    options.modules = ModuleSet([try ModuleFile(bytes: writer.bytes, path: path)], source: "/m")
    ModuleNaming.apply(to: &recording, options: options)
    let names = recording.functions.filter { $0.address != nil }.sorted { ($0.address ?? 0) < ($1.address ?? 0) }.map(\.displayName)
    return (names, recording.nameNotes)
  }

  private static let all = ["vmx_init [kvm_intel]", "hardware_setup [kvm_intel]", "has_vmx [kvm_intel]", "check_support [kvm_intel]"]
  private static let none = ["0xffffffffc0100144", "0xffffffffc0100184", "0xffffffffc0200124", "0xffffffffc0200914"]

  @Test func aModuleThatIsGone() throws {
    let (names, notes) = try named()
    #expect(names == Self.all && notes == [])
  }

  /// One function that does not lie at an entry, and nothing is named.
  @Test func aFunctionElsewhere() throws {
    let (names, notes) = try named(Self.load.replacingOccurrences(of: "c0100184", with: "c0100194"))
    #expect(names.allSatisfy { $0.hasPrefix("0x") })
    #expect(
      notes == ["the module files in /m do not fit: 0xffffffffc0100194 was called, and kvm-intel.ko has no function that is entered there"])
    #expect(try named(Self.load.replacingOccurrences(of: "c0200124", with: "c0200134")).names.allSatisfy { $0.hasPrefix("0x") })
    #expect(try named(Self.load.replacingOccurrences(of: "c0200", with: "c0400")).names == Self.all)
    let moved = try named(Self.load, Self.module(textAt: 0x920))
    #expect(moved.names == Self.none)
    #expect(moved.notes.first?.contains("kvm-intel.ko has no place where all of") == true)
    let other = try named(Self.load.replacingOccurrences(of: "c0100144", with: "c0100154"))
    #expect(
      other.notes.first?.contains("the init function of kvm-intel.ko would lie at …0x144 in its page, and 0xffffffffc0100154 ran") == true)
  }

  /// A function at the right place that its caller does not call is none of the module's.
  @Test func aCallThatTheModuleDoesNotMake() throws {
    let (names, notes) = try named("do_init_module { do_one_initcall { 0xffffffffc0100144 { kvm_init[kvm] { 0xffffffffc0100184 } } } }")
    #expect(names == ["0xffffffffc0100144", "0xffffffffc0100184"])
    #expect(notes.first?.contains("0xffffffffc0100184 would be hardware_setup in kvm-intel.ko, which its callers do not call") == true)
    let kvm = try named(Self.load.replacingOccurrences(of: "kvm_init[kvm]", with: "kvm_other[kvm]"))
    #expect(kvm.names == Self.none)
    #expect(kvm.notes.first?.contains("kvm_other [kvm] was called, which kvm-intel.ko does not use") == true)
  }

  /// Two places fit, and the function has no name; the init functions, whose place is certain, have.
  @Test func severalPlaces() throws {
    var writer = Self.module()
    writer.relocations.append(.call("unrelated", section: 2, at: 0x156))
    let trace = "do_init_module { do_one_initcall { 0xffffffffc0100144 { 0xffffffffc0200914 0xffffffffc0100184 } } }"
    let (names, notes) = try named(trace, writer)
    #expect(names == ["vmx_init [kvm_intel]", "hardware_setup [kvm_intel]", "0xffffffffc0200914"])
    #expect(notes == ["2 places in kvm-intel.ko fit 0xffffffffc0200914, so that it stays without a name"])
    // Another function settles it.
    #expect(try named(Self.load, writer).names == Self.all)
  }

  @Test func otherReleasesAndBuilds() throws {
    let release = try named(kernel: "6.12.2")
    #expect(release.names == Self.none)
    #expect(release.notes == ["the module files in /m do not fit: they are of kernel 6.12.1, and the trace was recorded on 6.12.2"])
    let told = try named(kernel: nil, told: "6.1")
    #expect(told.names == Self.none)
    #expect(told.notes == ["the module files in /m do not fit: they are of kernel 6.12.1, and --kernel says 6.1"])
    let build = try named { recording in
      recording.source.recorder = RecordingFacts(toolVersion: "1")
      recording.source.recorder?.buildIDs["kvm_intel"] = "ff00"
    }
    #expect(build.names == Self.none)
    #expect(build.notes.first?.hasSuffix("kvm-intel.ko has the build id 0102030405060708090a0b0c0d0e0f1011121314, and ff00 ran") == true)
  }

  /// A text tells no kernel: one function beside the init code is too little to tell the build.
  @Test func aTraceWithoutARelease() throws {
    let trace = "do_init_module { do_one_initcall { 0xffffffffc0100144 { 0xffffffffc0200914 0xffffffffc0100184 kvm_init[kvm] } } }"
    // The only function beside the init code that it calls, and at the right place: that is enough.
    #expect(try named(trace, kernel: nil).names.allSatisfy { $0.hasSuffix("[kvm_intel]") })
    var writer = Self.module()
    writer.relocations.append(.call("has_vmx", section: 2, at: 0x156))
    let (names, notes) = try named(trace, writer, kernel: nil)
    #expect(names == ["vmx_init [kvm_intel]", "hardware_setup [kvm_intel]", "0xffffffffc0200914"])
    #expect(notes.first?.hasPrefix("the trace does not tell its kernel, and 0xffffffffc0200914 alone") == true)
    #expect(try named(trace, writer, kernel: nil, told: "6.12.1").names.allSatisfy { $0.hasSuffix("[kvm_intel]") })
  }

  /// Init text is freed, and another module's takes its place: a function that ran in two inits may be either's.
  @Test func aPlaceThatTwoModulesHad() throws {
    let trace = Self.load + " do_init_module { do_one_initcall { 0xffffffffc0100004 { 0xffffffffc0100184 } } }"
    let names = try named(trace).names
    #expect(names.contains("vmx_init [kvm_intel]") && names.contains("0xffffffffc0100184"), "\(names)")
  }

  /// No load calls so many; a text that was made to cost time may.
  @Test func moreFunctionsThanAreLookedAt() throws {
    let calls = (0..<2000).map { (0xffff_ffff_c030_0004 + 16 * UInt64($0)).hex }
    let (names, notes) = try named(
      "do_init_module { do_one_initcall { 0xffffffffc0100144 { \(calls.joined(separator: " ")) } } }")
    #expect(names.count == 2001 && names.allSatisfy { $0.hasPrefix("0x") })
    let reason = "2001 functions without names were called in the init at 0xffffffffc0100144: too many to find their places in a file"
    #expect(notes == ["the module files in /m do not fit: \(reason)"])
  }

  /// All functions lie at one place in their pages, and others call them: each could be any, until all are laid together.
  @Test func manyPlacesAndCallers() throws {
    var writer = Self.module()
    let count = 400
    writer.sections[0].content = [UInt8](repeating: 0xcc, count: count * 0x1000)
    writer.sections[3].content = [UInt8](repeating: 0, count: 8 * (count + 6))
    for index in 0..<count {
      writer.symbols.append(.init(name: "f\(index)", section: Self.code, offset: UInt64(index * 0x1000 + 0x500), size: 0x20))
      writer.relocations.append(.pointer("f\(index)", section: 4, at: UInt64(8 * (index + 6)), addend: 4))
      writer.relocations.append(.pointer("f\(index)", section: 3, at: 0))
      writer.relocations.append(.call("f\((index + 1) % count)", section: 1, at: UInt64(index * 0x1000 + 0x508)))
    }
    let calls = (0..<count).map { (0xffff_ffff_c030_0504 + 0x1000 * UInt64($0)).hex }
    let trace = "do_init_module { do_one_initcall { 0xffffffffc0100144 { kvm_init[kvm] { \(calls.joined(separator: " ")) } } } }"
    let clock = ContinuousClock()
    let start = clock.now
    let (names, _) = try named(trace, writer)
    #expect(clock.now - start < .seconds(2))
    #expect(names.contains("f0 [kvm_intel]") && names.contains("vmx_init [kvm_intel]"))
  }

  @Test func nothingToPlaceItBy() throws {
    let (names, notes) = try named("kvm_init[kvm] { 0xffffffffc0200124 }")
    #expect(names == ["0xffffffffc0200124"])
    #expect(notes.first?.hasPrefix("the module files in /m name nothing: the trace does not hold the loader's call") == true)
    let (little, why) = try named(
      "do_init_module { do_one_initcall { 0xffffffffc0100004 } }",
      {
        var writer = Self.module()
        for index in writer.symbols.indices where writer.symbols[index].name == "init_module" { writer.symbols[index].offset = 0 }
        return writer
      }())
    #expect(little == ["0xffffffffc0100004"])
    #expect(why.first?.contains("this may be a coincidence") == true)
  }

  /// Elsewhere than on x86 the file does not tell where ftrace's calls lie: behind the symbols, all at one distance.
  @Test func anotherMachine() throws {
    var writer = Self.module(machine: 243)
    writer.relocations.removeAll { $0.section == 4 }
    for index in writer.relocations.indices { writer.relocations[index].addend = 0 }
    #expect(try named(Self.load, writer).names == Self.all)
  }

  // MARK: layouts

  @Test func theLayoutOfSections() throws {
    func layout(_ machine: UInt16, _ names: [String]) throws -> [ModuleLayout.Place?] {
      var writer = ELFWriter(
        sections: names.map {
          .init(name: $0, type: 1, flags: $0 == ".data" ? 3 : 6, content: [UInt8](repeating: 0, count: 0x18), alignment: 16)
        },
        symbols: [.init(name: "x", section: 1)])
      writer.machine = machine
      let layout = ModuleLayout(try ModuleELF(bytes: writer.bytes, path: "x"))
      return names.indices.map { layout.place(section: $0 + 1, offset: 2) }
    }
    #expect(
      try layout(62, [".init.text", ".data", ".text", ".exit.text", ".init.plt"]) == [
        .init(area: .initial, offset: 2), nil, .init(area: .core, offset: 2), .init(area: .core, offset: 0x22),
        .init(area: .initial, offset: 0x22),
      ])
    #expect(
      try layout(183, [".text", ".plt", ".text.unlikely", ".init.text"]) == [
        .init(area: .core, offset: 2), nil, nil, .init(area: .initial, offset: 2),
      ])
  }

  // MARK: files

  @Test func filesOfADirectory() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kvm-inittrace-\(UUID().uuidString)")
    let place = folder.appending(path: "lib/modules/6.12.1/kernel/arch/x86/kvm")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func failure(_ directory: String, _ files: [String] = []) -> TraceReadError? {
      #expect(throws: TraceReadError.self) { try ModuleSet(directory: directory, files: files) }
    }
    #expect(failure(folder.path)?.exitCode == 66)
    #expect(failure(folder.path)?.description.contains("holds no module of KVM: no kvm.ko, kvm-intel.ko or kvm-amd.ko") == true)
    #expect(failure(folder.path + "/missing")?.exitCode == 66)
    try Data(Self.module().bytes).write(to: place.appending(path: "kvm-intel.ko"))
    try Data(Self.module().bytes).write(to: place.appending(path: "kvmgt.ko"))
    #expect(failure(place.path + "/kvm-intel.ko")?.description.contains("is not a directory") == true)
    let set = try ModuleSet(directory: folder.path, files: [])
    #expect(set.files.map(\.name) == ["kvm_intel"] && set.files.map(\.release) == ["6.12.1"])
    try Data("text".utf8).write(to: place.appending(path: "kvm.ko.xz"))
    #expect(failure(folder.path)?.exitCode == 65)
    #expect(failure(folder.path)?.description.contains("kvm.ko.xz: is no ELF file") == true)
  }
}
