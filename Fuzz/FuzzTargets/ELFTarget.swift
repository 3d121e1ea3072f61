import Corruption
import ModuleFiles
import TraceFile

/// Files of modules, plain or compressed: read, and laid over the trace of a load that makes the calls which they tell of.
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
    effort.time {
      do throws(ModuleELFError) {
        let file = try ModuleFile(bytes: Array(bytes), path: "/m/kvm-intel.ko")
        var options = ReadOptions(threads: effort.threads)
        options.modules = ModuleSet([file], source: "/m")
        // Whether the trace names functions that stayed, and its kernel, is as good as chance.
        let trace = LoadOfModule(file, isNamed: bytes.count & 1 == 0, hasKernel: bytes.count & 2 == 0).trace
        let answer = trace.withUnsafeBytes { WholeReport.status($0, options: options) }
        if ![0, 1, 2, 65].contains(answer) { fail("exit status \(answer)") }
      } catch {
        if error.description.isEmpty { fail("no reason") }
      }
    }
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
