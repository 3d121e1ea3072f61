import Glibc

/// What tracefs offers.
extension Doctor {
  /// Tracefs, when this process can use it.
  private var usable: TracefsFacts? { facts.tracefs.flatMap { $0.isReadable ? $0 : nil } }

  private static let notChecked = "not checked: tracefs cannot be read"

  var tracefs: DoctorCheck {
    let name = "tracefs"
    guard let tracefs = facts.tracefs else {
      guard facts.hasTracefs else {
        return .fail(name, "this kernel has none: it is built without CONFIG_TRACING", do: "boot a distribution's generic kernel")
      }
      return .fail(name, "not mounted", do: "mount -t tracefs tracefs /sys/kernel/tracing")
    }
    if tracefs.isWritable { return .pass(name, "mounted at \(tracefs.directory), writable") }
    // One cause is one failure: that of the permission, or of the lockdown.
    if !isRoot { return .skip(name, "mounted at \(tracefs.directory), for root alone") }
    if facts.kernel.lockdown == .confidentiality { return .skip(name, "mounted at \(tracefs.directory), and refused by the lockdown") }
    let reason = String(cString: strerror(tracefs.writeError))
    let found = "mounted at \(tracefs.directory), but current_tracer cannot be opened for writing: \(reason)"
    switch tracefs.writeError {
    case EROFS: return .fail(name, found, do: "mount -o remount,rw \(tracefs.directory)")
    case ENOENT: return .fail(name, found, do: "boot a kernel with CONFIG_FUNCTION_GRAPH_TRACER: a distribution's generic kernel has it")
    default:
      return .fail(
        name, found, do: "run it on the host, not in a container, and see whether /sys/kernel/security/lockdown says confidentiality")
    }
  }

  var functionGraph: DoctorCheck {
    let name = "function-graph"
    guard let tracefs = usable else { return .skip(name, Self.notChecked) }
    if tracefs.hasFunctionGraph { return .pass(name, "the tracer function_graph is available") }
    let tracers = tracefs.tracers.isEmpty ? "none" : Self.list(tracefs.tracers)
    return .fail(
      name, "the kernel has no tracer function_graph, only: \(tracers)",
      do: "boot a kernel with CONFIG_FUNCTION_GRAPH_TRACER, such as a distribution's generic kernel")
  }

  var graphInInstances: DoctorCheck {
    let name = "graph-instance"
    guard let tracefs = usable else { return .skip(name, Self.notChecked) }
    guard tracefs.hasFunctionGraph else { return .skip(name, "there is no function_graph") }
    if tracefs.hasGraphInInstances { return .pass(name, "function_graph runs in an instance of its own, beside other tracing") }
    return .skip(
      name, "function_graph runs in the top instance only (Linux 6.12 and newer: in any); a recording borrows that, and puts it back")
  }

  var kprobeEvents: DoctorCheck {
    let name = "kprobe-events"
    guard let tracefs = usable else { return .skip(name, Self.notChecked) }
    if tracefs.hasKprobeEvents { return .pass(name, "return probes give what each step returned") }
    return .warn(
      name, "the kernel has no kprobe events: fewer return values, and fewer names when a load fails",
      do: "boot a kernel with CONFIG_KPROBE_EVENTS, such as a distribution's generic kernel")
  }

  var events: DoctorCheck {
    let name = "events"
    guard let tracefs = usable else { return .skip(name, Self.notChecked) }
    let missing = RecordingPlan.eventLines.filter { !tracefs.events.contains($0) }
    guard !missing.isEmpty else { return .pass(name, "kernel messages, results of init functions and system calls, CPU hotplug") }
    let isSyscalls = missing.allSatisfy { $0.hasPrefix("syscalls:") }
    return .warn(
      name, "the kernel does not have \(Self.list(missing, limit: 8)): a failure is told from less evidence",
      do: "boot a kernel with \(isSyscalls ? "CONFIG_FTRACE_SYSCALLS" : "these events"), such as a distribution's generic kernel")
  }

  var returnValues: DoctorCheck {
    let name = "funcgraph-retval"
    guard let tracefs = usable else { return .skip(name, Self.notChecked) }
    if tracefs.hasReturnValues { return .pass(name, "the return value of every function is recorded") }
    return .skip(name, "this kernel does not have it: return values come from kretprobes")
  }

  var arguments: DoctorCheck {
    let name = "funcgraph-args"
    guard let tracefs = usable else { return .skip(name, Self.notChecked) }
    if tracefs.hasArguments { return .pass(name, "the arguments of every function can be recorded") }
    return .skip(name, "this kernel does not have it: calls are recorded without their arguments")
  }
}
