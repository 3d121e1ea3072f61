import CallTrees

/// The calls that show a stage in a run.
struct StageMatch {
  let planned: PlannedStage
  var stage: Stage { planned.stage }
  var form: StageForm { planned.form }
  /// Rows of the marker calls that count, in order; empty: none found.
  var rows: [Int] = []
  /// The caller they were found below, or the first expected caller that is in the run.
  var parentRow: Int?
  /// Found by its place, not by its name.
  var byPlace = false
  /// The marker's function only shows where the stage is: it takes no part in its time.
  var untimed = false
  /// Found below another caller than the catalogue knows.
  var elsewhere = false
}

/// Finds the marker calls of each stage of a flow, for one kernel version.
struct StageMatcher {
  private(set) var run: RunTree
  let plan: StagePlan
  var version: KernelVersion { plan.version }
  var vendor: Vendor { plan.vendor }
  /// In the order of execution.
  var order: [String] { plan.order }
  private(set) var matches: [String: StageMatch]

  init(_ run: RunTree, _ plan: StagePlan) {
    self.run = run
    self.plan = plan
    matches = Dictionary(minimumCapacity: plan.order.count)
    for planned in plan.stages { matches[planned.stage.id] = StageMatch(planned: planned) }
  }

  /// Own markers first: their names are unique; then what has to be told by place; then proxies, each within the window that
  /// its neighbours leave.
  mutating func match() {
    for id in order { matchOwn(id) }
    for id in order { matchByPlace(id) }
    for id in order { matchOwn(id) }
    for id in order { matchProxy(id) }
  }

  // MARK: own functions

  private mutating func matchOwn(_ id: String) {
    guard var match = matches[id], match.rows.isEmpty else { return }
    let parents = parentRows(of: match.form)
    match.parentRow = match.parentRow ?? parents.first
    if id == "module_load" {
      matchLoader(&match)
    } else if id == "vendor_entry", let initRow = run.candidate.initRow {
      match.rows = [initRow]
      match.parentRow = Int(run.tree.calls[initRow].parent) >= 0 ? Int(run.tree.calls[initRow].parent) : nil
      match.byPlace = run.names[run.tree.calls[initRow].function] == nil
    } else if let wanted = match.planned.own {
      for parent in parents {
        let found = run.tree.children(of: parent).filter { row in wanted.contains(row, in: run) && !run.isRepeat(row) }
        if !found.isEmpty {
          match.rows = found
          match.parentRow = parent
          break
        }
      }
      if match.rows.isEmpty { matchElsewhere(&match) }
    }
    matches[id] = match
  }

  /// The loader and the initcall around the init function.
  private func matchLoader(_ match: inout StageMatch) {
    let root = run.candidate.rootRow
    if ["do_init_module", "do_one_initcall"].contains(run.name(root)) { match.rows = [root] }
    match.parentRow = nil
  }

  /// A marker that is the run's root, or that another caller than the known ones calls.
  private func matchElsewhere(_ match: inout StageMatch) {
    let own = match.planned.telling
    guard !own.names.isEmpty else { return }
    var first = run.roles.filter { own.names.contains($0.value) && run.rows.contains($0.key) && !run.isRepeat($0.key) }.keys.min()
    for function in own.functions {
      guard let row = run.scan.own[function]?.first(where: { run.roles[$0] == nil && !run.isRepeat($0) }) else { continue }
      first = min(first ?? row, row)
    }
    guard let row = first else { return }
    let parent = Int(run.tree.calls[row].parent)
    match.rows = [row]
    match.elsewhere = row != run.candidate.rootRow && row != run.candidate.initRow
    match.parentRow = parent >= 0 ? parent : nil
  }

  /// The stages that follow `id` in the order of execution.
  func stages(after id: String) -> [StageMatch] {
    guard let place = plan.place(of: id) else { return [] }
    return order[(place + 1)...].compactMap { matches[$0] }
  }

  /// Whether a caller of the stage is the call at `row`, or lies in it.
  func hasCaller(_ match: StageMatch, in row: Int) -> Bool {
    let subtree = run.tree.subtree(of: row)
    return parentRows(of: match.form).contains(where: subtree.contains)
  }

  /// Callers of the stage that are in the run.
  func parentRows(of form: StageForm) -> [Int] { form.parents.flatMap { run.callers[$0] ?? [] } }

  // MARK: by place

  /// Callers whose calls into the vendor module are all in the catalogue: there, unnamed calls can be told by their order.
  private static let fullyKnownCallers: Set<String> = [
    "vt_init", "vmx_init", "svm_init", "kvm_x86_vendor_init", "__kvm_x86_vendor_init", "kvm_arch_init", "kvm_arch_hardware_setup",
    "kvm_init",
  ]

  /// Callers whose first call into the vendor module is known, whatever comes after it.
  ///
  /// `setup_vmcs_config` follows the user-return MSRs in `hardware_setup` and `vmx_hardware_setup`, 4.19 to 6.17.
  private static let firstInVendorModule: [String: String] = ["hardware_setup": "vmcs_config", "vmx_hardware_setup": "vmcs_config"]

