import Testing

@testable import TraceCapture

@Suite struct TraceableFunctionsTests {
  private static let list = """
    do_init_module
    kvm_init [kvm]
    vfs_read
    kvm_arch_init [kvm]
    vmx_init [kvm_intel]
    kvm_init [other]

    """

  @Test func wantedFunctions() {
    let functions = TraceableFunctions(Self.list, wanted: ["kvm_init", "do_init_module", "missing"])
    #expect(
      functions.entries == [
        .init(name: "do_init_module", module: nil, line: 1), .init(name: "kvm_init", module: "kvm", line: 2),
        .init(name: "kvm_init", module: "other", line: 6),
      ])
    #expect(functions.contains("kvm_init") && !functions.contains("missing") && !functions.contains("vfs_read"))
    #expect(functions.count == 6)
    #expect(functions.otherLines == [3, 4, 5])
  }

  @Test func wholeModules() {
    let functions = TraceableFunctions(Self.list, wanted: ["vfs_read"], modules: ["kvm"])
    #expect(functions.entries.map(\.name) == ["kvm_init", "vfs_read", "kvm_arch_init"])
    #expect(functions.otherLines == [1, 5, 6])
  }

  /// Variants that the compiler makes of a function count as it; those of another do not.
  @Test func variants() {
    let functions = TraceableFunctions("kvm_init.isra.0 [kvm]\nkvm_init_x.part.1\n.kvm_init\nkvm_init\n", wanted: ["kvm_init"])
    #expect(functions.entries.map(\.name) == ["kvm_init.isra.0", "kvm_init"])
    #expect(functions.otherLines == [2, 3])
    #expect(!TraceableFunctions("kvm_init.isra.0\n", wanted: ["kvm_init"]).contains("kvm_init"))
  }

  /// Each line is either wanted or hidden, also when the list has no end of line.
  @Test func everyLineCounts() {
    let functions = TraceableFunctions("a\nb\nc", wanted: ["c"])
    #expect(functions.count == 3 && functions.otherLines == [1, 2])
    #expect(TraceableFunctions("", wanted: ["a"]).otherLines == [])
    #expect(TraceableFunctions("a\n", wanted: ["a"]).otherLines == [])
  }
}
