import CallTrees
import Glibc
import Testing

@testable import TraceFile

@Suite struct SymbolTableTests {
  private func table(_ text: String) throws -> SymbolTable { try Self.table(Array(text.utf8)) }

  static func table(_ bytes: [UInt8]) throws -> SymbolTable {
    let memory = try #require(malloc(max(bytes.count, 1)))
    bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(memory, base, bytes.count) } }
    return SymbolTable(ByteBlock(allocation: UnsafeRawBufferPointer(start: memory, count: bytes.count), origin: 0))
  }

  @Test func aNameReachesFifteenBytes() throws {
    let symbols = try table("ffffffff81000000 T kvm_init\nffffffff81000008 d data\nffffffffc0000000 t vmx_init\t[kvm_intel]\n")
    #expect(symbols.match(0xffff_ffff_8100_000f)?.name == "kvm_init")
    #expect(symbols.match(0xffff_ffff_8100_0010) == nil)
    #expect(symbols.match(0xffff_ffff_80ff_ffff) == nil)
    #expect(symbols.match(0xffff_ffff_c000_0004) == SymbolTable.Match(name: "vmx_init", module: "kvm_intel", doubt: nil, offset: 4))
  }

  @Test func theOrderOfTheLinesDoesNotMatter() throws {
    let symbols = try table("ffffffff81000100 T b\nffffffff81000200 T c\nffffffff81000000 T a\nffffffff81000180 t d\n")
    #expect(
      [0x8100_0000, 0x8100_0100, 0x8100_0180, 0x8100_0200].map { symbols.match(0xffff_ffff_0000_0000 | $0)?.name } == ["a", "b", "d", "c"])
  }

  @Test func ofSeveralNamesTheFunctionsOwnIsShown() throws {
    let symbols = try table(
      "c0000000 t init_module\t[kvm_intel]\nc0000000 t vmx_init\t[kvm_intel]\nc0000100 t .L0\nc0000200 t ftrace_trampoline\t[__builtin__ftrace]\n"
    )
    #expect(symbols.match(0xc000_0000)?.name == "vmx_init")
    #expect(symbols.match(0xc000_0100) == nil)
    #expect(symbols.match(0xc000_0204) == SymbolTable.Match(name: "ftrace_trampoline", module: nil, doubt: nil, offset: 4))
  }

  /// 6.1's kvm_amd lists svm_check_processor_compat twice, and leaves svm_init out, which lies elsewhere.
  @Test func aNameThatIsListedTwiceIsBelievedAtTheSymbolOnly() throws {
    let line = "ffffffffc0000000 T svm_check_processor_compat\t[kvm_amd]\n"
    let symbols = try table(line + line)
    #expect(symbols.match(0xffff_ffff_c000_0004)?.doubt == nil)
    #expect(symbols.match(0xffff_ffff_c000_0009)?.doubt == .duplicatedSymbol)
    #expect(symbols.match(0xffff_ffff_c000_0120) == nil)
  }

  /// 5.10 after two loads: ccp's, rng_core's and kvm_amd's init text lay at the same place one after the other, and all are listed.
  @Test func namesOfSeveralModulesAreDoubted() throws {
    let symbols = try table(
      "c0000000 T svm_check_processor_compat\t[kvm_amd]\nc0000000 T sp_mod_init\t[ccp]\nc0000000 T hwrng_modinit\t[rng_core]\n"
        + "c0000100 T first\nc0000100 t alias\nc0000200 T init_module\t[kvm_amd]\nc0000200 T svm_init\t[kvm_amd]\n")
    #expect(symbols.match(0xc000_0000)?.doubt == .duplicatedSymbol)
    #expect(symbols.match(0xc000_0004)?.doubt == .duplicatedSymbol)
    #expect(symbols.match(0xc000_0100)?.doubt == nil)
    #expect(symbols.match(0xc000_0200) == SymbolTable.Match(name: "svm_init", module: "kvm_amd", doubt: nil, offset: 0))
  }

  /// No kernel has so many names for a function: what is not looked at may be another module's.
  @Test func ofMoreNamesThanAreLookedAtNoneIsBelieved() throws {
    func lines(_ count: Int) -> String { (0..<count).map { "c0000000 t f\(100 + $0)\t[kvm]\n" }.joined() }
    #expect(try table(lines(64)).match(0xc000_0000) == SymbolTable.Match(name: "f100", module: "kvm", doubt: nil, offset: 0))
    #expect(try table("c0000000 t g\t[ccp]\n" + lines(64)).match(0xc000_0000)?.doubt == .duplicatedSymbol)
  }

  @Test func modulesOfAList() throws {
    let symbols = try table(
      "c0000000 t a\t[kvm]\nc0000100 t b\t[kvm_intel]\nc0000200 t c\t[bpf]\nc0000300 t d\t[__builtin__ftrace]\nc0000400 t e [x\n"
        + "c0000500 t f [[[ccp] [\(String(repeating: "y", count: 65))] [z")
    #expect(symbols.modules == ["kvm", "kvm_intel", "ccp"])
  }

  @Test func anAddressIsNoName() throws {
    let symbols = try table(
      "ffffffffc0000000 t vmx_init\t[kvm_intel]\nffffffffc0000008 t 0xffffffffc0000008\nffffffffc0000100 t 0xffffffffc0000100\n")
    #expect(symbols.match(0xffff_ffff_c000_0008)?.name == "vmx_init")
    #expect(symbols.match(0xffff_ffff_c000_0100) == nil)
  }

  /// As kernels of riscv and arm64 list them, at the function and inside it.
  @Test func labelsAreNoNamesAndHideNone() throws {
    let symbols = try table(
      "ffffffff01eadd00 t .LFE5746\t[kvm]\nffffffff01eadd00 t kvm_init\t[kvm]\nffffffff01eadd04 t .L0 \t[kvm]\n"
        + "ffffffff01eade00 t $xrv64i2p1_m2p0\nffffffff01eade00 T kvm_arm_init\nffffffff01eade04 t $d\n"
        + "ffffffff01eadf00 t .LPFE5798\t[kvm]\n")
    #expect(symbols.match(0xffff_ffff_01ea_dd00)?.name == "kvm_init")
    #expect(symbols.match(0xffff_ffff_01ea_dd08)?.name == "kvm_init")
    #expect(symbols.match(0xffff_ffff_01ea_de08)?.name == "kvm_arm_init")
    #expect(symbols.match(0xffff_ffff_01ea_df00) == nil)
  }

  @Test func hiddenAddressesNameNothing() throws {
    #expect(try table("0000000000000000 T kvm_init\n0000000000000000 T vmx_init\n").isEmpty)
    #expect(try table("zzzz\n\nffffffff8100000g T x\nffffffff81000000 T\nffffffff81000000").isEmpty)
  }
}
