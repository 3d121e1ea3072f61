import Corruption

/// Texts of tracefs and of `trace-cmd report`, plain or compressed.
enum TextTarget: FuzzTarget {
  static let name = "text"

  static let seeds = TextSeeds.all

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration { DatTarget.read(bytes, effort: effort) }

  private static let words = [
    "}", "{", "()", ";", "|", "=>", "/*", "*/", "us", "ms", "0.000", "99999999999999999999.999", "-0", "modprobe-1", "<idle>-0", "[000]",
    "CPU:0 [LOST 1 EVENTS]", "do_init_module", "kvm_init", "funcgraph_entry:", "funcgraph_exit:", "==========>", "[kvm]", "+0x0", "ret=-95",
    "# tracer: function_graph", "version = 7", "cpus=2", "\u{1b}[2J", "\u{0}", "console:", "module_load:", "sys_exit_finit_module: 0x0",
    "cpuhp_enter:", "cpuhp_exit:", "sched_switch:", "==>", "prev_pid=", "initcall_finish:", "r_vmx_init:", " <- ", "(ret=-22)", "depth=",
    "calltime=", "rettime=", "retval=", "-->", "<--", "(start:", "Overruns: 2", "[LINE TOO BIG]",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard bytes.first != 0x1f, bytes.first != 0x28, bytes.first != 0xfd else { return false }
    switch UInt8.random(in: 0..<32, using: &dice) {
    case 0: bytes = Packing.gzip(bytes) ?? bytes
    case 1: bytes = Packing.zstd.pack(bytes)
    case 2: bytes = Packing.xz(bytes) ?? bytes
    case 3: bytes = inflated(bytes, with: &dice)
    case 4..<12: dice.change(text: &bytes)
    default: TextChanges.change(&bytes, words: words, with: &dice)
    }
    return true
  }

  /// A small file that unpacks to much: the text, or one of its lines in its place, again and again.
  private static func inflated(_ text: [UInt8], with dice: inout Corrupter) -> [UInt8] {
    let size = 1 << Int.random(in: 16...26, using: &dice)
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    guard Bool.random(using: &dice), let at = lines.indices.randomElement(using: &dice) else {
      return Packing.zstd.pack(Array(repeatElement(text, count: size / max(1, text.count)).joined()))
    }
    lines.insert(contentsOf: repeatElement(lines[at], count: size / (lines[at].count + 1)), at: at)
    return Packing.zstd.pack(Array(lines.joined(separator: CollectionOfOne(UInt8(ascii: "\n")))))
  }
}
