import Corruption
import Glibc
import TraceCapture

/// The texts in which a kernel tells about the machine: what doctor and record read of procfs, sysfs, tracefs and /lib/modules.
///
/// An input holds the texts of `paths` in that order, apart by NUL; an empty one stands for a file that is not there.
enum MachineTarget: FuzzTarget {
  static let name = "machine"

  private static let tracing = "/sys/kernel/tracing/"
  private static let paths = [
    "/proc/sys/kernel/osrelease", "/proc/sys/kernel/arch", "/proc/cpuinfo", "/proc/modules", "/proc/mounts", "/proc/filesystems",
    "/proc/misc", "/proc/kallsyms", "/proc/meminfo", "/proc/cmdline", "/proc/self/status", "/sys/devices/system/cpu/online",
    "/sys/kernel/security/lockdown", "/sys/kernel/notes", "/sys/class/dmi/id/sys_vendor", "/lib/modules/6.12.1/modules.dep",
    "/lib/modules/6.12.1/modules.builtin", "/etc/machine-id", tracing + "current_tracer", tracing + "available_tracers",
    tracing + "available_events", tracing + "set_event", tracing + "kprobe_events", tracing + "per_cpu/cpu0/stats",
    tracing + "available_filter_functions", "/sys/module/kvm/notes/.note.gnu.build-id",
  ]

  private static let folder = makeFolder()

  static let seeds = [
    [
      "6.12.1\n", "x86_64\n", "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: x\nmicrocode\t: 0x1f\nflags\t\t: fpu vmx\n",
      "kvm_intel 413696 4 - Live 0x0\nkvm 1396736 1 kvm_intel,[permanent], Live 0xffffffffc0a00000 (E)\n",
      "proc /proc proc rw 0 0\ntracefs /sys/kernel/tracing tracefs rw 0 0\n", "nodev\ttracefs\n", "232 kvm\n",
      "0000000000000000 A x\nffffffff81000000 T _text\n", "MemTotal: 1 kB\nMemAvailable: 1024 kB\n", "quiet kvm.nested=1\n",
      "Name:\tx\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n", "0-3,5\n", "[none] integrity confidentiality\n", "", "LENOVO\n",
      "kernel/arch/x86/kvm/kvm-intel.ko.xz: kernel/arch/x86/kvm/kvm.ko.xz\n", "kernel/fs/ext4/ext4.ko\n",
      "0123456789abcdef0123456789abcdef\n",
      "nop\n", "function_graph function nop\n", "printk:console\nmodule:module_load\n", "sched:sched_switch\n", "r16:kvm/p vmx_init\n",
      "entries: 0\noverrun: 0\n", "kvm_init [kvm]\nvmx_init.isra.0 [kvm_intel]\ndo_init_module\n", "",
    ].joined(separator: "\0")
  ].map { Array($0.utf8) }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    let texts = bytes.split(separator: 0, maxSplits: paths.count - 1, omittingEmptySubsequences: false)
    for (index, path) in paths.enumerated() {
      if index < texts.count, !texts[index].isEmpty { write(texts[index], to: folder + path) } else { unlink(folder + path) }
    }
    return effort.time {
      let facts = MachineFacts(KernelFiles(root: folder))
      let checks = Doctor(facts).checks()
      if checks.isEmpty { fail("no checks") }
      if let tracefs = facts.tracefs { _ = ActiveTracing(tracefs, usesInstance: false) { KernelFiles(root: folder).text(tracing + $0) } }
      let list = KernelFiles(root: folder).text(tracing + "available_filter_functions") ?? ""
      let functions = TraceableFunctions(list, wanted: ["kvm_init", "vmx_init"], modules: ["kvm", "kvm_intel"])
      if functions.otherLines.count + functions.entries.count > functions.count { fail("more functions than lines") }
      _ = facts.modules.kernelBuildID
      _ = facts.modules.buildID(of: "kvm")
    }
  }

  private static let words = [
    "tracefs", "/sys/kernel/tracing", "\\040", "\\777", "kvm", "kvm_intel", "[kvm]", "[permanent]", "Live", "0x0", "flags", "vmx", "svm",
    "hypervisor",
    "GenuineIntel", "AuthenticAMD", "vendor_id\t: ", "processor\t: 0", "0-3,7", "0-18446744073709551615", "99999999999999999999", "-1",
    "function_graph",
    "none", "[none]", "[integrity]", "confidentiality", "kernel/arch/x86/kvm/kvm.ko.xz:", "Uid:", "CapEff:", "ffffffffffffffff",
    "MemAvailable:", "kB",
    "isa\t: rv64imafdch", "CPU implementer\t: 0x41", "entries: ", "printk:console", "\u{301}", "\r",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    TextChanges.change(&bytes, words: words, with: &dice)
    return true
  }

  // MARK: files

  /// Below `TMPDIR`, which scripts/fuzz removes.
  private static func makeFolder() -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(parent)/fuzz-machine-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { fail("no folder in \(parent)") }
    let folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for path in paths {
      var place = folder
      for part in path.split(separator: "/").dropLast() {
        place += "/" + part
        mkdir(place, 0o700)
      }
    }
    return folder
  }

  private static func write(_ text: Slice<UnsafeRawBufferPointer>, to path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { fail("\(path) cannot be written") }
    defer { close(file) }
    var rest = UnsafeRawBufferPointer(rebasing: text)
    while !rest.isEmpty {
      let count = Glibc.write(file, rest.baseAddress, rest.count)
      guard count > 0 else { fail("\(path) cannot be written") }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
