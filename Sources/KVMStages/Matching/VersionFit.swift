import CallTrees

/// The kernel version whose catalogue rows fit a run.
///
/// Distributions backport, their release strings hide the sublevel (`5.10.0-41-amd64`), and text traces name no kernel: so the calls
/// decide, and the recorded version breaks ties.
struct VersionFit {
  var version: KernelVersion
  /// Set when the trace names no kernel: the oldest and the newest catalogued version that fit as well.
  var range: ClosedRange<KernelVersion>?
  /// How the version was chosen, when that is not plain.
  var note: String?

  /// - Parameters:
  ///   - recorded: version that the trace, or the user, names.
  ///   - isNamed: it is the user who names it.
  ///   - sublevelIsHidden: the release string names the distribution's ABI instead of the sublevel: of sublevels that fit as well, the
  ///     newest is taken.
  static func choose(
    for edges: CallEdges, vendor: Vendor, recorded: KernelVersion?, isNamed: Bool, sublevelIsHidden: Bool
  ) -> VersionFit {
    let stages = StageFits(edges, vendor: vendor)
    let versions = Catalogue.versionSteps(for: vendor)
    guard let recorded else { return unrecorded(versions, stages) }
    let own = stages.cost(of: recorded)
    func isOfSeries(_ version: KernelVersion) -> Bool { (version.major, version.minor) == (recorded.major, recorded.minor) }
    // What nothing contradicts cannot be bettered by another series.
    let costs = versions.filter { own > 0 || isOfSeries($0) }.map { (version: $0, cost: stages.cost(of: $0)) }
    let best = costs.map(\.cost).min() ?? own
    // Within one series the sublevel is open; another series must fit clearly better.
    let bound = sublevelIsHidden ? own : own - 1
    if let better = costs.filter({ isOfSeries($0.version) && $0.cost <= bound }).min(by: { ($0.cost, $1.version) < ($1.cost, $0.version) }),
      better.cost <= best + 1
    {
      return VersionFit(version: better.version)
    }
    if best + 2 <= own,
      let other = costs.filter({ $0.cost == best }).min(by: { distance($0.version, recorded) < distance($1.version, recorded) })
    {
      let told =
        isNamed
        ? "not of \(recorded), which --kernel names: it is another kernel, or changes were backported"
        : "although the recorded kernel is \(recorded): changes were backported"
      return VersionFit(version: other.version, note: "the calls are those of Linux \(other.version), " + told)
    }
    return VersionFit(version: recorded)
  }

  /// The version for a trace that names none: of those that fit best, the one whose steps are seen most.
  private static func unrecorded(_ versions: [KernelVersion], _ stages: StageFits) -> VersionFit {
    let costs = versions.map { (version: $0, cost: stages.cost(of: $0)) }
    guard let best = costs.map(\.cost).min() else { return VersionFit(version: KernelVersion(0, 0)) }
    let fitting = costs.filter { $0.cost == best }.map { (version: $0.version, seen: stages.seen(of: $0.version)) }
    let most = fitting.map(\.seen).max() ?? 0
    let chosen = fitting.last { $0.seen == most }?.version ?? KernelVersion(0, 0)
    return VersionFit(version: chosen, range: (fitting.first?.version ?? chosen)...(fitting.last?.version ?? chosen))
  }

  private static func distance(_ left: KernelVersion, _ right: KernelVersion) -> Int {
    abs((left.major - right.major) * 100 + left.minor - right.minor)
  }
}

extension Catalogue {
  /// The versions at which some stage of a vendor changes its form, in order.
  static func versionSteps(for vendor: Vendor) -> [KernelVersion] {
    switch vendor {
    case .intel: intelSteps
    case .amd: amdSteps
    case .arm64: arm64Steps
    case .riscv: riscvSteps
    }
  }

  // One each: a process mostly needs one of them.
  private static let intelSteps = findVersionSteps(for: .intel)
  private static let amdSteps = findVersionSteps(for: .amd)
  private static let arm64Steps = findVersionSteps(for: .arm64)
  private static let riscvSteps = findVersionSteps(for: .riscv)

  private static func findVersionSteps(for vendor: Vendor) -> [KernelVersion] {
    let starts = stages.filter { $0.vendors.contains(vendor) }.flatMap { $0.forms.map(\.versions.since) }
    let flowStarts = flows.filter { $0.order[vendor] != nil }.flatMap { $0.ranges.map(\.since) }
    return Set(starts + flowStarts).sorted()
  }
}
