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

  /// A caller and a callee as they stand in the run.
  private struct Edge: Hashable {
    var caller: String
    var callee: String
  }

  /// - Parameters:
  ///   - recorded: version that the trace, or the user, names.
  ///   - sublevelIsHidden: the release string names the distribution's ABI instead of the sublevel: of sublevels that fit as well, the
  ///     newest is taken.
  static func choose(for run: RunTree, vendor: Vendor, recorded: KernelVersion?, sublevelIsHidden: Bool) -> VersionFit {
    let edges = edges(of: run)
    let observed = observed(edges, vendor: vendor)
    let candidates = Catalogue.versionSteps(for: vendor)
    let costs = candidates.map { (version: $0, cost: cost(of: $0, vendor: vendor, edges: edges, observed: observed)) }
    guard let best = costs.map(\.cost).min() else { return VersionFit(version: recorded ?? KernelVersion(0, 0)) }
    guard let recorded else {
      let fitting = costs.filter { $0.cost == best }.map(\.version)
      let newest = fitting.last ?? KernelVersion(0, 0)
      return VersionFit(version: newest, range: (fitting.first ?? newest)...newest)
    }
    let series = costs.filter { ($0.version.major, $0.version.minor) == (recorded.major, recorded.minor) }
    let own = cost(of: recorded, vendor: vendor, edges: edges, observed: observed)
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

  /// First row of each caller-callee pair that the catalogue could ask for.
  private static func edges(of run: RunTree) -> [Edge: Int] {
    var edges: [Edge: Int] = [:]
    for (caller, rows) in run.callers {
      for row in rows {
        for child in run.steps(below: row) {
          guard let callee = run.name(child) else { continue }
          let edge = Edge(caller: caller, callee: callee)
          if edges[edge] == nil { edges[edge] = child }
        }
      }
    }
    if let initRow = run.candidate.initRow, let (caller, check) = RunFinder.supportCheck(in: initRow, of: run.tree, names: run.names) {
      let name = run.name(caller) ?? "svm_init"
      edges[Edge(caller: name, callee: name == "svm_init" ? "__kvm_is_svm_supported" : "__kvm_is_vmx_supported")] = check
    }
    return edges
  }

  /// Number of contradictions between a version's catalogue rows and the calls: required stages that the run passed without a call,
  /// stages out of order, and calls of stages that the version does not have.
  private static func cost(of version: KernelVersion, vendor: Vendor, edges: [Edge: Int], observed: [(stage: Stage, edges: [Edge])]) -> Int
  {
    guard let flow = Catalogue.flow(on: version, for: vendor) else { return .max / 2 }
    let stages = flow.stages(on: version, for: vendor)
    var cost = 0
    var lastRow: [String: Int] = [:]
    var pendingMisses: [String: Int] = [:]
    for stage in stages {
      guard let form = stage.form(on: version, for: vendor),
        form.visibility == .call || form.visibility == .proxy
      else { continue }
      let markers = form.markers.filter { $0.role == .own || $0.role == .proxy }
      let found = form.parents.flatMap { parent in
        markers.compactMap { edges[Edge(caller: parent, callee: $0.function)].map { (parent, $0) } }
      }
      if let (parent, row) = found.min(by: { $0.1 < $1.1 }) {
        cost += pendingMisses.removeValue(forKey: parent) ?? 0
        if form.visibility == .call {
          if let last = lastRow[parent], row < last { cost += 1 }
          lastRow[parent] = row
        }
      } else if form.presence.isRequired {
        for parent in form.parents { pendingMisses[parent, default: 0] += 1 }
      }
    }
    return cost + foreign(observed, version: version, vendor: vendor, order: Set(stages.map(\.id)))
  }

  /// Stages with a call in the run, by some version's rows.
  private static func observed(_ edges: [Edge: Int], vendor: Vendor) -> [(stage: Stage, edges: [Edge])] {
    Catalogue.stages.compactMap { stage in
      guard stage.vendors.contains(vendor) else { return nil }
      let forms = stage.forms.filter { ($0.vendors.isEmpty || $0.vendors.contains(vendor)) && $0.visibility == .call }
      let pairs = forms.flatMap { form in
        form.markers.filter { $0.role == .own }.flatMap { marker in form.parents.map { Edge(caller: $0, callee: marker.function) } }
      }
      let found = Set(pairs).filter { edges[$0] != nil }
      return found.isEmpty ? nil : (stage, Array(found))
    }
  }

  /// Number of stages that the run shows and this version does not have, or has below another caller.
  private static func foreign(_ observed: [(stage: Stage, edges: [Edge])], version: KernelVersion, vendor: Vendor, order: Set<String>)
    -> Int
  {
    observed.filter { stage, edges in
      guard order.contains(stage.id), let form = stage.form(on: version, for: vendor) else { return true }
      return edges.contains { edge in
        !form.parents.contains(edge.caller) || !form.markers.contains { Catalogue.sameStep($0.function, edge.callee) }
      }
    }.count
  }
}

extension Catalogue {
  /// The versions at which some stage of a vendor changes its form, in order.
  static func versionSteps(for vendor: Vendor) -> [KernelVersion] {
    let starts = stages.filter { $0.vendors.contains(vendor) }.flatMap { $0.forms.map(\.versions.since) }
    let flowStarts = flows.filter { $0.order[vendor] != nil }.flatMap { $0.ranges.map(\.since) }
    return Set(starts + flowStarts).sorted()
  }
}
