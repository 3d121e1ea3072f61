/// What a run shows of each stage in each of its forms, found once: most kernel versions share most forms.
struct StageFits {
  /// A stage's form, with what the run shows of it.
  private struct Form {
    var versions: VersionRange
    var parents: [String]
    var isRequired: Bool
    var visibility: Visibility
    /// The first call that shows the form, below one of its callers.
    var found: (parent: String, row: Int)?
    /// Callers below which its call may be one without a name.
    var hidden: Set<String>
    /// Whether its marker is the first call of its caller, and another call is that in the run.
    var isNotFirst: Bool
    /// Whether the run shows the stage otherwise than this form has it.
    var isForeign: Bool
  }

  private let vendor: Vendor
  private let forms: [String: [Form]]
  /// Stages with a call in the run, by some version's rows.
  private let observed: [String]

  init(_ edges: CallEdges, vendor: Vendor) {
    self.vendor = vendor
    var forms: [String: [Form]] = [:]
    var observed: [String] = []
    for stage in Catalogue.stages where stage.vendors.contains(vendor) {
      let own = stage.forms.filter { $0.fits(vendor) }
      let shown = Self.shown(own.filter { $0.visibility == .call }, in: edges)
      if !shown.isEmpty { observed.append(stage.id) }
      forms[stage.id] = own.map { form in
        Form(
          versions: form.versions, parents: form.parents, isRequired: form.presence.isRequired, visibility: form.visibility,
          found: Self.found(form, in: edges), hidden: Self.isOfModule(form, vendor) ? edges.withUnnamed : [],
          isNotFirst: Self.isNotFirst(form, in: edges), isForeign: shown.contains { !Self.has(form, $0) })
      }
    }
    self.forms = forms
    self.observed = observed
  }

  private static func shown(_ forms: [StageForm], in edges: CallEdges) -> Set<CallEdges.Edge> {
    var shown: Set<CallEdges.Edge> = []
    for form in forms {
      for marker in form.markers where marker.role == .own {
        for parent in form.parents {
          let edge = CallEdges.Edge(caller: parent, callee: marker.function)
          if edges.rows[edge] != nil { shown.insert(edge) }
        }
      }
    }
    return shown
  }

  private static func found(_ form: StageForm, in edges: CallEdges) -> (parent: String, row: Int)? {
    var found: (parent: String, row: Int)?
    for parent in form.parents {
      for marker in form.showing {
        guard let row = edges.rows[CallEdges.Edge(caller: parent, callee: marker.function)], row < found?.row ?? .max else { continue }
        found = (parent, row)
      }
    }
    return found
  }

  /// Whether the names that a failed load takes away are all that shows the form.
  private static func isOfModule(_ form: StageForm, _ vendor: Vendor) -> Bool {
    let markers = form.showing
    return !markers.isEmpty && markers.allSatisfy { $0.module == vendor.module }
  }

  /// Since 6.3 `kvm_x86_vendor_init` begins with the lock of the vendor modules.
  private static func isNotFirst(_ form: StageForm, in edges: CallEdges) -> Bool {
    guard form.markers.map(\.function) == ["mutex_lock"] else { return false }
    return form.parents.contains(where: edges.withoutLock.contains)
  }

  private static func has(_ form: StageForm, _ edge: CallEdges.Edge) -> Bool {
    form.parents.contains(edge.caller) && form.markers.contains { Catalogue.sameStep($0.function, edge.callee) }
  }

  /// Number of contradictions between a version's catalogue rows and the calls: required stages that the run passed without a call,
  /// stages out of order, and calls of stages that the version does not have, or has below another caller.
  func cost(of version: KernelVersion) -> Int {
    guard let flow = Catalogue.flow(on: version, for: vendor) else { return .max / 2 }
    var cost = 0
    var lastRow: [String: Int] = [:]
    var pendingMisses: [String: Int] = [:]
    var fitting: Set<String> = []
    var claimed: Set<Int> = []
    for id in flow.ids(on: version, for: vendor) {
      guard let form = forms[id]?.first(where: { $0.versions.contains(version) }) else { continue }
      if !form.isForeign { fitting.insert(id) }
      guard form.visibility == .call || form.visibility == .proxy else { continue }
      if form.isNotFirst { cost += 1 }
      if let (parent, row) = form.found {
        // An allocator's call shows the first of the steps that make it.
        guard claimed.insert(row).inserted else { continue }
        cost += pendingMisses.removeValue(forKey: parent) ?? 0
        if form.visibility == .call {
          if let last = lastRow[parent], row < last { cost += 1 }
          lastRow[parent] = row
        }
      } else if form.isRequired {
        for parent in form.parents where !form.hidden.contains(parent) { pendingMisses[parent, default: 0] += 1 }
      }
    }
    return cost + observed.reduce(0) { $0 + (fitting.contains($1) ? 0 : 1) }
  }

  /// Number of a version's stages that the run shows.
  func seen(of version: KernelVersion) -> Int {
    guard let flow = Catalogue.flow(on: version, for: vendor) else { return 0 }
    return flow.ids(on: version, for: vendor).count { id in
      forms[id]?.first { $0.versions.contains(version) }?.found != nil
    }
  }
}
