import CallTrees

/// The choices of versions for the runs of one recording: runs that show the same of the catalogue in the same order fit the same version.
final class VersionFits {
  /// All that a fit depends on, beside what holds for the recording.
  private struct Key: Hashable {
    var edges: [CallEdges.Edge]
    var withUnnamed: Set<String>
    var withoutLock: Set<String>
    var vendor: Vendor
  }

  private var known: [Key: VersionFit] = [:]
  /// A hostile recording has as many different runs as it likes.
  private static let limit = 1000

  /// `VersionFit.choose`, where all but the run and the vendor are the same for a recording.
  func choose(
    for run: RunTree, vendor: Vendor, recorded: KernelVersion?, isNamed: Bool, sublevelIsHidden: Bool
  ) -> VersionFit {
    let edges = CallEdges(run)
    let key = Key(edges: edges.inOrder, withUnnamed: edges.withUnnamed, withoutLock: edges.withoutLock, vendor: vendor)
    if let fit = known[key] { return fit }
    let fit = VersionFit.choose(for: edges, vendor: vendor, recorded: recorded, isNamed: isNamed, sublevelIsHidden: sublevelIsHidden)
    if known.count < Self.limit { known[key] = fit }
    return fit
  }
}

/// The calls of a run that the catalogue could ask for: pairs of caller and callee.
struct CallEdges {
  /// A caller and a callee as they stand in the run.
  struct Edge: Hashable {
    var caller: String
    var callee: String
  }

  /// First row of each pair whose callee is a marker of some stage.
  private(set) var rows: [Edge: Int] = [:]
  /// Callers that also call functions without a name.
  private(set) var withUnnamed: Set<String> = []
  /// Callers whose first call is another one than `mutex_lock`.
  private(set) var withoutLock: Set<String> = []

  private static let markers = Set(Catalogue.markers.map(\.function))

  init(_ run: RunTree) {
    // By function index: a loop makes the same call again and again, and only the first one counts.
    var lastCaller = [Int](repeating: 0, count: run.recording.functions.count)
    for (place, (caller, callerRows)) in run.callers.enumerated() {
      var isFirst = true
      for row in callerRows {
        for child in run.tree.children(of: row) where !run.isInterrupt(child) {
          let function = Int(run.tree.calls[child].function.index)
          if function < lastCaller.count, !run.hasRole(child) {
            if lastCaller[function] == place + 1 { continue }
            lastCaller[function] = place + 1
          }
          let name = run.name(child)
          if isFirst, name != "mutex_lock" { withoutLock.insert(caller) }
          isFirst = false
          guard let callee = name else {
            withUnnamed.insert(caller)
            continue
          }
          guard Self.markers.contains(callee) else { continue }
          let edge = Edge(caller: caller, callee: callee)
          if rows[edge] == nil { rows[edge] = child }
        }
      }
    }
    // An init function that is the root of the recording: its name alone tells old kernels from new ones on arm64.
    if let initRow = run.candidate.initRow, initRow == run.candidate.rootRow, let name = run.name(initRow) {
      rows[Edge(caller: "do_one_initcall", callee: name)] = initRow
    }
    if let initRow = run.candidate.initRow, let (caller, check) = RunFinder.supportCheck(in: initRow, of: run.tree, names: run.names) {
      let name = run.name(caller) ?? "svm_init"
      rows[Edge(caller: name, callee: name == "svm_init" ? "__kvm_is_svm_supported" : "__kvm_is_vmx_supported")] = check
    }
  }

  /// The pairs by row: only their order counts for a version's fit.
  var inOrder: [Edge] {
    rows.sorted { ($0.value, $0.key.caller, $0.key.callee) < ($1.value, $1.key.caller, $1.key.callee) }.map(\.key)
  }
}
