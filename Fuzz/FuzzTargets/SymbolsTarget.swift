import CallTrees
import Corruption
import TraceFile

/// Lists of symbols: the recorded ones, `--kallsyms`, `--system-map`, and `/proc/kallsyms` as the recorder takes from it.
///
/// The first byte of an input says which, whether the recording has symbols, too, by which a list is checked, and whether the kernel moved
/// itself since; the trace calls functions at addresses of the list and beside them.
enum SymbolsTarget: FuzzTarget {
  static let name = "symbols"

  /// Addresses of the list that the trace calls.
  private static let addressLimit = 200

  static var seeds: [[UInt8]] {
    let list = """
      0000000000000000 A fixed_percpu_data
      ffffffff81000000 T do_init_module
      ffffffff81000100 T do_one_initcall
      ffffffff81000100 t __pfx_do_one_initcall
      ffffffff81000180 t .L0
      ffffffffc0000000 t kvm_init\t[kvm]
      ffffffffc0000100 t vmx_init\t[kvm_intel]
      ffffffffc0000100 t init_module\t[kvm_intel]
      ffffffffc0000200 t 0xffffffffc0000200
      ffffffffc0000300 t bpf_prog\t[bpf]

      """
    let functions = (0..<40).map { "ffffffff8200\(String($0 + 16, radix: 16))00 T vfs_\($0)\n" }.joined()
    return (0..<16).map { [$0] + Array(($0 < 4 ? list : list + functions).utf8) }
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    guard let role = bytes.first, let list = Memory(Array(bytes.dropFirst())) else { return .zero }
    let text = Array(bytes.dropFirst())
    let addresses = addresses(in: text)
    let shift: UInt64 = role & 8 == 0 ? 0 : 0x1c0_0000
    var options = ReadOptions()
    if role % 4 == 1 { options.kallsyms = list.path }
    if role % 4 == 2 { options.systemMap = list.path }
    let isRecorded = role % 4 == 0
    let symbols = isRecorded ? String(decoding: text, as: UTF8.self) : role & 4 == 0 ? nil : everySecond(text, movedBy: shift)
    let file = trace(isRecorded ? addresses : addresses.map { $0 &+ shift }, symbols: symbols)
    let reading = file.withUnsafeBytes { DatTarget.check(WholeReport.make($0, options: options, effort: effort)) }
    let selecting = effort.time { select(from: text, addresses) }
    return max(reading, selecting)
  }

  /// What a recorder takes over names what it names.
  private static func select(from text: [UInt8], _ addresses: [UInt64]) {
    let known = SymbolSelection.functions(of: "kvm_intel", in: text)
    let selection = SymbolSelection(
      kallsyms: text, functions: Set(addresses.prefix(100)), places: Set(addresses.dropFirst(100)), known: Array(known.prefix(50)))
    if selection.text.count > 4 * text.count + 100 * addressLimit + 10_000 { fail("\(selection.text.count) bytes of \(text.count)") }
  }

  private static func addresses(in text: [UInt8]) -> [UInt64] {
    var addresses: [UInt64] = []
    for line in text.split(separator: UInt8(ascii: "\n")) where addresses.count < addressLimit {
      guard let address = UInt64(String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self), radix: 16) else { continue }
      addresses += [address, address &+ 4, address &+ 17]
    }
    return addresses
  }

  /// Every second line, as a recording of a kernel has it that lies elsewhere.
  private static func everySecond(_ text: [UInt8], movedBy shift: UInt64) -> String {
    let lines = text.split(separator: UInt8(ascii: "\n")).prefix(addressLimit).enumerated().compactMap { number, line -> String? in
      let digits = line.prefix { $0 != 0x20 }
      guard number % 2 == 0, let address = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
      return String(address &+ shift, radix: 16) + String(decoding: line.dropFirst(digits.count), as: UTF8.self) + "\n"
    }
    return lines.joined()
  }

  private static func trace(_ addresses: [UInt64], symbols: String?) -> [UInt8] {
    var writer = DatWriter()
    writer.pageSize = 1 << 16
    if let symbols { writer.kallsyms = symbols }
    writer.formats = [("ftrace", [DatWriter.entryFormat(), DatWriter.exitFormat()])]
    var events: [UInt8] = []
    for (index, address) in addresses.enumerated() {
      let start = UInt64(index) * 100
      events += writer.event(delta: 50, writer.enter(address, depth: 0))
      events += writer.event(delta: 50, writer.leave(address, depth: 0, from: start, to: start + 50))
    }
    writer.buffers = [(name: "", cpus: [(cpu: 0, pages: [writer.page(time: 1000, events: events)])])]
    return writer.file().bytes
  }

  private static let words = [
    "0000000000000000", "ffffffffffffffff", "ffffffff81000000", "t", "T", "W", "A", "d", "init_module", "cleanup_module", "[kvm]",
    "[kvm_intel]",
    "[bpf]", "[__builtin__ftrace]", "[", "]", "__pfx_kvm_init", "__cfi_", ".L0", "$x", "0xffffffffc05fc014", "vmx_init", "do_init_module",
    "\t", "\r",
    "ffffffff", "FFFFFFFF81000000", "\u{0}",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard bytes.count > 1 else { return false }
    var text = Array(bytes.dropFirst())
    TextChanges.change(&text, words: words, separators: " \t[]", with: &dice)
    bytes = [UInt8.random(in: 0..<16, using: &dice) == 0 ? UInt8.random(in: 0..<16, using: &dice) : bytes[0]] + text
    return true
  }
}
