import Corruption
import TraceFile

/// The first bytes of an input that is put into a container: which container. What follows is the input's content.
struct ContainerShape {
  static let size = 3

  private(set) var writer = DatWriter()
  let cpus: Int
  /// The numbers in `content` have this order, and `writer` too.
  let isBigEndian: Bool

  /// nil: the input is too short.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.size else { return nil }
    let flags = bytes[0]
    isBigEndian = flags & 1 != 0
    writer.isBigEndian = isBigEndian
    writer.longSize = flags & 2 != 0 ? 4 : 8
    writer.version = flags & 4 != 0 ? .v6 : .v7
    writer.compression = flags & 4 != 0 ? .none : [.none, .zlib, .zstd, .zstd][Int(flags >> 3 & 3)]
    writer.hasResults = flags & 32 != 0
    writer.printkFormats = flags & 32 != 0 ? "0xffffffff81000500 : \"%s loads\\n\"\n" : ""
    // The smallest and largest pages are those that a file may have.
    writer.pageSize = 512 << Int(bytes[1] % 12)
    cpus = Int(bytes[2] % 4) + 1
    writer.kallsyms = """
      ffffffff81000000 T do_init_module
      ffffffff81000100 T do_one_initcall
      ffffffff81000200 T kvm_init\t[kvm]
      ffffffff81000300 t vmx_init\t[kvm_intel]
      ffffffff81000400 T kvm_x86_vendor_init\t[kvm]

      """
    let clock = DatWriter.string("[local] global")
    writer.options = [
      (id: 4, data: clock), (id: 5, data: DatWriter.string("Linux host 6.12.1 x86_64")), (id: 8, data: writer.number(UInt32(cpus))),
    ]
  }

  /// The formats that every kernel has.
  var formats: [(system: String, texts: [String])] {
    let long = writer.longSize
    return [
      (
        "ftrace",
        [DatWriter.entryFormat(long: long), DatWriter.exitFormat(long: long, hasResults: writer.hasResults), Self.print, formatted]
      ),
      ("module", [DatWriter.format("module_load", id: 20, [("__data_loc char[] name", 8, 4, true)])]),
      ("syscalls", [DatWriter.format("sys_exit_finit_module", id: 21, [("int __syscall_nr", 8, 4, true), ("long ret", 16, long, true)])]),
      ("sched", [Self.taskSwitch]),
      ("printk", [DatWriter.format("console", id: 23, [("__data_loc char[] msg", 8, 4, true)])]),
      ("kvm_inittrace", [DatWriter.format("r_vmx_init", id: 24, [("unsigned long __probe_func", 8, 8, false), ("s64 ret", 16, 8, true)])]),
      ("initcall", [DatWriter.format("initcall_finish", id: 25, [("initcall_t func", 8, 8, false), ("int ret", 16, 4, true)])]),
    ]
  }

  private static let print = DatWriter.format("print", id: 5, [("unsigned long ip", 8, 8, false), ("char buf[]", 16, 0, true)])

  private var formatted: String {
    let long = writer.longSize
    return DatWriter.format(
      "bprint", id: 6,
      [("unsigned long ip", 8, long, false), ("const char * fmt", 8 + long, long, false), ("u32 buf[]", 8 + 2 * long, 0, false)])
  }

  private static let taskSwitch = DatWriter.format(
    "sched_switch", id: 22,
    [
      ("char prev_comm[16]", 8, 16, true), ("pid_t prev_pid", 24, 4, true), ("char next_comm[16]", 28, 16, true),
      ("pid_t next_pid", 44, 4, true),
    ])

  /// As the recorder has them in its hands.
  func ringBuffer(_ formats: [(system: String, texts: [String])], headerPage: String? = nil) -> RingBufferFormat? {
    let events = formats.flatMap { system, texts in texts.compactMap { EventFormat(system: system, text: Array($0.utf8)) } }
    let page = headerPage ?? writer.usualHeaderPage
    guard
      var format = RingBufferFormat(
        headerPage: Array(page.utf8), headerEvent: Array("# compressed entry header\n".utf8), events: events, pageSize: writer.pageSize,
        longSize: writer.longSize)
    else { return nil }
    if isBigEndian { format.swapOrder() }
    return format
  }

  /// The file with these pages, CPU by CPU.
  func file(_ pages: [[UInt8]], formats: [(system: String, texts: [String])], headerPage: String? = nil) -> [UInt8] {
    var writer = writer
    writer.formats = formats
    writer.headerPage = headerPage
    let share = (pages.count + cpus - 1) / cpus
    let parts = (0..<cpus).map { cpu in (cpu: cpu, pages: Array(pages.dropFirst(cpu * share).prefix(share))) }
    writer.buffers = [(name: "", cpus: parts)]
    return writer.file().bytes
  }
}
