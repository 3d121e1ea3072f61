import Testing

@testable import TraceCapture

@Suite struct ModuleKeeperTests {
  private func problem(_ module: String, _ machine: TestMachine) -> String? {
    do {
      try ModuleKeeper.check(module, MachineFacts(machine.files))
      return nil
    } catch {
      return "\(error.exitCode): \(error)"
    }
  }

  @Test func modulesThatCanBeLoaded() throws {
    let server = try TestMachine.amdServer()
    #expect(problem("kvm_amd", server) == nil && problem("kvm_intel", server) == nil)
    try server.write("/proc/modules", "kvm_amd 1 0 - Live 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    #expect(problem("kvm_amd", server) == nil)
  }

  @Test func modulesInUse() throws {
    let laptop = try TestMachine.intelLaptop()
    #expect(
      problem("kvm_intel", laptop)
        == "69: kvm_intel is in use: process 4711 (qemu-system-x86) has 1 virtual machine with 2 virtual CPUs; "
        + "stop what uses it (virtual machines), then try again")
    try laptop.remove("/proc/4711")
    try laptop.write("/proc/modules", "kvm_intel 1 2 vbox,wmi, Live 0x0\nkvm 1 1 kvm_intel, Live 0x0\n")
    #expect(problem("kvm_intel", laptop)?.hasPrefix("69: kvm_intel is in use: module vbox, module wmi; ") == true)
    try laptop.write("/proc/modules", "kvm_intel 1 3 - Live 0x0\nkvm 1 1 kvm_intel, Live 0x0\n")
    #expect(problem("kvm_intel", laptop)?.hasPrefix("69: kvm_intel is in use; ") == true)
    // A kernel that cannot unload modules counts nothing.
    try laptop.write("/proc/modules", "kvm_intel 1 - - Live 0x0\n")
    #expect(problem("kvm_intel", laptop)?.hasPrefix("69: kvm_intel is in use; ") == true)
    try laptop.write("/proc/modules", "kvm_intel 1 0 [permanent], Live 0x0\n")
    #expect(problem("kvm_intel", laptop) == "69: kvm_intel is loaded and cannot be unloaded; reboot, and record before it is loaded")
  }

