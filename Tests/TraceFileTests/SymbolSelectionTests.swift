import CallTrees
import Testing

@testable import TraceFile

@Suite struct SymbolSelectionTests {
  private static let kallsyms = """
    0000000000000000 A fixed_percpu_data
    ffffffff81000000 T kvm_init
    ffffffff81000008 d data
    ffffffff81000100 T first
    ffffffff81000100 t alias
    ffffffff81000200 T unused
    ffffffff81000300 t short
    ffffffff81000305 t next
    ffffffffc0000000 t init_module\t[kvm_amd]
    ffffffffc0000000 t svm_init\t[kvm_amd]
    ffffffffc0000100 T svm_check_processor_compat\t[kvm_amd]
    ffffffffc0000100 T svm_check_processor_compat\t[kvm_amd]
    ffffffffc0001000 t other_init\t[other]
    ffffffffc0002000 t bpf_prog\t[bpf]

    """

  private static func select(
    _ functions: Set<UInt64>, places: Set<UInt64> = [], known: [SymbolSelection.KnownFunction] = [], from text: String = kallsyms
  ) -> [String] {
    let selection = SymbolSelection(kallsyms: Array(text.utf8), functions: functions, places: places, known: known)
    var lines = String(decoding: selection.text, as: UTF8.self).split(separator: "\n").map(String.init)
    // The line behind all others is looked at in a test of its own.
    let behind = String(max(functions.max() ?? 0, places.max() ?? 0) &+ 1, radix: 16)
    if lines.last?.hasSuffix(" t 0x\(behind)") ?? false { lines.removeLast() }
    return lines
  }

  /// trace-cmd gives no name to what lies above the last symbol.
  @Test func aLineEndsTheLastFunction() {
    func text(_ functions: Set<UInt64>) -> String {
      String(decoding: SymbolSelection(kallsyms: Array(Self.kallsyms.utf8), functions: functions).text, as: UTF8.self)
    }
    #expect(text([0xffff_ffff_8100_0004]) == "ffffffff81000000 T kvm_init\nffffffff81000005 t 0xffffffff81000005\n")
    #expect(text([0xffff_ffff_8100_0000]) == "ffffffff81000000 T kvm_init\n")
    #expect(text([.max]) == "ffffffffffffffff t 0xffffffffffffffff\n")
  }

