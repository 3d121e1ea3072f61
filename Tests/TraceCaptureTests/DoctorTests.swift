import Testing

@testable import TraceCapture

@Suite struct DoctorTests: ChecksOfMachines {
  @Test func intelLaptopWithAVirtualMachine() throws {
    let expected = """
      PASS permission: root
      PASS process-ids: this process sees the kernel's process ids
      PASS lockdown: the kernel is not locked down
      PASS tracefs: mounted at /sys/kernel/tracing, writable
      PASS function-graph: the tracer function_graph is available
      PASS graph-instance: function_graph runs in an instance of its own, beside other tracing
      PASS kprobe-events: return probes give what each step returned
      PASS events: kernel messages, results of init functions and system calls, CPU hotplug
      PASS funcgraph-retval: the return value of every function is recorded
      PASS funcgraph-args: the arguments of every function can be recorded
      PASS other-tracing: nobody else traces
      PASS addresses: /proc/kallsyms tells where the kernel's functions are
      PASS cpu: Intel(R) Core(TM) Ultra 7 155H has vmx
      PASS guest: no sign of a virtual machine: LENOVO 21KC
      PASS module-loading: modules can be loaded
      PASS module-files: /lib/modules/6.17.13+deb14-amd64/kernel/arch/x86/kvm/kvm-intel.ko.xz
      WARN module: kvm_intel is in use: qemu-system-x86 (pid 4711, 1 virtual machine with 2 virtual CPUs) (stop what uses it; then a \
      recording can load it again)
      PASS kvm-device: /dev/kvm can be opened
      """
    #expect(try text(.intelLaptop()) == expected)
  }

  @Test func amdServerWithoutItsModule() throws {
    let expected = """
      PASS permission: root
      PASS process-ids: this process sees the kernel's process ids
      SKIP lockdown: the kernel does not tell: it has no lockdown, or securityfs is not mounted
      PASS tracefs: mounted at /sys/kernel/tracing, writable
      PASS function-graph: the tracer function_graph is available
      SKIP graph-instance: function_graph runs in the top instance only (Linux 6.12 and newer: in any); a recording borrows that, and puts \
      it back
      PASS kprobe-events: return probes give what each step returned
      PASS events: kernel messages, results of init functions and system calls, CPU hotplug
      SKIP funcgraph-retval: this kernel does not have it: return values come from kretprobes
      SKIP funcgraph-args: this kernel does not have it: calls are recorded without their arguments
      PASS other-tracing: nobody else traces
      PASS addresses: /proc/kallsyms tells where the kernel's functions are
      PASS cpu: AMD EPYC 7763 64-Core Processor has svm
      PASS guest: no sign of a virtual machine
      PASS module-loading: modules can be loaded
      PASS module-files: /lib/modules/5.10.0-46-amd64/kernel/arch/x86/kvm/kvm-amd.ko.xz
      PASS module: kvm_amd is not loaded: a recording loads it
      SKIP kvm-device: KVM is not initialised: kvm_amd is not loaded
      """
    #expect(try text(.amdServer()) == expected)
  }

  @Test func nothingAtAll() throws {
    let expected = """
      WARN permission: /proc cannot be read: little can be told about this machine (mount -t proc proc /proc)
      SKIP process-ids: /proc does not tell whether this process sees the kernel's process ids
      SKIP lockdown: the kernel does not tell: it has no lockdown, or securityfs is not mounted
      FAIL tracefs: this kernel has none: it is built without CONFIG_TRACING (boot a distribution's generic kernel)
      SKIP function-graph: not checked: tracefs cannot be read
      SKIP graph-instance: not checked: tracefs cannot be read
      SKIP kprobe-events: not checked: tracefs cannot be read
      SKIP events: not checked: tracefs cannot be read
      SKIP funcgraph-retval: not checked: tracefs cannot be read
      SKIP funcgraph-args: not checked: tracefs cannot be read
      SKIP other-tracing: not checked: tracefs cannot be read
      SKIP addresses: /proc/kallsyms cannot be read by this user
      FAIL cpu: the machine's architecture is not known (use a machine of x86-64, arm64 or riscv64)
      PASS guest: no sign of a virtual machine
      FAIL module-loading: this kernel has no loadable modules, or /proc/modules cannot be read (boot a kernel with CONFIG_MODULES, such as \
      a distribution's)
      SKIP module-files: which module this CPU needs is not known
      SKIP module: which module this CPU needs is not known
      SKIP kvm-device: KVM is not initialised
      """
    #expect(try text(TestMachine()) == expected)
  }

