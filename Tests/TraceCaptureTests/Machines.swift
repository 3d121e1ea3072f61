@testable import TraceCapture

/// Machines as they are met.
extension TestMachine {
  /// What every Linux machine has, seen by root: nothing of KVM, and no tracefs.
  static func linux(_ release: String, machine: String = "x86_64", cpuinfo: String, user: Int = 0) throws -> TestMachine {
    let test = try TestMachine()
    try test.write("/proc/sys/kernel/osrelease", release + "\n")
    try test.write("/proc/sys/kernel/arch", machine + "\n")
    try test.write("/proc/sys/kernel/modules_disabled", "0\n")
    try test.write("/proc/sys/kernel/kptr_restrict", "1\n")
    try test.write("/proc/cpuinfo", cpuinfo)
    try test.write("/sbin/modprobe", "")
    try test.write("/proc/filesystems", "nodev\tproc\nnodev\ttracefs\n\text4\n")
    try test.write("/proc/mounts", "proc /proc proc rw 0 0\n")
    try test.write("/proc/misc", "183 hw_random\n")
    try test.write("/proc/modules", "ext4 1 0 - Live 0x0\n")
    let capabilities = user == 0 ? "000001ffffffffff" : "0000000000000000"
    try test.write("/proc/self/status", "Name:\tx\nUid:\t\(user)\t\(user)\t\(user)\t\(user)\nCapEff:\t\(capabilities)\n")
    try test.link("/proc/self/ns/pid", to: "pid:[4026531836]")
    let address = user == 0 ? "ffffffff81000000" : "0000000000000000"
    try test.write("/proc/kallsyms", "0000000000000000 A fixed_percpu_data\n\(address) T _text\n")
    return test
  }

  static func cpu(_ vendor: String, _ model: String, flags: String) -> String {
    "processor\t: 0\nvendor_id\t: \(vendor)\nmodel name\t: \(model)\nmicrocode\t: 0x1f\nflags\t\t: fpu \(flags)\n"
  }

  static let place = "/sys/kernel/tracing"

  /// A tracefs in which nothing goes on.
  func addTracefs(tracers: String = "function_graph function nop", options: [String] = []) throws {
    try write("/proc/mounts", "proc /proc proc rw 0 0\ntracefs \(Self.place) tracefs rw 0 0\n")
    for (name, text) in [
      ("current_tracer", "nop"), ("available_tracers", tracers), ("tracing_on", "1"), ("set_event", ""), ("kprobe_events", ""),
    ] {
      try write("\(Self.place)/\(name)", text + "\n")
    }
    try write("\(Self.place)/available_events", RecordingPlan.eventLines.joined(separator: "\n") + "\n")
    for option in ["funcgraph-proc"] + options { try write("\(Self.place)/options/\(option)", "0\n") }
    try makeDirectory("\(Self.place)/instances")
  }

  /// Files of KVM's modules.
  func addModules(_ release: String) throws {
    let names = ["kvm-intel", "kvm-amd"].map { "kernel/arch/x86/kvm/\($0).ko.xz: kernel/arch/x86/kvm/kvm.ko.xz" }
    try write("/lib/modules/\(release)/modules.dep", (names + ["kernel/arch/x86/kvm/kvm.ko.xz:"]).joined(separator: "\n") + "\n")
    try write("/lib/modules/\(release)/modules.builtin", "kernel/fs/ext4/ext4.ko\n")
  }

  /// An Intel laptop with a virtual machine running.
  static func intelLaptop() throws -> TestMachine {
    let release = "6.17.13+deb14-amd64"
    let test = try linux(release, cpuinfo: cpu("GenuineIntel", "Intel(R) Core(TM) Ultra 7 155H", flags: "vmx"))
    try test.addTracefs(options: ["funcgraph-retval", "funcgraph-args"])
    try test.addModules(release)
    try test.write("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n")
    try test.write("/sys/class/dmi/id/sys_vendor", "LENOVO\n")
    try test.write("/sys/class/dmi/id/product_name", "21KC\n")
    try test.write("/proc/modules", "kvm_intel 413696 4 - Live 0x0\nkvm 1396736 1 kvm_intel, Live 0x0\n")
    try test.write("/proc/misc", "232 kvm\n")
    try test.write("/dev/kvm", "")
    try test.write("/proc/4711/comm", "qemu-system-x86\n")
    for (index, target) in ["/dev/kvm", "anon_inode:kvm-vm", "anon_inode:kvm-vcpu:0", "anon_inode:kvm-vcpu:1"].enumerated() {
      try test.link("/proc/4711/fd/\(index)", to: target)
    }
    return test
  }

  /// An AMD server whose module is not loaded, on a kernel that has function_graph in the top instance only.
  static func amdServer() throws -> TestMachine {
    let release = "5.10.0-46-amd64"
    let test = try linux(release, cpuinfo: cpu("AuthenticAMD", "AMD EPYC 7763 64-Core Processor", flags: "svm"))
    try test.addTracefs()
    try test.addModules(release)
    return test
  }

  /// An arm64 machine: KVM is built in.
  static func arm64Server() throws -> TestMachine {
    let test = try linux(
      "6.12.118+deb13-arm64", machine: "aarch64", cpuinfo: "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n")
    try test.addTracefs()
    try test.write("/lib/modules/6.12.118+deb13-arm64/modules.dep", "")
    try test.makeDirectory("/sys/module/kvm")
    try test.write("/proc/misc", "232 kvm\n")
    try test.write("/dev/kvm", "")
    return test
  }
}