  @Test func anEntryHasItsLines() {
    #expect(Self.select([0xffff_ffff_8100_0004]) == ["ffffffff81000000 T kvm_init"])
    #expect(Self.select([0xffff_ffff_8100_000f]) == ["ffffffff81000000 T kvm_init"])
    #expect(Self.select([0xffff_ffff_8100_0100]) == ["ffffffff81000100 T first", "ffffffff81000100 t alias"])
    // The nearest lower one, although the one before reaches so far too.
    #expect(Self.select([0xffff_ffff_8100_0309]) == ["ffffffff81000305 t next"])
    #expect(
      Self.select([0xffff_ffff_c000_0000]) == ["ffffffffc0000000 t init_module\t[kvm_amd]", "ffffffffc0000000 t svm_init\t[kvm_amd]"])
    #expect(Self.select([]) == [])
  }

  /// What was at a place before another module's init text is no name of it.
  @Test func aKnownNameDrivesOutThoseOfOtherModules() {
    let text = """
      ffffffffc0000000 T svm_check_processor_compat\t[kvm_amd]
      ffffffffc0000000 T sp_mod_init\t[ccp]
      ffffffffc0000100 T hwrng_modinit\t[rng_core]

      """
    let known = [
      SymbolSelection.KnownFunction(name: "svm_check_processor_compat", module: "kvm_amd", address: 0xffff_ffff_c000_0004),
      SymbolSelection.KnownFunction(name: "svm_hardware_setup", module: "kvm_amd", address: 0xffff_ffff_c000_0100),
    ]
    #expect(
      Self.select([0xffff_ffff_c000_0004, 0xffff_ffff_c000_0100], known: known, from: text) == [
        "ffffffffc0000000 T svm_check_processor_compat\t[kvm_amd]", "ffffffffc0000100 t svm_hardware_setup\t[kvm_amd]",
      ])
    #expect(Self.select([0xffff_ffff_c000_0000], from: text).count == 2)
  }

  @Test func linesThatAreThereTwiceStayTwo() {
    let line = "ffffffffc0000100 T svm_check_processor_compat\t[kvm_amd]"
    #expect(Self.select([0xffff_ffff_c000_0108]) == [line, line])
  }

  @Test func anAddressWithoutANameIsItsOwn() {
    #expect(Self.select([0xffff_ffff_8100_0010]) == ["ffffffff81000010 t 0xffffffff81000010"])
    #expect(Self.select([0x1000, 0]) == ["0000000000001000 t 0x1000"])
    #expect(Self.select([0xffff_ffff_8100_0000], from: "0000000000000000 T kvm_init\n") == ["ffffffff81000000 t 0xffffffff81000000"])
  }

  @Test func aPlaceHasTheNearestLowerSymbol() {
    #expect(Self.select([], places: [0xffff_ffff_8100_00ff]) == ["ffffffff81000008 d data"])
    #expect(
      Self.select([], places: [0xffff_ffff_8100_0150, 0xffff_ffff_8100_0160, 0xffff_ffff_8100_0301]) == [
        "ffffffff81000100 T first", "ffffffff81000100 t alias", "ffffffff81000300 t short",
      ])
    #expect(Self.select([], places: [1, .max]) == ["ffffffffc0002000 t bpf_prog\t[bpf]"])
  }

  @Test func aKretprobeNamesWhatIsGone() {
    let gone: UInt64 = 0xffff_ffff_c05f_c014
    let known = [
      SymbolSelection.KnownFunction(name: "vmx_init", module: "kvm_intel", address: gone),
      SymbolSelection.KnownFunction(name: "kvm_init", module: nil, address: 0xffff_ffff_8100_0004),
      // The kernel's list leaves it out, and has the one before twice.
      SymbolSelection.KnownFunction(name: "svm_hardware_setup", module: "kvm_amd", address: 0xffff_ffff_c000_0108),
    ]
    #expect(
      Self.select([gone, 0xffff_ffff_8100_0004, 0xffff_ffff_c000_0108], known: known) == [
        "ffffffff81000000 T kvm_init", "ffffffffc0000100 T svm_check_processor_compat\t[kvm_amd]",
        "ffffffffc0000100 T svm_check_processor_compat\t[kvm_amd]", "ffffffffc0000108 t svm_hardware_setup\t[kvm_amd]",
        "ffffffffc05fc014 t vmx_init\t[kvm_intel]",
      ])
  }

  @Test func modulesAreThoseOfAllSymbols() {
    let known = [SymbolSelection.KnownFunction(name: "vmx_init", module: "kvm_intel", address: 0xffff_ffff_c05f_c014)]
    #expect(SymbolSelection(kallsyms: Array(Self.kallsyms.utf8), functions: [], known: known).modules == ["kvm_amd", "other"])
  }

  @Test func oddLinesArePassedOver() {
    let text =
      "\n \nffffffff81000000\nffffffff81000000 T\nffffffff81000000 T \nfffffffffffffffff T long\nxyz T a\n00000001 t short\nffffffff81000000 T end"
    #expect(Self.select([0xffff_ffff_8100_0000, 1], from: text) == ["00000001 t short", "ffffffff81000000 T end"])
  }

  /// A reader names every function the same with the few symbols as with all.
  @Test(arguments: SampleSpool.small.prefix(3))
  func theNamesAreTheSame(path: String) throws {
    let spool = try SampleSpool(path)
    let scan = try PageScan(spool.cpus, format: spool.format)
    let selection = SymbolSelection(kallsyms: spool.kallsyms, functions: scan.functions)
    let all = try SymbolTableTests.table(spool.kallsyms)
    let few = try SymbolTableTests.table(selection.text)
    #expect(selection.text.count < spool.kallsyms.count)
    for address in scan.functions { #expect(few.match(address) == all.match(address)) }
  }
}
