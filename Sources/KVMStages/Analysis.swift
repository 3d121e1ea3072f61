import CallTrees

/// What can be said of a stage in a run.
public enum StageStatus: String, CaseIterable, Sendable, Hashable {
  /// Its marker ran and nothing says that it failed.
  case ok
  /// The step that made the init fail, or one that failed and was tolerated.
  case failed
  /// The init failed before it.
  case notReached = "not-reached"
  /// The init went past its place, the marker is visible in this kernel, and no call of it is there.
  case missing
  /// Optional or configuration-dependent, and not taken.
  case skipped
  /// Outside the traced root, below the depth limit, filtered, or in a gap of lost events.
  case notTraced = "not-traced"
  /// This kernel inlines it: no call can show it.
  case notVisible = "not-visible"
  /// This kernel version does not have the step.
  case absent
}

/// The answer for a run.
public enum Verdict: String, CaseIterable, Sendable, Hashable {
  case ok
  case failed
  /// Events are lost, or calls left open, where the answer lies.
  case incomplete
  /// The module's init is not in the trace.
  case unknown
}

/// What a failure was told from.
public enum Evidence: String, CaseIterable, Sendable, Hashable {
  case returnValue = "return-value"
  case syscall
  case unwind
  case kernelLog = "kernel-log"
}

/// A share of a stage that ran on one CPU.
public struct CPUShare: Sendable, Hashable {
  public var cpu: Int
  /// Nanoseconds on the trace clock, or nil when the trace has no times.
  public var startNS: UInt64?
  public var durationNS: UInt64?
  /// The callback's return value, where the trace has it.
  public var result: Int64?

  public init(cpu: Int, startNS: UInt64?, durationNS: UInt64?, result: Int64? = nil) {
    self.cpu = cpu
    self.startNS = startNS
    self.durationNS = durationNS
    self.result = result
  }
}

/// One stage of one run.
public struct StageResult: Sendable {
  public var stage: Stage
  public var status: StageStatus
  /// The step failed and the init went on.
  public var tolerated: Bool
  /// The marker that showed the stage, as displayed (`kvm_irqfd_init [kvm]`), or nil.
  public var function: String?
  /// Its caller, or nil.
  public var parent: String?
  /// Start of the first marker call on the trace clock, nil when unknown.
  public var startNS: UInt64?
  /// Sum of the measured durations of the marker calls, nil when one of them is not measured.
  public var durationNS: UInt64?
  /// Time of that lost to interrupts and to sleeping.
  public var interruptNS: UInt64
  public var sleepNS: UInt64
  /// Number of marker calls.
  public var calls: Int
  public var perCPU: [CPUShare]
  /// Why the status is what it is, where that is not plain.
  public var note: String?
  /// Rows of the marker calls in the run's call tree.
  public var rows: [Int]
  /// Nesting below other stages of the run, 0 for the outermost.
  public var level: Int

  public init(
    stage: Stage, status: StageStatus, tolerated: Bool = false, function: String? = nil, parent: String? = nil,
    startNS: UInt64? = nil, durationNS: UInt64? = nil, interruptNS: UInt64 = 0, sleepNS: UInt64 = 0, calls: Int = 0,
    perCPU: [CPUShare] = [], note: String? = nil, rows: [Int] = [], level: Int = 0
  ) {
    self.stage = stage
    self.status = status
    self.tolerated = tolerated
    self.function = function
    self.parent = parent
    self.startNS = startNS
    self.durationNS = durationNS
    self.interruptNS = interruptNS
    self.sleepNS = sleepNS
    self.calls = calls
    self.perCPU = perCPU
    self.note = note
    self.rows = rows
    self.level = level
  }
}

/// A step on the way from the run's root to the failing function.
public struct PathStep: Sendable, Hashable {
  /// As displayed: `kvm_x86_vendor_init [kvm]`, `0xffffffffc05fc014`.
  public var function: String
  /// What an unresolved function must be, by its place: `vmx_init`. nil when it is resolved or cannot be told.
  public var role: String?
  /// Return value, where the trace has it.
  public var result: Int64?
  public var row: Int

  public init(function: String, role: String? = nil, result: Int64? = nil, row: Int) {
    self.function = function
    self.role = role
    self.result = result
    self.row = row
  }
}

