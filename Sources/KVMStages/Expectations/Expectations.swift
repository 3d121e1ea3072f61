/// What a user expects of traces: the content of an expectations file.
public struct Expectations: Sendable {
  /// The file, as the user named it.
  public var path: String
  public var sets: [ExpectationSet]

  public init(path: String, sets: [ExpectationSet]) {
    self.path = path
    self.sets = sets
  }
}

/// Expectations of the runs that fit some conditions. Every set that fits a run is checked; an empty condition fits all.
public struct ExpectationSet: Sendable {
  public var name: String?
  /// Line of the expectations file where the set begins.
  public var line: Int
  /// Lines of the set's keys.
  public var lines: [String: Int] = [:]

  // MARK: conditions

  public var modules: [String] = []
  public var vendors: [Vendor] = []
  public var kernels: [KernelCondition] = []
  public var traces = PathPatterns([])

  // MARK: expectations

  /// Any of these; empty: not checked.
  public var verdicts: [Verdict] = []
  public var failure: FailureExpectation?
  public var stages: [StageExpectation] = []
  /// Greatest duration of the run.
  public var maxDuration: TimeLimit?
  public var requiredFunctions: [FunctionPattern] = []
  public var forbiddenFunctions: [FunctionPattern] = []
  /// Greatest number of events that the trace may have lost.
  public var maxLostEvents: UInt64?
  /// Number of runs in the trace that fit the set.
  public var runs: Int?
  /// A stage that is named here, or has one of these statuses, breaks nothing.
  public var toleratedStages: Set<String> = []
  public var toleratedStatuses: Set<StageStatus> = []

  public init(name: String? = nil, line: Int = 1) {
    self.name = name
    self.line = line
  }
}

/// Where and how a run must fail. nil: not checked.
public struct FailureExpectation: Sendable, Hashable {
  public var stage: String?
  /// `EOPNOTSUPP`.
  public var errno: String?
  public var function: FunctionPattern?

  public init(stage: String? = nil, errno: String? = nil, function: FunctionPattern? = nil) {
    self.stage = stage
    self.errno = errno
    self.function = function
  }
}

/// What is expected of one stage.
public struct StageExpectation: Sendable, Hashable {
  /// Id of a stage of the catalogue.
  public var stage: String
  /// Any of these; empty: not checked.
  public var statuses: [StageStatus]
  public var maxDuration: TimeLimit?
  public var calls: ClosedRange<Int>?
  public var line: Int

  public init(stage: String, statuses: [StageStatus] = [], maxDuration: TimeLimit? = nil, calls: ClosedRange<Int>? = nil, line: Int = 1) {
    self.stage = stage
    self.statuses = statuses
    self.maxDuration = maxDuration
    self.calls = calls
    self.line = line
  }
}

/// A duration as a user writes it: `50ms`, `1.5us`, `2s`, `300ns`.
public struct TimeLimit: Sendable, Hashable, CustomStringConvertible {
  public var nanoseconds: UInt64

  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  private static let units: [(text: String, nanoseconds: UInt64)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
  ]

  /// nil for a number without a unit, and for what is no number.
  public init?(_ text: String) {
    guard let unit = Self.units.first(where: { text.hasSuffix($0.text) }),
      case let digits = text.dropLast(unit.text.count).filter({ $0 != " " }),
      digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits), number * Double(unit.nanoseconds) < 9e18
    else { return nil }
    nanoseconds = UInt64((number * Double(unit.nanoseconds)).rounded())
  }

  /// `12.345ms`: as it can be written in an expectations file.
  public var description: String {
    let unit = Self.units.last { $0.text != "µs" && nanoseconds >= $0.nanoseconds } ?? Self.units[0]
    let rest = nanoseconds % unit.nanoseconds / max(1, unit.nanoseconds / 1000)
    var fraction = unit.nanoseconds == 1 || rest == 0 ? "" : "." + String(String(1000 + rest).dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(nanoseconds / unit.nanoseconds)\(fraction)\(unit.text)"
  }
}

/// A function as a user names it: `kvm_init`, or `kvm_init [kvm]` for the one of a module.
public struct FunctionPattern: Sendable, Hashable, CustomStringConvertible {
  public var name: String
  public var module: String?
  public var line: Int

  /// Compiler suffixes (`.isra.0`) do not count.
  public init(_ text: String, line: Int = 1) {
    let parts = text.split(separator: " ", maxSplits: 1)
    name = FunctionNames.base(of: String(parts.first ?? ""))
    let rest = parts.count > 1 ? parts[1].filter { $0 != " " } : ""
    module = rest.hasPrefix("[") && rest.hasSuffix("]") ? String(rest.dropFirst().dropLast()) : nil
    self.line = line
  }

  public var description: String { module.map { "\(name) [\($0)]" } ?? name }
}