  /// Tells vendor-module functions whose names are gone by their place between the stages that are found.
  private mutating func matchByPlace(_ id: String) {
    guard let match = matches[id], match.rows.isEmpty, isVendorFunction(match) else { return }
    for parent in parentRows(of: match.form) {
      let window = window(of: id, below: parent)
      let unnamed = run.steps(below: parent).filter { run.name($0) == nil && window.contains($0) }
      guard !unnamed.isEmpty else { continue }
      if id == "cpu_feature_check" {  // one or two functions, by what the first answers
        assign(unnamed, to: id, below: parent)
        return
      }
      let expected = order.filter { other in
        guard let rival = matches[other], rival.rows.isEmpty, isVendorFunction(rival) else { return false }
        return parentRows(of: rival.form).contains(parent) && self.window(of: other, below: parent) == window
      }
      if Self.fullyKnownCallers.contains(run.name(parent) ?? ""), !lacksEarlier(id, below: parent) {
        alignInOrder(unnamed, with: expected, below: parent)
      } else if unnamed.count == 1, expected == [id] {
        assign(unnamed, to: id, below: parent)
      } else if run.name(parent).flatMap({ Self.firstInVendorModule[$0] }) == id, let first = unnamed.first {
        assign([first], to: id, below: parent)
      }
      return
    }
  }

  /// Whether a required step of the same caller that comes earlier, and has a name of its own, is not there: then the calls are others.
  private func lacksEarlier(_ id: String, below parent: Int) -> Bool {
    guard let place = plan.place(of: id) else { return false }
    return order[..<place].contains { other in
      guard let match = matches[other], match.rows.isEmpty, match.form.presence.isRequired, match.form.visibility == .call,
        !isVendorFunction(match)
      else { return false }
      return parentRows(of: match.form).contains(parent)
    }
  }

  /// Whether the stage shows as a call of a function of the vendor module: the names that a failed load takes away.
  private func isVendorFunction(_ match: StageMatch) -> Bool {
    match.form.markers.contains { marker in
      guard marker.module == vendor.module else { return false }
      return marker.role == .own || (match.stage.id == "cpu_feature_check" && marker.role == .proxy)
    }
  }

  /// A run is a prefix of its flow: the first unnamed call is the first expected stage, as long as none of them is optional.
  private mutating func alignInOrder(_ unnamed: [Int], with expected: [String], below parent: Int) {
    for (index, id) in expected.enumerated() {
      guard index < unnamed.count, matches[id]?.form.presence.isRequired ?? false else { return }
      let isPerCPU = id == "pi_init_cpu" && index == expected.count - 1
      assign(isPerCPU ? Array(unnamed[index...]) : [unnamed[index]], to: id, below: parent)
    }
  }

  private mutating func assign(_ rows: [Int], to id: String, below parent: Int) {
    let markers = matches[id]?.form.markers.filter { $0.module == vendor.module } ?? []
    guard let marker = markers.first else { return }
    matches[id]?.rows = rows
    matches[id]?.parentRow = parent
    matches[id]?.byPlace = true
    if id == "cpu_feature_check", rows.count <= markers.count {
      // Each check runs once, in this order.
      for (row, marker) in zip(rows, markers) { run.setRole(marker.function, at: row) }
    } else if rows.count == 1, marker.role == .own {
      run.setRole(marker.function, at: rows[0])
    }
  }

  /// Rows below `parent` between the nearest found stages before and after `id` in the flow.
  private func window(of id: String, below parent: Int) -> Range<Int> {
    let subtree = run.tree.subtree(of: parent)
    var lower = subtree.lowerBound + 1
    var upper = subtree.upperBound
    guard let place = plan.place(of: id) else { return lower..<max(lower, upper) }
    for other in order[..<place].reversed() {
      guard let match = matches[other], match.parentRow == parent, !match.elsewhere, let last = match.rows.last else { continue }
      lower = run.tree.subtree(of: last).upperBound
      break
    }
    for other in order[(place + 1)...] {
      guard let match = matches[other], match.parentRow == parent, !match.elsewhere, let first = match.rows.first, first >= lower
      else { continue }
      upper = first
      break
    }
    return lower..<max(lower, upper)
  }

  // MARK: proxies

  private mutating func matchProxy(_ id: String) {
    guard var match = matches[id], match.rows.isEmpty else { return }
    guard let wanted = match.planned.proxies else { return }
    // Few callers have such a call, and only of these the window has to be known.
    for parent in parentRows(of: match.form) where run.tree.children(of: parent).contains(where: { wanted.contains($0, in: run) }) {
      let window = window(of: id, below: parent)
      let found = proxyCalls(of: id, wanted, below: parent, in: window)
      guard !found.isEmpty else { continue }
      match.rows = found.count >= wanted.minimumCalls ? found : []
      match.parentRow = parent
      match.untimed = wanted.isOnly("mutex_lock")
      break
    }
    matches[id] = match
  }

  /// The stage's calls in its window, up to the first call that shows a later stage: both may use the same allocator.
  private func proxyCalls(of id: String, _ wanted: MarkerSet, below parent: Int, in window: Range<Int>) -> [Int] {
    let caller = run.name(parent) ?? ""
    let later = stages(after: id).filter { $0.rows.isEmpty && $0.form.parents.contains(caller) }
    let ending = later.compactMap { $0.planned.proxies }
    var found: [Int] = []
    for row in run.tree.children(of: parent) where window.contains(row) {
      if wanted.contains(row, in: run) {
        found.append(row)
      } else if !found.isEmpty, ending.contains(where: { $0.contains(row, in: run) }) {
        break
      }
    }
    return found
  }
}
