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

  /// The kind of an event, told by its name. Most systems have none that matters.
  static func kind(system: String, name: Substring) -> Kind {
    switch system {
    case "ftrace":
      switch name {
      case "funcgraph_entry", "fgraph_retaddr_entry": .enter
      case "funcgraph_exit": .leave
      case "print": .print
      case "bprint": .formattedPrint
      default: .other
      }
    case "syscalls": name.hasPrefix("sys_exit_") ? .syscallExit : .other
    case "printk": name == "console" ? .console : .other
    case "sched": name == "sched_switch" ? .taskSwitch : .other
    default: lesserKinds["\(system):\(name)"] ?? .other
    }
  }

  /// Systems in which an event may be of a kind that matters.
  static let systems: Set<String> = ["ftrace", "syscalls", "printk", "sched", "module", "initcall", "cpuhp"]

  private static let lesserKinds: [String: Kind] = [
    "module:module_load": .moduleLoad, "module:module_free": .moduleFree,
    "initcall:initcall_start": .initcallStart, "initcall:initcall_finish": .initcallFinish,
    "cpuhp:cpuhp_enter": .hotplugEnter, "cpuhp:cpuhp_multi_enter": .hotplugEnter, "cpuhp:cpuhp_exit": .hotplugExit,
  ]
}
