import Testing

@testable import TraceCapture

/// What doctor says in a container.
@Suite struct DoctorContainerTests: ChecksOfMachines {
  @Test func rootInAContainer() throws {
    let changed = try changes(.amdServer()) { try $0.write("/proc/self/status", "Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n") }
    #expect(
      changed == [
        "FAIL permission: root without CAP_SYS_ADMIN and CAP_SYS_MODULE (run it on the host, not in a container, or start the container "
          + "with --privileged --pid=host)"
      ])
  }

  /// Events name tasks by the kernel's ids.
  @Test func processIDsOfAContainer() throws {
    let changed = try changes(.amdServer()) { test in
      try test.remove("/proc/self/ns/pid")
      try test.link("/proc/self/ns/pid", to: "pid:[4026532281]")
    }
    #expect(
      changed == [
        "FAIL process-ids: this container has process ids of its own, by which the command's events cannot be told from others (start the "
          + "container with --pid=host, or run it on the host)"
      ])
  }
}
