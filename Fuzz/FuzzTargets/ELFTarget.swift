import CallTrees
import Corruption
import ModuleFiles
import TraceFile

/// Files of modules, plain or compressed: read, and laid over a trace with calls at the places of their functions.
enum ELFTarget: FuzzTarget {
  static let name = "elf"

  static var seeds: [[UInt8]] {
    var arm = ELFWriter.sample
    arm.machine = 183
    let plain = [ELFWriter.sample.bytes, linked.bytes, arm.bytes]
    return plain + [Packing.gzip(plain[1]), Packing.xz(plain[1]), Packing.zstd.pack(plain[1])].compactMap { $0 }
  }

  /// A module whose functions call one another.
  private static var linked: ELFWriter {
    var writer = ELFWriter.sample
    writer.sections += [
      .init(name: "__mcount_loc", type: 1, flags: 2, content: [UInt8](repeating: 0, count: 32), alignment: 8),
      .init(name: ".modinfo", type: 1, flags: 2, content: Array("vermagic=6.12.1 SMP\0name=kvm_intel\0".utf8)),
    ]
    writer.relocations = [
      .pointer("vmx_init", section: 4, at: 0, addend: 4), .pointer("vmx_vcpu_run", section: 4, at: 8),
      .call("kvm_init", section: 2, at: 17), .call("vmx_vcpu_run", section: 2, at: 24),
    ]
    return writer
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    guard let file = Memory(Array(bytes)) else { return .zero }
    // Calls at the module's own places; of one that cannot be read, none.
    let module = try? ModuleELF(bytes: Array(bytes), path: file.path)
    let trace = trace(module)
    return effort.time {
      do throws(TraceReadError) {
        var options = ReadOptions(threads: effort.threads)
        options.modules = try ModuleSet(directory: nil, files: [file.path])
        let answer = trace.withUnsafeBytes { WholeReport.status($0, options: options) }
        if ![0, 1, 2, 65].contains(answer) { fail("exit status \(answer)") }
      } catch {
        if error.exitCode != 65 || error.description.isEmpty { fail("\(error)") }
      }
    }
  }

  private static let base: UInt64 = 0xffff_ffff_c000_0000
  private static let calls = 100

  /// The loader calls the first function of `.init.text`, which calls others.
  private static func trace(_ module: ModuleELF?) -> [UInt8] {
    var writer = DatWriter()
    writer.pageSize = 1 << 16
    writer.kallsyms = "ffffffff81000000 T do_init_module\nffffffff81000100 T do_one_initcall\nffffffff81000200 T kvm_init\t[kvm]\n"
    writer.formats = [("ftrace", [DatWriter.entryFormat(), DatWriter.exitFormat()])]
    let functions = (module?.functions ?? []).prefix(calls)
    let sections = module?.sections ?? []
    let first = functions.first { sections.indices.contains($0.section) && sections[$0.section].name == ".init.text" }
    let places = functions.map { base &+ UInt64($0.section) << 20 &+ $0.offset }
    let initPlace = base &+ 0x800_0000 &+ (first?.offset ?? 0)
    var events: [UInt8] = []
    let chain: [UInt64] = [0xffff_ffff_8100_0000, 0xffff_ffff_8100_0100, initPlace]
    for (depth, address) in chain.enumerated() { events += writer.event(delta: 10, writer.enter(address, depth: UInt32(depth))) }
    for place in places {
      events += writer.event(delta: 10, writer.enter(place, depth: 3))
      events += writer.event(delta: 10, writer.leave(place, depth: 3, from: 0, to: 10))
    }
    for (depth, address) in chain.enumerated().reversed() {
      events += writer.event(delta: 10, writer.leave(address, depth: UInt32(depth), from: 0, to: 10_000))
    }
    writer.buffers = [(name: "", cpus: [(cpu: 0, pages: [writer.page(time: 1000, events: events)])])]
    return writer.file().bytes
  }

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return false }
    switch UInt8.random(in: 0..<64, using: &dice) {
    case 0: bytes = Packing.gzip(bytes) ?? bytes
    case 1: bytes = Packing.zstd.pack(bytes)
    case 2: bytes = Packing.xz(bytes) ?? bytes
    case 3: bytes = inflated(bytes, with: &dice)
    default: for _ in 0..<Int.random(in: 1...3, using: &dice) { ELFChanges.change(&bytes, with: &dice) }
    }
    return true
  }

  /// A small file whose last section unpacks to much.
  private static func inflated(_ bytes: [UInt8], with dice: inout Corrupter) -> [UInt8] {
    var bytes = bytes
    let tail = Array(bytes.suffix([24, 64, 4096].randomElement(using: &dice) ?? 24))
    let size = 1 << Int.random(in: 16...26, using: &dice)
    let start = bytes.count
    bytes += repeatElement(tail, count: size / max(1, tail.count)).joined()
    ELFChanges.widen(&bytes, to: bytes.count - start, at: start, with: &dice)
    return Packing.zstd.pack(bytes)
  }
}
