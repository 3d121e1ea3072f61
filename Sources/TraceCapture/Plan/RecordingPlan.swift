/// What a recording writes to tracefs, in order. Pure: nothing is touched before the plan is applied.
public struct RecordingPlan: Sendable {
  /// The recording's instance, on kernels that allow function_graph in one.
  public static let instanceName = "kvm-inittrace"
  /// The group of its kretprobes.
  public static let probeGroup = "kvm_inittrace"

  /// Events beside the calls: the kernel log, init functions' results, modules, the loader's system calls, hotplug callbacks, task
  /// switches and new tasks.
  public static let events: [String] = [
    "printk/console", "initcall/initcall_start", "initcall/initcall_finish", "module/module_load", "module/module_free",
    "syscalls/sys_exit_init_module", "syscalls/sys_exit_finit_module", "cpuhp/cpuhp_enter", "cpuhp/cpuhp_multi_enter",
    "cpuhp/cpuhp_exit", "sched/sched_switch", "sched/sched_process_fork",
  ]

  /// The same as lines of `available_events`: `system:event`.
  static var eventLines: [String] { events.map { String($0.map { $0 == "/" ? ":" : $0 }) } }

  public var steps: [PlanStep] = []
  /// Where the events go.
  public var usesInstance: Bool
  public var bufferKB: Int
  public var roots: [String]
  public var leftOut: [String]

  /// A plan of a few steps in the top directory.
  init(steps: [PlanStep]) {
    self.steps = steps
    (usesInstance, bufferKB, roots, leftOut) = (false, 0, [], [])
  }

  public init(_ request: RecordingRequest, targets: RecordingTargets, abilities: RecordingAbilities) {
    usesInstance = abilities.graphInInstances
    bufferKB = request.bufferKB ?? abilities.bufferKB(for: request.detail)
    roots = targets.roots
    leftOut = targets.leftOut
    var builder = PlanBuilder(abilities: abilities, place: usesInstance ? .instance : .top)
    builder.prepareBuffer(kilobytes: bufferKB, clock: request.clock)
    builder.selectFunctions(targets, depth: request.depth)
    builder.addProbes(targets.probes)
    builder.chooseTracer(detail: request.detail)
    builder.enableEvents(pid: targets.pid, probes: !targets.probes.isEmpty)
    steps = builder.steps
  }

  /// Where tracing is switched on and off, and the events are read.
  public var place: TracefsFile.Place { usesInstance ? .instance : .top }
}

extension RecordingPlan {
  /// The commands of a shell that do the same below the tracefs directory.
  public var shellLines: [String] {
    steps.flatMap { step -> [String] in
      switch step.action {
      case .makeInstance: return ["mkdir instances/\(Self.instanceName)"]
      case .write(let file, let texts, _):
        if texts.isEmpty { return ["echo > \(file)"] }
        if texts.count > 50, let last = texts.last {
          return ["# \(texts.count) lines of available_filter_functions, by number, up to \(last.trimmed) > \(file)"]
        }
        return texts.enumerated().map { "echo '\($1.trimmed)' \($0 == 0 ? ">" : ">>") \(file)" }
      case .addProbes(let probes): return probes.map { "echo '\($0.definition.trimmed)' >> kprobe_events" }
      }
    }
  }
}
