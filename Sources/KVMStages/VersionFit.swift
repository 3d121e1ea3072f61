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
  ///   - sublevelIsHidden: the release string names the distribution's ABI instead of the sublevel: of sublevels that fit as well, the
  ///     newest is taken.
  static func choose(for edges: CallEdges, vendor: Vendor, recorded: KernelVersion?, sublevelIsHidden: Bool) -> VersionFit {
    let stages = StageFits(edges, vendor: vendor)
    let costs = Catalogue.versionSteps(for: vendor).map { (version: $0, cost: stages.cost(of: $0)) }
    guard let best = costs.map(\.cost).min() else { return VersionFit(version: recorded ?? KernelVersion(0, 0)) }
    guard let recorded else {
      // All of these fit; the one whose steps are seen most is taken.
      let fitting = costs.filter { $0.cost == best }.map { (version: $0.version, seen: stages.seen(of: $0.version)) }
      let most = fitting.map(\.seen).max() ?? 0
      let chosen = fitting.last { $0.seen == most }?.version ?? KernelVersion(0, 0)
      return VersionFit(version: chosen, range: (fitting.first?.version ?? chosen)...(fitting.last?.version ?? chosen))
    }
    let series = costs.filter { ($0.version.major, $0.version.minor) == (recorded.major, recorded.minor) }
    let own = stages.cost(of: recorded)
    // Within one series the sublevel is open; another series must fit clearly better.
    let bound = sublevelIsHidden ? own : own - 1
    if let better = series.filter({ $0.cost <= bound }).min(by: { ($0.cost, $1.version) < ($1.cost, $0.version) }), better.cost <= best + 1
    {
      return VersionFit(version: better.version)
    }
    if best + 2 <= own,
      let other = costs.filter({ $0.cost == best }).min(by: { distance($0.version, recorded) < distance($1.version, recorded) })
    {
      return VersionFit(
        version: other.version,
        note: "the calls are those of Linux \(other.version), although the recorded kernel is \(recorded): changes were backported")
    }
    return VersionFit(version: recorded)
  }

  private static func distance(_ left: KernelVersion, _ right: KernelVersion) -> Int {
    abs((left.major - right.major) * 100 + left.minor - right.minor)
  }
}

extension Catalogue {
  /// The versions at which some stage of a vendor changes its form, in order.
  static func versionSteps(for vendor: Vendor) -> [KernelVersion] { stepsByVendor[vendor] ?? [] }

  private static let stepsByVendor = Dictionary(uniqueKeysWithValues: Vendor.allCases.map { ($0, findVersionSteps(for: $0)) })

  private static func findVersionSteps(for vendor: Vendor) -> [KernelVersion] {
    let starts = stages.filter { $0.vendors.contains(vendor) }.flatMap { $0.forms.map(\.versions.since) }
    let flowStarts = flows.filter { $0.order[vendor] != nil }.flatMap { $0.ranges.map(\.since) }
    return Set(starts + flowStarts).sorted()
  }
}
