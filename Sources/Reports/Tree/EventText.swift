import CallTrees
import KVMStages

/// Events of a trace as a person reads them, in the call tree and in timelines.
public enum EventText {
  /// What is said of an event, or nil for one that is not shown.
  ///
  /// - Parameter verbose: also probes that returned no error, and events that the analysis does not use.
  public static func text(of payload: TraceEvent.Payload, verbose: Bool) -> String? {
    switch payload {
    case .console(let line): "log: \(line)"
    case .print(let text): "print: \(text)"
    case .moduleLoad(let name): "module \(name) is loaded"
    case .moduleFree(let name): "module \(name) is freed"
    case .syscallExit(let name, let result): "\(name) returns \(ReturnValue(result).text)"
    case .initcallStart: nil
    case .initcallFinish(_, let result): "the init function returned \(ReturnValue(result).text)"
    case .hotplugEnter(let cpu, let step, _): "hotplug step \(step) starts for CPU \(cpu)"
    case .hotplugExit(let cpu, let step, let result): "hotplug step \(step) for CPU \(cpu) returned \(ReturnValue(result).text)"
    case .probe(let name, _, let result?) where verbose || ReturnValue(result).isError: "\(name) returned \(ReturnValue(result).text)"
    case .probe, .taskSwitch: nil
    case .other(let name): verbose ? "event \(name)" : nil
    }
  }
}