/// Why a run failed.
public struct Failure: Sendable {
  public var stage: Stage
  /// The failing function as displayed, or nil when it cannot be told.
  public var function: String?
  /// From the root to the failing function.
  public var path: [PathStep]
  /// `EOPNOTSUPP`, or nil when the trace does not tell it.
  public var errno: String?
  /// `-95`, or nil.
  public var code: Int64?
  public var evidence: [Evidence]
  /// One sentence per piece of evidence.
  public var evidenceText: [String]
  /// True when no return value names the failing step: it is concluded from the calls around it.
  public var inferred: Bool
  /// Kernel-log lines that belong to the run.
  public var log: [String]
  public var cause: String?
  public var remedy: String?

  public init(
    stage: Stage, function: String?, path: [PathStep], errno: String?, code: Int64?, evidence: [Evidence], evidenceText: [String],
    inferred: Bool, log: [String], cause: String?, remedy: String?
  ) {
    self.stage = stage
    self.function = function
    self.path = path
    self.errno = errno
    self.code = code
    self.evidence = evidence
    self.evidenceText = evidenceText
    self.inferred = inferred
    self.log = log
    self.cause = cause
    self.remedy = remedy
  }
}

/// What is lost or damaged in a run.
public struct RunIntegrity: Sendable, Hashable {
  /// Events lost on any CPU while the run was on.
  public var lostEvents: UInt64 = 0
  /// Calls whose return was not recorded.
  public var openCalls: Int = 0
  /// Places that were mended: calls left open, returns without entry, jumps in depth.
  public var mendedCalls: Int = 0
  /// Functions without a name.
  public var unresolvedFunctions: Int = 0

  public init() {}
}

/// One initialisation of one KVM vendor module by one task, with its verdict.
public struct Run: Sendable {
  /// Index in `Recording.tasks`, or nil when the verdict is `unknown` for want of any call.
  public var task: Int?
  public var pid: Int32?
  public var comm: String?
  /// `kvm_intel`, `kvm_amd`, or nil when it cannot be told.
  public var module: String?
  public var vendor: Vendor?
  /// Row of the outermost call of the run in its task's tree, or nil.
  public var rootRow: Int?
  /// Its function, as displayed.
  public var root: String?
  public var verdict: Verdict
  /// Why, in one sentence.
  public var reason: String
  public var startNS: UInt64?
  public var durationNS: UInt64?
  public var calls: Int
  public var maxDepth: Int
  public var interruptNS: UInt64
  public var sleepNS: UInt64
  public var flow: Flow?
  /// The kernel version whose catalogue rows fit the calls best; nil without a run.
  public var version: KernelVersion?
  /// What functions must be by their place, by row: for calls whose own name is gone, doubtful or wrong.
  public var roles: [Int: String]
  public var failure: Failure?
  /// In the order of execution.
  public var stages: [StageResult]
  public var integrity: RunIntegrity
  /// Remarks on the run as a whole, such as how to get names for unresolved functions.
  public var notes: [String]

  public init(
    task: Int?, pid: Int32?, comm: String?, module: String?, vendor: Vendor?, rootRow: Int?, root: String?, verdict: Verdict,
    reason: String, startNS: UInt64? = nil, durationNS: UInt64? = nil, calls: Int = 0, maxDepth: Int = 0, interruptNS: UInt64 = 0,
    sleepNS: UInt64 = 0, flow: Flow? = nil, version: KernelVersion? = nil, roles: [Int: String] = [:], failure: Failure? = nil,
    stages: [StageResult] = [], integrity: RunIntegrity = RunIntegrity(), notes: [String] = []
  ) {
    self.task = task
    self.pid = pid
    self.comm = comm
    self.module = module
    self.vendor = vendor
    self.rootRow = rootRow
    self.root = root
    self.verdict = verdict
    self.reason = reason
    self.startNS = startNS
    self.durationNS = durationNS
    self.calls = calls
    self.maxDepth = maxDepth
    self.interruptNS = interruptNS
    self.sleepNS = sleepNS
    self.flow = flow
    self.version = version
    self.roles = roles
    self.failure = failure
    self.stages = stages
    self.integrity = integrity
    self.notes = notes
  }
}

/// All runs of one recording. `runs` is never empty: a trace without a run has one of verdict `unknown` that says why.
public struct Analysis: Sendable {
  public var runs: [Run]

  public init(runs: [Run]) { self.runs = runs }

  /// 0: every run is ok. 1: a run failed or misses a required stage. 2: incomplete, or no run.
  public var exitStatus: Int32 {
    if runs.contains(where: { $0.verdict == .failed || $0.stages.contains { $0.status == .missing } }) { return 1 }
    return runs.allSatisfy { $0.verdict == .ok } ? 0 : 2
  }
}
