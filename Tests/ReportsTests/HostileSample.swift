import CallTrees
import KVMStages

/// A trace, and what was found in it, in which every name and message is somebody else's text.
enum HostileSample {
  static func recording(_ evil: String) -> Recording {
    var builder = RecordingBuilder(keys: .interned)
    builder.name(pid: 7, comm: evil)
    let id = builder.intern(Function(address: nil, name: evil, module: evil))
    let events = [
      GraphEvent(time: 1000, function: UInt64(id.index), value: 0, pid: 7, depth: 0, kind: .enter),
      GraphEvent(time: 3000, function: UInt64(id.index), value: 2000, pid: 7, depth: 0, kind: .leave),
    ]
    events.withUnsafeBufferPointer { builder.append(UnsafeBufferPointer(rebasing: $0[..<1]), cpu: 0) }
    builder.append(TraceEvent(time: 1500, cpu: 0, pid: 7, payload: .console(evil)))
    events.withUnsafeBufferPointer { builder.append(UnsafeBufferPointer(rebasing: $0[1...]), cpu: 0) }
    var source = TraceSource(path: evil, kind: .ftraceText)
    source.kernel = evil
    source.machine = evil
    return builder.finish(source: source, damage: [Damage(line: 3, message: evil)])
  }

  static func analysis(_ evil: String) -> Analysis {
    let stage = Stage.sample(evil, evil, evil)
    var run = Run(
      task: 0, pid: 7, comm: evil, module: evil, vendor: .amd, rootRow: 0, root: evil, verdict: .failed, reason: evil, startNS: 1000,
      durationNS: 2000)
    run.failure = Failure(
      stage: stage, function: evil, path: [PathStep(function: evil, role: evil, result: -5, row: 0)], errno: "EIO", code: -5,
      evidence: [.kernelLog], evidenceText: [evil], inferred: true, log: [evil], cause: evil, remedy: evil)
    run.stages = [
      StageResult(stage: stage, status: .failed, function: evil, note: evil, rows: [0]),
      StageResult(stage: stage, status: .absent, note: evil),
    ]
    run.notes = [evil]
    return Analysis(runs: [run])
  }
}
