/// The stages to look for in runs of one recording, as one kernel version has them: what is asked for each run is prepared once.
final class StagePlan {
  let version: KernelVersion
  let vendor: Vendor
  /// In the order of execution.
  let stages: [PlannedStage]
  /// Their ids.
  let order: [String]
  private let places: [String: Int]
  private var knownHosts: [String: [String]] = [:]

  /// - Parameter names: those of the recording.
  init(_ planned: [Stage], on version: KernelVersion, for vendor: Vendor, names: FunctionNames) {
    self.version = version
    self.vendor = vendor
    stages = planned.compactMap { stage in
      stage.form(on: version, for: vendor).map { PlannedStage(stage: stage, form: $0, names: names) }
    }
    order = stages.map(\.stage.id)
    places = order.enumerated().reduce(into: [:]) { $0[$1.element] = $1.offset }
  }

  /// The stage's place in `order`.
  func place(of id: String) -> Int? { places[id] }

  /// Stages whose own function is an expected caller of this one, in order.
  func hosts(of id: String) -> [String] {
    if let hosts = knownHosts[id] { return hosts }
    let parents = places[id].map { stages[$0].form.parents } ?? []
    let hosts = stages.filter { other in
      other.stage.id != id && other.form.markers.contains { $0.role != .proxy && $0.role != .remote && parents.contains($0.function) }
    }.map(\.stage.id)
    knownHosts[id] = hosts
    return hosts
  }
}

/// A stage in the form that a kernel version has, with its functions prepared for asking row by row.
final class PlannedStage {
  let stage: Stage
  let form: StageForm
  private let names: FunctionNames
  /// Its own functions; nil: it has none.
  private(set) lazy var own: MarkerSet? = set(of: .own)
  /// What is seen of it where it is inlined; nil: nothing.
  private(set) lazy var proxies: MarkerSet? = set(of: .proxy)
  /// Its own functions that no one but KVM has, and where they are in the recording.
  private(set) lazy var telling: (names: Set<String>, functions: [UInt32]) = {
    let wanted = Set(form.markers.filter { $0.role == .own && $0.isTelling }.map(\.function))
    var functions: [UInt32] = []
    names.forEachIndex(of: wanted) { functions.append(UInt32(truncatingIfNeeded: $0)) }
    return (wanted, functions)
  }()

  init(stage: Stage, form: StageForm, names: FunctionNames) {
    self.stage = stage
    self.form = form
    self.names = names
  }

  private func set(of role: Marker.Role) -> MarkerSet? {
    let markers = form.markers.filter { $0.role == role }
    return markers.isEmpty ? nil : MarkerSet(markers, names: names)
  }
}

/// The plans that the runs of one recording need: mostly one.
final class StagePlans {
  private let names: FunctionNames
  private var known: [(plan: StagePlan, isShared: Bool)] = []

  init(_ names: FunctionNames) {
    self.names = names
  }

  /// - Parameter isShared: the trace does not tell the vendor, and only what both vendors of x86 have is looked for.
  func plan(on version: KernelVersion, for vendor: Vendor, isShared: Bool) -> StagePlan {
    if let (plan, _) = known.first(where: { $0.plan.version == version && $0.plan.vendor == vendor && $0.isShared == isShared }) {
      return plan
    }
    let stages = Catalogue.flow(on: version, for: vendor)?.stages(on: version, for: vendor) ?? []
    let plan = StagePlan(isShared ? stages.filter(\.isOfBothX86Vendors) : stages, on: version, for: vendor, names: names)
    known.append((plan, isShared))
    return plan
  }
}

extension Stage {
  var isOfBothX86Vendors: Bool { vendors.contains(.amd) && vendors.contains(.intel) }
}
