/// What a failure was told from.
public enum Evidence: String, CaseIterable, Sendable, Hashable {
  case returnValue = "return-value"
  case syscall
  case unwind
  case kernelLog = "kernel-log"
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
