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

  /// Whether the trace does not tell whether the step was taken.
  var isUntold: Bool { self == .notTraced || self == .notVisible }
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
