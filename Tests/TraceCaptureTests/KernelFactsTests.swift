import Testing

@testable import TraceCapture

@Suite struct KernelFactsTests {
  @Test func facts() throws {
    let test = try TestMachine()
    try test.write("/proc/sys/kernel/ostype", "Linux\n")
    try test.write("/proc/sys/kernel/hostname", "host\n")
    try test.write("/proc/sys/kernel/osrelease", "6.12.107+deb13-amd64\n")
    try test.write("/proc/sys/kernel/version", "#1 SMP\n")
    try test.write("/proc/sys/kernel/arch", "x86_64\n")
    try test.write("/proc/cmdline", "quiet kvm.nested=1\n")
    try test.write("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")
    try test.write("/proc/sys/kernel/modules_disabled", "1\n")
    try test.write("/proc/modules", "")
    try test.write("/sys/module/module/parameters/sig_enforce", "Y\n")
    try test.write("/proc/sys/kernel/kptr_restrict", "2\n")
    try test.write("/proc/meminfo", "MemTotal: 100 kB\nMemAvailable:    2048 kB\n")
    let facts = KernelFacts(test.files)
    #expect(facts.uname.line == "Linux host 6.12.107+deb13-amd64 x86_64")
    #expect(facts.uname.version == "#1 SMP")
    #expect(facts.version == "6.12.107")
    #expect(facts.commandLine == "quiet kvm.nested=1")
    #expect(facts.lockdown == .integrity)
    #expect(facts.areModulesDisabled && facts.hasModules && facts.requiresSignedModules)
    #expect(facts.kptrRestrict == 2)
    #expect(facts.availableMemory == 2 << 20)
  }

  @Test func nothing() throws {
    let facts = KernelFacts(try TestMachine().files)
    #expect(facts.uname.line == "   " && facts.version == nil && facts.lockdown == nil && facts.availableMemory == nil)
    #expect(!facts.areModulesDisabled && !facts.hasModules && facts.kallsyms == .absent)
  }

  @Test func theMachineItself() {
    let uname = Uname(KernelFiles())
    #expect(uname.system == "Linux" && !uname.machine.isEmpty && !uname.release.isEmpty)
  }

  @Test(arguments: [
    ("0000000000000000 A fixed_percpu_data\n0000000000001000 A cpu_debug_store\n", KernelFacts.Kallsyms.readable),
    ("0000000000000000 T _text\n0000000000000000 T _stext\n", .hidden), ("", .absent),
  ]) func kallsyms(_ text: String, _ expected: KernelFacts.Kallsyms) throws {
    let test = try TestMachine()
    try test.write("/proc/kallsyms", text)
    #expect(KernelFacts(test.files).kallsyms == expected)
  }

  @Test func permissions() throws {
    let test = try TestMachine()
    try test.write("/proc/self/status", "Name:\tx\nUid:\t1000\t0\t0\t0\nCapEff:\t0000000000010000\n")
    let some = Permissions(test.files)
    #expect(some.isRoot && some.canLoadModules && !some.canAdminister)
    let none = Permissions(try TestMachine().files)
    #expect(!none.isRoot && !none.canLoadModules && none.user == nil)
  }

  @Test func guests() throws {
    func facts(_ path: String, _ text: String) throws -> GuestFacts {
      let test = try TestMachine()
      try test.write(path, text)
      return GuestFacts(test.files, cpu: CPUFacts(test.files, machine: "aarch64"))
    }
    #expect(try facts("/proc/cpuinfo", "flags\t: fpu hypervisor\n").isGuest)
    #expect(try facts("/sys/hypervisor/type", "xen\n").hypervisorType == "xen")
    let tree = try facts("/proc/device-tree/model", "linux,dummy-virt\0")
    #expect(tree.isGuest && tree.product == "linux,dummy-virt")
    let board = try facts("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    #expect(!board.isGuest && board.product == "Raspberry Pi 5 Model B Rev 1.0")
  }

  @Test func usersOfKVM() throws {
    let test = try TestMachine()
    try test.write("/proc/42/comm", "evil\u{1b}[31m) 7\n")
    try test.link("/proc/42/fd/0", to: "/dev/null")
    try test.link("/proc/42/fd/3", to: "/dev/kvm")
    try test.link("/proc/42/fd/4", to: "anon_inode:kvm-vm")
    try test.link("/proc/42/fd/5", to: "anon_inode:kvm-vcpu:0")
    try test.link("/proc/42/fd/6", to: "anon_inode:kvm-vcpu:1")
    try test.write("/proc/7/comm", "stats\n")
    try test.link("/proc/7/fd/9", to: "anon_inode:kvm-vm-stats")
    try test.link("/proc/8/fd/9", to: "/dev/kvm-not")
    try test.makeDirectory("/proc/9")
    try test.link("/proc/self/fd/9", to: "/dev/kvm")
    let users = KVMUsers(test.files)
    #expect(users.users.map(\.pid) == [7, 42])
    #expect(users.users.last?.comm == "evil\u{1b}[31m) 7")
    #expect(users.users.map(\.summary) == ["a KVM file open", "1 virtual machine with 2 virtual CPUs"])
    #expect(users.hiddenProcesses == 1)
  }

  @Test func theDevice() throws {
    let test = try TestMachine()
    #expect(!KVMDevice(test.files).exists)
    try test.write("/dev/kvm", "")
    #expect(KVMDevice(test.files).exists)
    #expect(KVMDevice(test.files).openError == nil, "an unregistered device is not opened")
    try test.write("/proc/misc", "232 kvm\n183 hw_random\n")
    #expect(KVMDevice(test.files).isRegistered)
    #expect(KVMDevice(test.files).openError == 0)
  }
}
