/// Tells the vendor of a run that names no function of its module.
struct VendorChoice {
  private let candidate: RunCandidate
  private let loaded: Vendor?
  private let isX86: () -> Bool
  private let analyse: (_ candidate: RunCandidate, _ standIn: Vendor) -> Run

  /// - Parameters:
  ///   - loaded: vendor whose module was loaded when the recording ended, when this is the recording's only run.
  ///   - isX86: the machine is told, or the trace has functions that only x86 has.
  ///   - analyse: analyses the run; `standIn` is the vendor whose steps stand for both when the candidate has none.
  init(
    _ candidate: RunCandidate, loaded: Vendor?, isX86: @escaping () -> Bool,
    analyse: @escaping (_ candidate: RunCandidate, _ standIn: Vendor) -> Run
  ) {
    self.candidate = candidate
    self.loaded = loaded
    self.isX86 = isX86
    self.analyse = analyse
  }

  /// The run as its vendor's; where that cannot be told, with what both have in common.
  func run() -> Run {
    let unknown = analyse(candidate, .intel)
    guard unknown.vendor == nil, unknown.verdict == .ok || unknown.verdict == .failed else { return unknown }
    guard unknown.verdict == .ok else { return outer(unknown, analyse(candidate, .amd)) }
    // The vendor modules exclude each other.
    if let loaded { return told(loaded, "the recorded symbols: it was loaded when the recording ended") }
    // All steps of an init that succeeded are there, and may fit one vendor only. A failed one has not come to most of them.
    let intel = told(.intel, "the steps that ran: they fit kvm_intel only")
    let amd = told(.amd, "the steps that ran: they fit kvm_amd only")
    guard intel.verdict == .ok, amd.verdict == .ok else { return unknown }
    switch (isWhole(intel), isWhole(amd)) {
    case (true, false): return intel
    case (false, true): return amd
    case (true, true): return unknown
    case (false, false): return isX86() ? unknown : ofOtherArchitecture ?? unknown
    }
  }

  /// The run as that of arm64 or RISC-V, where its steps fit one of them; of both, the one that explains more.
  private var ofOtherArchitecture: Run? {
    let runs = [Vendor.arm64, .riscv].map { told($0, "the steps that ran: they fit \($0.title) only") }
    let whole = runs.filter { $0.verdict == .ok && isWhole($0) }
    func explained(_ run: Run) -> Int { run.stages.count { $0.calls > 0 } }
    guard let best = whole.max(by: { explained($0) < explained($1) }) else { return nil }
    return whole.count { explained($0) == explained(best) } == 1 ? best : nil
  }

  private func told(_ vendor: Vendor, _ source: String) -> Run {
    var candidate = candidate
    (candidate.vendor, candidate.vendorSource) = (vendor, source)
    return analyse(candidate, vendor)
  }

  /// Whether every step that the vendor's kernels must show is there.
  private func isWhole(_ run: Run) -> Bool { !run.stages.contains { $0.status == .missing } }

  /// Of two failures that the steps of either vendor tell, the one that says less.
  private func outer(_ one: Run, _ other: Run) -> Run {
    guard let first = one.failure, let second = other.failure else { return one }
    return second.path.count < first.path.count ? other : one
  }
}