  @Test func nestedGuestWithoutVMX() throws {
    let cpuinfo = TestMachine.cpu("GenuineIntel", "Intel Xeon Processor (Cascadelake)", flags: "hypervisor")
    let test = try TestMachine.linux("6.12.118+deb13-amd64", cpuinfo: cpuinfo)
    try test.write("/sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9, 2009)\n")
    let shown = lines(test)
    #expect(
      shown.contains(
        "FAIL cpu: Intel Xeon Processor (Cascadelake) does not show vmx (let this virtual machine's host give VT-x to guests: nested "
          + "virtualization, and a CPU model such as host-passthrough)"))
    #expect(
      shown.contains(
        "PASS guest: a virtual machine (Standard PC (Q35 + ICH9, 2009)): KVM is nested here, and its times are not those of hardware"))
    #expect(shown.contains("FAIL tracefs: not mounted (mount -t tracefs tracefs /sys/kernel/tracing)"))
  }

  @Test func kernelWithoutFunctionGraph() throws {
    let changed = try changes(.amdServer()) { test in
      try test.write(TestMachine.place + "/available_tracers", "blk function nop\n")
      try test.remove(TestMachine.place + "/kprobe_events")
      let events = RecordingPlan.eventLines.filter { !$0.hasPrefix("syscalls:") && !$0.hasPrefix("cpuhp:") }
      try test.write(TestMachine.place + "/available_events", events.joined(separator: "\n"))
    }
    #expect(
      changed == [
        "FAIL function-graph: the kernel has no tracer function_graph, only: blk, function, nop (boot a kernel with "
          + "CONFIG_FUNCTION_GRAPH_TRACER, such as a distribution's generic kernel)",
        "SKIP graph-instance: there is no function_graph",
        "WARN kprobe-events: the kernel has no kprobe events: fewer return values, and fewer names when a load fails (boot a kernel with "
          + "CONFIG_KPROBE_EVENTS, such as a distribution's generic kernel)",
        "WARN events: the kernel does not have syscalls:sys_exit_init_module, syscalls:sys_exit_finit_module, cpuhp:cpuhp_enter, "
          + "cpuhp:cpuhp_multi_enter, cpuhp:cpuhp_exit: a failure is told from less evidence (boot a kernel with these events, such as a distribution's generic kernel)",
      ])
  }

  @Test func lockedDown() throws {
    let test = try TestMachine.amdServer()
    try test.write("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")
    #expect(lines(test).contains("PASS lockdown: integrity: tracing works, and modules must be signed"))
    let changed = try changes(test) { test in
      try test.write("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n")
      try test.remove(TestMachine.place)
    }
    #expect(
      changed.prefix(3) == [
        "FAIL lockdown: confidentiality: the kernel refuses tracefs and kprobes (boot with lockdown=integrity on the kernel's command "
          + "line; Secure Boot alone asks for no more than that)",
        "SKIP tracefs: mounted at /sys/kernel/tracing, and refused by the lockdown",
        "SKIP function-graph: not checked: tracefs cannot be read",
      ])
    #expect(!changed.dropFirst().contains { $0.hasPrefix("FAIL") }, "one cause is one failure")
  }

  @Test func builtIn() throws {
    let shown = try lines(.arm64Server())
    #expect(
      shown.contains(
        "WARN module: kvm is built in: it initialises at boot, before anything can be started to record it (boot with: "
          + "ftrace=function_graph ftrace_graph_filter=kvm_arm_init,arm_init trace_buf_size=20M trace_event=initcall:*,printk:console, and "
          + "then: kvm-inittrace record --extract)")
    )
    #expect(shown.contains("SKIP module-files: kvm is built in and needs none"))
    #expect(
      shown.contains(
        "SKIP cpu: implementer 0x41, part 0xd0c: on arm64 the kernel alone knows, from how it was started; dmesg | grep -i kvm shows it"))
    #expect(shown.contains("PASS kvm-device: /dev/kvm can be opened"))
    #expect(!shown.contains { $0.hasPrefix("FAIL") })
    let changed = try changes(.arm64Server()) { try $0.write("/proc/misc", "") }
    #expect(changed == ["FAIL kvm-device: kvm is there, but KVM is not initialised (see why: dmesg | grep -i kvm)"])
  }

  @Test func notRoot() throws {
    let cpuinfo = TestMachine.cpu("AuthenticAMD", "AMD EPYC", flags: "svm")
    let test = try TestMachine.linux("6.12.1", cpuinfo: cpuinfo, user: 1000)
    try test.addModules("6.12.1")
    try test.write("/proc/mounts", "tracefs /sys/kernel/tracing tracefs rw 0 0\n")
    let shown = lines(test)
    #expect(
      shown.filter { $0.hasPrefix("FAIL") } == [
        "FAIL permission: user 1000 may neither trace nor load modules, and does not see everything here (run it with sudo)"
      ])
    #expect(shown.contains("SKIP tracefs: mounted at /sys/kernel/tracing, for root alone"))
    #expect(shown.contains("SKIP addresses: /proc/kallsyms hides addresses from this user"))
  }

  @Test func othersTrace() throws {
    let changed = try changes(.amdServer()) { test in
      try test.write(TestMachine.place + "/current_tracer", "function\n")
      try test.write(TestMachine.place + "/tracing_on", "0\n")
      try test.write(TestMachine.place + "/set_event", "a:1\na:2\na:3\na:4\na:5\na:6\n")
      try test.write(TestMachine.place + "/kprobe_events", "p:kprobes/mine vfs_read\nr8:kprobes/back vfs_read\nrubbish\n")
      try test.write(TestMachine.place + "/instances/idle/current_tracer", "nop\n")
      try test.write(TestMachine.place + "/instances/rasdaemon/set_event", "ras:mc_event\n")
      try test.write(TestMachine.place + "/instances/busy/current_tracer", "function_graph\n")
      try test.write(TestMachine.place + "/instances/busy/set_event", "b:1\n")
    }
    #expect(
      changed == [
        "WARN other-tracer: the tracer function is in use, and paused (let its owner stop it; if nobody needs it: echo nop > "
          + "/sys/kernel/tracing/current_tracer)",
        "WARN other-events: events are enabled: a:1, a:2, a:3, a:4 and 2 more (let their owner stop it; if nobody needs them: echo > "
          + "/sys/kernel/tracing/set_event)",
        "WARN other-kprobes: kprobe events are defined: kprobes/mine, kprobes/back, rubbish (a recording leaves them alone; if nobody "
          + "needs them: echo '-:GROUP/NAME' >> /sys/kernel/tracing/kprobe_events)",
        "WARN other-instance: the instance busy records the tracer function_graph, and events b:1 (a recording leaves it alone; for "
          + "undisturbed times let its owner stop it)",
        "WARN other-instance: the instance rasdaemon records events ras:mc_event (a recording leaves it alone; for undisturbed times let "
          + "its owner stop it)",
      ])
  }

  @Test func modulesThatCannotBeLoaded() throws {
    let release = "5.10.0-46-amd64"
    #expect(
      try changes(.amdServer()) { try $0.write("/proc/sys/kernel/modules_disabled", "1\n") } == [
        "FAIL module-loading: modules cannot be loaded or unloaded any more: kernel.modules_disabled is 1 (nothing takes it back: reboot, "
          + "and keep /etc/sysctl.d and systemd from setting it)",
        "SKIP module: kvm_amd is not loaded, and cannot be",
      ])
    #expect(
      try changes(.amdServer()) { try $0.remove("/lib/modules/\(release)/modules.dep") }
        == ["FAIL module-files: /lib/modules/\(release) has no modules.dep (depmod \(release))"])
    #expect(
      try changes(.amdServer()) { test in
        try test.remove("/lib/modules/\(release)")
        try test.addModules("5.10.0-47-amd64")
      } == [
        "FAIL module-files: no modules are installed for the running kernel \(release); there are some for 5.10.0-47-amd64 (reboot into "
          + "an installed kernel, or install the package of the running kernel again)"
      ])
    #expect(
      try changes(.amdServer()) { try $0.write("/lib/modules/\(release)/modules.dep", "kernel/x.ko:\n") } == [
        "FAIL module-files: /lib/modules/\(release) has no kvm_amd (install the rest of the kernel's modules, on Ubuntu "
          + "linux-modules-extra-\(release), or boot the generic kernel)"
      ])
  }

  @Test(arguments: [
    ("kvm_amd 1 0 - Live 0x0", "PASS module: kvm_amd is loaded and not in use: a recording loads it again"),
    (
      "kvm_amd 1 1 other, Live 0x0",
      "WARN module: kvm_amd is in use: module other (stop what uses it; then a recording can load it again)"
    ),
    (
      "kvm_amd 1 2 - Live 0x0",
      "WARN module: kvm_amd is in use: 2 references, by something that no process holds open (stop what uses it; then a recording can "
        + "load it again)"
    ),
    (
      "kvm_amd 1 - - Live 0x0",
      "WARN module: kvm_amd is loaded and cannot be unloaded (boot with modprobe.blacklist=kvm_amd, so that a recording can load it)"
    ),
    ("kvm_amd 1 0 - Unloading 0x0", "WARN module: kvm_amd is unloading just now (look again; if that lasts, reboot)"),
  ]) func aLoadedModule(_ line: String, _ expected: String) throws {
    let test = try TestMachine.amdServer()
    try test.write("/proc/modules", line + "\n")
    try test.write("/proc/misc", "232 kvm\n")
    try test.write("/dev/kvm", "")
    try test.makeDirectory("/proc/4711/fd")
    #expect(lines(test).contains(expected), "\(lines(test))")
  }

  @Test func noModprobe() throws {
    #expect(
      try changes(.amdServer()) { try $0.remove("/sbin/modprobe") } == [
        "FAIL module-loading: there is no modprobe in /sbin, /usr/sbin, /bin and /usr/bin (install the package kmod)"
      ])
  }

  @Test func addressesAndDevice() throws {
    let hidden = try changes(.amdServer()) { test in
      try test.write("/proc/kallsyms", "0000000000000000 T _text\n")
      try test.write("/proc/sys/kernel/kptr_restrict", "2\n")
    }
    #expect(
      hidden == [
        "WARN addresses: /proc/kallsyms hides the addresses that give calls their names: kptr_restrict is 2 (sysctl "
          + "kernel.kptr_restrict=1 while recording; in a container, give it CAP_SYSLOG)"
      ])
    let device = try changes(.intelLaptop()) { try $0.remove("/dev/kvm") }
    #expect(
      device == [
        "WARN kvm-device: KVM is initialised, but there is no /dev/kvm (udevadm trigger --name-match=kvm, or: mknod /dev/kvm c 10 232)"
      ])
  }

  @Test func checksOfOthersComeFirst() throws {
    let other = DoctorCheck.warn("leftovers", "something", do: "restore")
    #expect(Doctor(MachineFacts(try TestMachine().files)).checks(others: [other]).first == other)
  }

  /// Warnings and failures say what to do; names are stable words.
  @Test func everyTroubleHasARemedy() throws {
    for test in try [TestMachine.intelLaptop(), .amdServer(), .arm64Server(), TestMachine()] {
      for check in Doctor(MachineFacts(test.files)).checks() {
        #expect((check.status == .warn || check.status == .fail) == (check.remedy?.isEmpty == false), "\(check)")
        #expect(check.name.allSatisfy { $0.isLowercase || $0 == "-" } && !check.found.isEmpty)
      }
    }
  }
}
