import KVMStages

/// What came of a check of many traces: what the formats render.
public struct CheckReport: Sendable {
  /// The expectations file.
  public var expectations: String
  public var traces: [TraceCheck]
  public var exitStatus: Int32

  public init(expectations: String, traces: [TraceCheck], exitStatus: Int32) {
    self.expectations = expectations
    self.traces = traces
    self.exitStatus = exitStatus
  }

  /// Number of expectations by outcome, and of traces that could not be read.
  struct Counts {
    var passed = 0
    var failed = 0
    var inconclusive = 0
    var notApplicable = 0
    var unreadable = 0
    var damaged = 0

    /// Expectations that were of some trace's business.
    var expectations: Int { passed + failed + inconclusive }

    init(_ traces: some Sequence<TraceCheck>) {
      for trace in traces {
        if trace.isUnreadable { unreadable += 1 } else if trace.problem != nil { damaged += 1 }
        for result in trace.results {
          switch result.outcome {
          case .pass: passed += 1
          case .fail: failed += 1
          case .inconclusive: inconclusive += 1
          case .notApplicable: notApplicable += 1
          }
        }
      }
    }
  }
}

extension TraceCheck {
  /// What a file with a `problem` is not.
  static let wholeness = "the file is a whole trace"

  /// Nothing of it could be read.
  var isUnreadable: Bool { problem != nil && results.isEmpty }
}

extension ExpectationResult {
  /// `expected ok, found missing`.
  var comparison: String { "expected \(expected), found \(found)" }

  /// What is told of it: expected and found, why, where, and by which line of the expectations file.
  func story(of expectations: String) -> [String] {
    let place = placeText()
    let rest = [
      reason.map { "why: \($0)" }, place.isEmpty ? nil : "where: \(place)", line.map { "expected by: \(expectations):\($0)" },
    ]
    return [comparison] + rest.compactMap(\.self)
  }

  /// What distinguishes it among the results of a trace: the run where there are several, and the title.
  var fullTitle: String { (place.run.map { "run \($0): " } ?? "") + title }

  /// Where to look, in words: `run 2 (kvm_amd, modprobe-100); 5.2 Workqueue for irqfd; kvm_irqfd_init [kvm] at 1.2 ms`.
  func placeText(_ glyphs: Glyphs = Glyphs(unicode: false)) -> String {
    var parts: [String] = []
    if let run = place.run { parts.append("run \(run)" + (place.runTitle.map { " (\($0))" } ?? "")) }
    if let stage = place.stage { parts.append(stage.fullTitle) }
    if let function = place.function { parts.append(function) }
    var text = parts.joined(separator: "; ")
    if let offset = place.offsetNS { text += " at \(glyphs.time(offset))" }
    return text
  }
}
