/// The answer for a run.
public enum Verdict: String, CaseIterable, Sendable, Hashable {
  case ok
  case failed
  /// Events are lost, or calls left open, where the answer lies.
  case incomplete
  /// The module's init is not in the trace.
  case unknown

  /// Whether the trace does not tell how the init ended.
  package var isUntold: Bool { self == .incomplete || self == .unknown }
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