  @Test func modulesWithoutAFile() throws {
    let server = try TestMachine.amdServer()
    try server.remove("/lib/modules/5.10.0-46-amd64")
    #expect(
      problem("kvm_amd", server)
        == "69: there is no file of kvm_amd for the running kernel 5.10.0-46-amd64 in /lib/modules/5.10.0-46-amd64; "
        + "install the kernel's modules, run depmod, or boot the kernel that is installed")
    try server.makeDirectory("/lib/modules/5.10.0-47-amd64")
    #expect(problem("kvm_amd", server)?.contains("/5.10.0-46-amd64 (there are files of 5.10.0-47-amd64); ") == true)
  }

  @Test func kernelsThatTakeNone() throws {
    let server = try TestMachine.amdServer()
    try server.write("/proc/sys/kernel/modules_disabled", "1\n")
    #expect(
      problem("kvm_amd", server)
        == "69: modules cannot be loaded or unloaded any more (kernel.modules_disabled is 1); reboot, and record before something sets it")
    try server.remove("/proc/modules")
    try server.remove("/proc/sys/kernel/modules_disabled")
    #expect(problem("kvm_amd", server)?.hasPrefix("69: this kernel has no loadable modules; boot with: ") == true)
  }

  @Test func builtInModules() throws {
    let arm = try TestMachine.arm64Server()
    #expect(
      problem("kvm", arm)
        == "69: kvm is built into this kernel and initialised at boot; boot with: ftrace=function_graph "
        + "ftrace_graph_filter=kvm_arm_init,arm_init trace_buf_size=20M trace_event=initcall:*,printk:console, and then: "
        + "kvm-inittrace record --extract")
    let server = try TestMachine.amdServer()
    try server.write("/lib/modules/5.10.0-46-amd64/modules.builtin", "kernel/arch/x86/kvm/kvm.ko\nkernel/arch/x86/kvm/kvm-amd.ko\n")
    #expect(problem("kvm_amd", server)?.contains("ftrace_graph_filter=svm_init ") == true)
  }

  @Test func riscv() throws {
    let machine = try TestMachine.linux("6.12.0-riscv64", machine: "riscv64", cpuinfo: "processor\t: 0\nisa\t: rv64imafdch\n")
    try machine.write("/lib/modules/6.12.0-riscv64/modules.dep", "kernel/arch/riscv/kvm/kvm.ko:\n")
    #expect(problem("kvm", machine) == nil)
    try machine.write("/lib/modules/6.12.0-riscv64/modules.builtin", "kernel/arch/riscv/kvm/kvm.ko\n")
    #expect(problem("kvm", machine)?.hasPrefix("69: kvm is built into this kernel") == true)
    #expect(problem("kvm", machine)?.contains("riscv_kvm_init") == true)
  }

  @Test func theJournalKnowsHowTheModulesWere() throws {
    let server = try TestMachine.amdServer()
    var facts = MachineFacts(server.files)
    var keeper = ModuleKeeper("kvm_amd", machine: facts, files: server.files)
    #expect(!keeper.wasLoaded)
    #expect(keeper.entries(facts) == [.module(name: "kvm", wasLoaded: false), .module(name: "kvm_amd", wasLoaded: false)])
    try server.write("/proc/modules", "kvm_amd 1 0 - Live 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    try server.write("/sys/module/kvm_amd/parameters/nested", "0\n")
    facts = MachineFacts(server.files)
    keeper = ModuleKeeper("kvm_amd", machine: facts, files: server.files)
    #expect(keeper.wasLoaded)
    #expect(keeper.entries(facts) == [.module(name: "kvm_amd", wasLoaded: true, parameters: ["nested": "0"])])
  }

  /// The kernel is at work for a modprobe that was killed: what that will load is not how the module was.
  @Test(arguments: [("Loading", "loaded"), ("Unloading", "unloaded")]) func modulesThatAreOnTheirWay(_ state: String, _ word: String) throws
  {
    let server = try TestMachine.amdServer()
    try server.write("/proc/modules", "kvm_amd 1 0 - Live 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    try server.write("/sys/module/kvm_amd/parameters/nested", "0\n")
    let keeper = ModuleKeeper("kvm_amd", machine: MachineFacts(server.files), files: server.files)
    try server.remove("/sys/module/kvm_amd")
    try server.write("/proc/modules", "kvm_amd 1 1 - \(state) 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    let text = "kvm_amd is still being \(word); wait until the kernel is done with it; if that lasts, see dmesg"
    #expect(problem("kvm_amd", server) == "69: " + text)
    #expect(#expect(throws: CaptureError.self) { try keeper.restore() }?.description == text)
    for wasLoaded in [true, false] {
      let entries = [Journal.Entry.module(name: "kvm_amd", wasLoaded: wasLoaded, parameters: [:])]
      #expect(#expect(throws: CaptureError.self) { try ModuleKeeper.restore(entries, files: server.files) }?.description == text)
    }
  }

  /// Somebody traces functions of the module, which is to be loaded again.
  @Test func whatFiltersLoseWithTheModule() throws {
    let (server, tracefs) = (try TestMachine.amdServer(), try FakeTracefs())
    func lost() throws -> [String] {
      ModuleKeeper("kvm_amd", machine: MachineFacts(server.files), files: server.files).lostFilters(try tracefs.directory())
    }
    try tracefs.write("set_graph_function", "vfs_read\nsvm_hardware_enable [kvm_amd]\nkvm_init [kvm]\n")
    try tracefs.write("set_ftrace_filter", "a [kvm_amd]\nb [kvm_amd]\nc [kvm_amd]\n")
    #expect(try lost() == [])
    try server.write("/proc/modules", "kvm_amd 1 0 - Live 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    #expect(
      try lost() == [
        "set_ftrace_filter loses 'a [kvm_amd]' and 2 more, for kvm_amd is unloaded: set it again afterwards",
        "set_graph_function loses 'svm_hardware_enable [kvm_amd]', for kvm_amd is unloaded: set it again afterwards",
      ])
  }

  /// udev has loaded it meanwhile, and the recorder's modprobe has not.
  @Test func modulesOfOthers() throws {
    let server = try TestMachine.amdServer()
    func keeper() -> ModuleKeeper { ModuleKeeper("kvm_amd", machine: MachineFacts(server.files), files: server.files) }
    let unloaded = keeper()
    #expect(!unloaded.isOthers(hasLoaded: false))
    try server.write("/proc/modules", "kvm_amd 1 0 - Live 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    #expect(unloaded.isOthers(hasLoaded: false) && !unloaded.isOthers(hasLoaded: true) && !unloaded.isOthers(hasLoaded: nil))
    #expect(!keeper().isOthers(hasLoaded: false))
  }

  /// Loaded, with the parameters that it has now: nothing is done, so nobody is asked.
  @Test func modulesThatAreAsTheyWere() throws {
    let server = try TestMachine.amdServer()
    try server.write("/proc/modules", "kvm_amd 1 0 - Live 0x0\nkvm 1 1 kvm_amd, Live 0x0\n")
    try server.write("/sys/module/kvm_amd/parameters/nested", "1\n")
    let loaded = ModuleKeeper("kvm_amd", machine: MachineFacts(server.files), files: server.files)
    try loaded.restore()
    try ModuleKeeper.restore(loaded.entries(MachineFacts(server.files)), files: server.files)
    try server.write("/proc/modules", "kvm 1 0 - Live 0x0\n")
    try ModuleKeeper.restore([.module(name: "kvm_amd", wasLoaded: false)], files: server.files)
    let keeper = ModuleKeeper("kvm_amd", machine: MachineFacts(server.files), files: server.files)
    try keeper.restore()
    try keeper.prepareAgain()
  }
}
