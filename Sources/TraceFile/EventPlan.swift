import CallTrees

/// How the records of one kind of event are decoded.
struct EventPlan: Sendable {
  enum Kind: UInt8, Sendable {
    /// No format in the file has this number.
    case unknown
    /// Counted, and otherwise passed over.
    case other
    case enter
    case leave
    case print
    case formattedPrint
    case console
    case moduleLoad
    case moduleFree
    case syscallExit
    case initcallStart
    case initcallFinish
    case hotplugEnter
    case hotplugExit
    case probe
    case taskSwitch
  }

  var kind: Kind
  /// The event's name, and its system's where that matters.
  var name: String
  /// The fields that the kind needs, in the order that `fieldNames` gives.
  var slots: [FieldSlot]
  /// A record shorter than this is damaged. Longer ones are not: kernels have written more than their formats declare.
  var minimumLength: Int

  /// Names of the fields of a kind, several where kernels differ; an optional one is `.absent` where no name is there.
  static func fieldNames(_ kind: Kind) -> [(names: [String], isOptional: Bool)] {
    switch kind {
    case .unknown, .other: []
    case .enter: [(["func"], false), (["depth"], false)]
    case .leave:
      [
        (["func"], false), (["depth"], false), (["calltime"], true), (["rettime"], true), (["duration"], true), (["retval"], true),
      ]
    case .print: [(["buf"], false)]
    case .formattedPrint: [(["fmt"], false)]
    case .console: [(["msg"], false)]
    case .moduleLoad, .moduleFree: [(["name"], false)]
    case .syscallExit: [(["ret"], false)]
    case .initcallStart: [(["func"], false)]
    case .initcallFinish: [(["func"], false), (["ret"], false)]
    case .hotplugEnter: [(["cpu"], false), (["idx"], false), (["fun"], false)]
    case .hotplugExit: [(["cpu"], false), (["idx"], false), (["ret"], false)]
    case .probe: [(["__probe_func", "__probe_ip"], false), (["ret", "retval", "_retval"], true)]
    case .taskSwitch: [(["prev_pid"], false), (["next_pid"], false), (["prev_comm"], true), (["next_comm"], true)]
    }
  }

  /// The kind of an event, told by its name.
  ///
  /// - Parameter isProbe: its format has the fields that kprobe and fprobe events have.
  static func kind(system: String, name: Substring, isProbe: Bool) -> Kind {
    switch (system, name) {
    case ("ftrace", "funcgraph_entry"), ("ftrace", "fgraph_retaddr_entry"): .enter
    case ("ftrace", "funcgraph_exit"): .leave
    case ("ftrace", "print"): .print
    case ("ftrace", "bprint"): .formattedPrint
    case ("printk", "console"): .console
    case ("module", "module_load"): .moduleLoad
    case ("module", "module_free"): .moduleFree
    case ("initcall", "initcall_start"): .initcallStart
    case ("initcall", "initcall_finish"): .initcallFinish
    case ("cpuhp", "cpuhp_enter"), ("cpuhp", "cpuhp_multi_enter"): .hotplugEnter
    case ("cpuhp", "cpuhp_exit"): .hotplugExit
    case ("sched", "sched_switch"): .taskSwitch
    case ("syscalls", _) where name.hasPrefix("sys_exit_"): .syscallExit
    // The probes of user space carry addresses of user space.
    case (_, _) where isProbe && system != "uprobes": .probe
    default: .other
    }
  }
}
