import CallTrees
import KVMStages
import Reports

/// `export --redact`: takes out of a trace what tells whose machine it was, before anything is written. Docs/Exports.md lists all of it.
///
/// What KVM did stays: functions by name, stages, times, errors, kernel, modules, CPU model and module parameters.
public struct Redaction {
  private let functions: FunctionPseudonyms
  private let recording: Recording

  /// - Returns: `trace` without names of hosts and people, ids, addresses, command lines and free text.
  /// - Parameter number: of the trace among those that are exported together; it takes the place of its path.
  public static func redacted(_ trace: ExportTrace, number: Int) -> ExportTrace {
    let redaction = Redaction(trace.recording)
    return ExportTrace(redaction.recording(path: path(number)), redaction.analysis(trace.analysis))
  }

  /// What the trace with a number is called.
  public static func path(_ number: Int) -> String { "trace-\(number)" }

  private init(_ recording: Recording) {
    self.recording = recording
    functions = FunctionPseudonyms(recording)
  }

  /// A sentence of this program, which may name functions by address and the traced program, and quote the log or a message.
  private func sentence(_ text: String) -> String {
    // First of all, while the quoted line is still as it was logged.
    var text = withoutForeignLine(text)
    if let program = recording.source.recorder?.program, Self.comm(program, task: 0) != program {
      text = text.replacing(program, with: "the command")
    }
    if let damage = recording.damage.first { text = text.replacing(damage.message, with: Self.damage) }
    return functions.text(text)
  }

  /// What stands for the words of a message about damage.
  private static let damage = "damaged"

  /// Treats the line of the log that a sentence quotes as the log itself is treated.
  private func withoutForeignLine(_ text: String) -> String {
    guard let place = text.firstRange(of: Self.quotation)?.upperBound else { return text }
    let quoted = text[place...].utf8
    var longest: String?
    // A line can begin as another one does, or be a word of it: the longest that fits is the one that is quoted.
    for case .console(let line) in recording.events.lazy.map(\.payload) where line.utf8.count > longest?.utf8.count ?? 0 {
      if quoted.starts(with: line.utf8) { longest = line }
    }
    guard let longest else { return text }
    let end = text.utf8.index(place, offsetBy: longest.utf8.count)
    return "\(text[..<place])\(functions.line(longest))\(text[end...])"
  }

  /// What sentences that quote the log say before the line.
  private static let quotation = "the kernel log says: "

  private func recording(path: String) -> Recording {
    var redacted = recording
    redacted.source = source(recording.source, path: path)
    redacted.functions = functions.functions
    redacted.tasks = recording.tasks.enumerated().map(task)
    redacted.events = recording.events.map(event)
    redacted.eventFunctions = [:]
    redacted.nameNotes = []
    redacted.damage = recording.damage.map { Damage(offset: $0.offset, line: $0.line, message: Self.damage) }
    return redacted
  }

  private func source(_ source: TraceSource, path: String) -> TraceSource {
    var redacted = source
    redacted.path = path
    redacted.host = nil
    redacted.recorder?.hostID = nil
    redacted.recorder?.bootID = nil
    redacted.recorder?.command = []
    redacted.recorder?.kernelCommandLine = nil
    return redacted
  }

  // MARK: tasks

  private func task(_ number: Int, _ task: TaskTrace) -> TaskTrace {
    var redacted = task
    redacted.comm = Self.comm(task.comm, task: number)
    redacted.tree.keepReturnValues(where: Self.isHarmless)
    return redacted
  }

  /// The kernel's own tasks and those that load modules keep their names; anybody may give another one any.
  static func comm(_ comm: String?, task number: Int) -> String? {
    guard let comm else { return nil }
    let name = comm.split(separator: "/", omittingEmptySubsequences: false).first.map(String.init) ?? comm
    return knownTasks.contains(name) ? comm : "task#\(number + 1)"
  }

  /// Before the first `/`. Text traces cut names: `modprob`.
  private static let knownTasks: Set<String> = [
    "modprobe", "modprob", "insmod", "kmod", "systemd-udevd", "systemd-udev", "(udev-worker)", "systemd-modules", "systemd", "init",
    "swapper", "kworker", "cpuhp", "migration", "ksoftirqd", "kthreadd", "rcu_preempt", "rcu_sched", "idle_inject", "kcompactd0", "kswapd0",
  ]

  /// Whether a return value is an errno or a small number: a larger one may be an address.
  static func isHarmless(_ value: Int64) -> Bool { (-4095...0xffff).contains(ReturnValue(value).value) }

  // MARK: events

  private func event(_ event: TraceEvent) -> TraceEvent {
    var redacted = event
    redacted.payload =
      switch event.payload {
      case .console(let line): .console(functions.line(line))
      case .print: .print(FunctionPseudonyms.withheld)
      case .initcallStart: .initcallStart(function: nil)
      case .initcallFinish(_, let result): .initcallFinish(function: nil, result: result)
      case .hotplugEnter(let cpu, let step, _): .hotplugEnter(cpu: cpu, step: step, function: nil)
      case .probe(let name, _, let result):
        .probe(name: functions.text(name), function: nil, result: result.flatMap { Self.isHarmless($0) ? $0 : nil })
      case .moduleLoad, .moduleFree, .syscallExit, .hotplugExit, .taskSwitch, .other: event.payload
      }
    return redacted
  }

  // MARK: analysis

  private func analysis(_ analysis: Analysis) -> Analysis { Analysis(runs: analysis.runs.map(run)) }

  private func run(_ run: Run) -> Run {
    var redacted = run
    redacted.comm = run.task.map { Self.comm(run.comm, task: $0) } ?? run.comm.map { _ in "task" }
    redacted.root = run.root.map(functions.text)
    redacted.reason = sentence(run.reason)
    redacted.notes = []
    redacted.failure = run.failure.map(failure)
    redacted.stages = run.stages.map(stage)
    return redacted
  }

  private func failure(_ failure: Failure) -> Failure {
    var redacted = failure
    redacted.function = failure.function.map(functions.text)
    for index in redacted.path.indices {
      redacted.path[index].function = functions.text(redacted.path[index].function)
      if let result = redacted.path[index].result, !Self.isHarmless(result) { redacted.path[index].result = nil }
    }
    redacted.evidenceText = failure.evidenceText.map(sentence)
    redacted.log = failure.log.map(functions.line)
    redacted.cause = failure.cause.map(functions.text)
    redacted.remedy = failure.remedy.map(functions.text)
    return redacted
  }

  private func stage(_ stage: StageResult) -> StageResult {
    var redacted = stage
    redacted.function = stage.function.map(functions.text)
    redacted.parent = stage.parent.map(functions.text)
    redacted.note = stage.note.map(sentence)
    for index in redacted.perCPU.indices {
      if let result = redacted.perCPU[index].result, !Self.isHarmless(result) { redacted.perCPU[index].result = nil }
    }
    return redacted
  }
}
