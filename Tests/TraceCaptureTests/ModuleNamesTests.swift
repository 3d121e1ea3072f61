import ModuleFiles
import Testing
import TraceFile

@testable import TraceCapture

/// Names from a module's file, by functions of it whose places are known.
@Suite struct ModuleNamesTests {
  /// `.text` with functions at 0x1b40, 0x15800 and 0x18360, as kvm_amd has them.
  private static func file(alignment: UInt64) throws -> ModuleELF {
    let text = ELFWriter.Section(name: ".text", type: 1, flags: 6, content: [UInt8](repeating: 0x90, count: 0x19000), alignment: alignment)
    let symbols = [("__kvm_is_svm_supported", 0x1b40), ("sev_cpu_init", 0x15800), ("snp_safe_alloc_page_node", 0x18360)].map {
      ELFWriter.Symbol(name: $0.0, section: 1, offset: UInt64($0.1), size: 32)
    }
    return try ModuleELF(bytes: ELFWriter(sections: [text], symbols: symbols).bytes, path: "kvm-amd.ko")
  }

  private static let base: UInt64 = 0xffff_ffff_c058_8000
  private static let anchors = [
    // Nobody calls it by a pointer: it is entered at its symbol; the other behind an `endbr64`.
    SymbolSelection.KnownFunction(name: "__kvm_is_svm_supported", module: "kvm_amd", address: base + 0x1b40),
    SymbolSelection.KnownFunction(name: "sev_cpu_init", module: "kvm_amd", address: base + 0x15804),
  ]
  private static let entries: Set<UInt64> = [base + 0x1b40, base + 0x15804, base + 0x18364, base + 0x18380]

  @Test func functionsWithAndWithoutALandingPadAgreeOnTheSection() throws {
    let names = ModuleNames("kvm_amd", file: try Self.file(alignment: 64)).names(of: Self.entries, anchors: Self.anchors)
    let found = Dictionary(uniqueKeysWithValues: names.map { ($0.address, $0.name) })
    #expect(found[Self.base + 0x18364] == "snp_safe_alloc_page_node")
    #expect(found[Self.base + 0x18380] == nil)
  }

  /// Without an alignment the two contradict each other, and neither is believed.
  @Test func anchorsThatContradictEachOtherNameNothing() throws {
    #expect(try ModuleNames("kvm_amd", file: Self.file(alignment: 1)).names(of: Self.entries, anchors: Self.anchors).isEmpty)
  }
}
