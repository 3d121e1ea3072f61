import CallTrees

/// Which CPU refused, where a step asks every CPU.
struct CPURefusal {
  private let run: RunTree
  private let results: [Int: Int64]

  init(_ run: RunTree, results: [Int: Int64]) {
    self.run = run
    self.results = results
  }

  /// `found` with what the calls tell about CPUs.
  func refine(_ found: FailureFinder.Found, matcher: StageMatcher) -> FailureFinder.Found {
    switch found.stage.id {
    case "cpuhp_register" where matcher.matches["virtualization_enable"] != nil: enabling(found)
    case "cpu_compat_check": compatibility(found, calls: matcher.matches["cpu_compat_check"]?.rows.count ?? 0)
    default: found
    }
  }

  /// Since 6.12 registering the hotplug state runs its callback on every present CPU, in ascending order, and stops at the first that
  /// refuses; the CPUs before it are rolled back (`__cpuhp_setup_state_cpuslocked` in kernel/cpu.c).
  private func enabling(_ found: FailureFinder.Found) -> FailureFinder.Found {
    guard let stage = Catalogue.stage("hardware_enable_cpu") else { return found }
    let rows = run.tree.subtree(of: found.row)
    let rollback = rows.first { run.name($0) == "cpuhp_rollback_install" }
    let asked = rows.prefix { $0 != rollback }.count { run.name($0) == "cpuhp_issue_call" }
    guard asked > 0, rollback != nil || run.recording.machineCPUs.map({ asked < $0 }) ?? false else { return found }
    var onCPU = found
    onCPU.stage = stage
    onCPU.text.append(
      "the callback was called on \(asked) of \(run.recording.machineCPUs.map(String.init) ?? "the") CPUs (cpuhp_issue_call): the last "
        + "of them, CPU \(asked - 1) if all are present, refused")
    return onCPU
  }

  /// Each online CPU is asked in ascending order, up to the first that refuses.
  private func compatibility(_ found: FailureFinder.Found, calls: Int) -> FailureFinder.Found {
    guard calls > 0 else { return found }
    var refused = found
    let cpus = run.recording.machineCPUs.map { " of \($0)" } ?? ""
    refused.text.append(
      "\(calls)\(cpus) CPUs were asked, in ascending order: the last of them, CPU \(calls - 1) if all are online, refused")
    return refused
  }
}
