import CallTrees

/// Gathers the paths of a run.
struct CallPathsBuilder {
  /// A call that the rows which follow may lie below.
  private struct Frame {
    var end: Int
    var row: Int
    var node: Int
  }

  private let recording: Recording
  private let run: Run
  private let tree: CallTree
  private let names: FunctionNames
  private let own: KVMFunctions
  private let scope: CallScope
  private let leftOut: Set<String>
  private let deepest: Int
  private var paths = CallPaths()
  private var known: [Int: [String: Int]] = [:]
  private var frames: [Frame] = []

  /// - Returns: nil when the run has no calls.
  static func paths(of run: Run, in recording: Recording, names: FunctionNames, own: KVMFunctions, scope: CallScope) -> CallPaths? {
    guard let task = run.task, recording.tasks.indices.contains(task), let anchor = anchor(of: run),
      recording.tasks[task].tree.calls.indices.contains(anchor)
    else { return nil }
    var builder = CallPathsBuilder(run, recording, recording.tasks[task].tree, names, own, scope)
    builder.gather(below: anchor)
    return builder.paths
  }

  /// The module's init function; where the recording begins inside it, `kvm_init` or whatever the root is.
  private static func anchor(of run: Run) -> Int? {
    for id in ["vendor_entry", "kvm_init"] {
      if let row = run.stages.first(where: { $0.stage.id == id })?.rows.first { return row }
    }
    return run.rootRow
  }

  private init(
    _ run: Run, _ recording: Recording, _ tree: CallTree, _ names: FunctionNames, _ own: KVMFunctions, _ scope: CallScope
  ) {
    (self.run, self.recording, self.tree, self.names, self.own, self.scope) = (run, recording, tree, names, own, scope)
    leftOut = Set(recording.source.recorder?.leftOut ?? [])
    deepest = recording.deepest
  }

  private mutating func gather(below anchor: Int) {
    let rows = tree.subtree(of: anchor).clamped(to: tree.calls.indices)
    addNode(name(of: anchor) ?? "?", row: anchor, isOwn: true, parent: -1)
    frames = [Frame(end: rows.upperBound, row: anchor, node: 0)]
    var row = rows.lowerBound + 1
    while row < rows.upperBound {
      while let frame = frames.last, row >= frame.end, frames.count > 1 { frames.removeLast() }
      row = visit(row)
    }
  }

  /// Takes the call at `row`; gives the row to go on with.
  private mutating func visit(_ row: Int) -> Int {
    let next = max(tree.subtree(of: row).upperBound, row + 1)
    let call = tree.calls[row]
    let name = name(of: row)
    guard let frame = frames.last, !isNoise(call, hasRole: run.roles[row] != nil) else { return next }
    guard let name else {
      paths.nodes[frame.node].isCut = true
      return next
    }
    let isOwn = own.contains(call.function) || run.roles[row] != nil
    let isDirect = Int(call.parent) == frame.row && paths.nodes[frame.node].isOwn
    guard scope == .all || isOwn || isDirect else { return row + 1 }
    if frames.count >= CallPaths.deepest {
      paths.nodes[frame.node].isCut = true
      return next
    }
    let node = known[frame.node]?[name] ?? addNode(name, row: row, isOwn: isOwn, parent: frame.node)
    count(row, in: node)
    if scope == .all, Self.unsteady.contains(name) { return next }
    frames.append(Frame(end: next, row: row, node: node))
    return row + 1
  }

  /// What the kernel calls below these depends on the moment: how full a slab is, which CPU sleeps, who runs.
  private static let unsteady: Set<String> = [
    "try_to_wake_up", "wait_for_completion", "schedule_timeout", "pcpu_alloc", "pcpu_alloc_noprof", "get_random_u32", "get_random_u64",
    "get_random_bytes", "___slab_alloc", "__slab_alloc", "new_slab", "allocate_slab", "queue_delayed_work_on", "kernfs_new_node",
    "synchronize_rcu_expedited", "idr_alloc_cyclic", "radix_tree_node_alloc", "vmap_area_alloc",
  ]

  private func isNoise(_ call: Call, hasRole: Bool) -> Bool {
    if call.flags.contains(.interrupt) || call.flags.contains(.sleep) { return true }
    if recording.kind(call.function) != .ordinary { return !hasRole }
    return names[call.function].map(Self.interruptsCall.contains) ?? false
  }

  /// What interrupts call through functions that are not traced, or were left out of the recording: it seems to be called by whichever
  /// function was interrupted. Seen on 7.3, where the tracer wakes its reader and timers are armed after an interrupt.
  private static let interruptsCall: Set<String> = ["housekeeping_any_cpu", "ktime_get"]

  private func name(of row: Int) -> String? { run.roles[row] ?? names[tree.calls[row].function] }

  @discardableResult
  private mutating func addNode(_ name: String, row: Int, isOwn: Bool, parent: Int) -> Int {
    let index = paths.nodes.count
    let isAnchor = parent < 0
    paths.nodes.append(
      CallPaths.Node(
        name: name, module: names.module(tree.calls[row].function), isOwn: isOwn, parent: parent, count: isAnchor ? 1 : 0,
        durationNS: isAnchor ? tree.calls[row].measuredDuration : 0, isCut: isCut(row, name)))
    if !isAnchor { known[parent, default: [:]][name] = index }
    return index
  }

  private mutating func count(_ row: Int, in node: Int) {
    paths.nodes[node].count += 1
    paths.nodes[node].durationNS = paths.nodes[node].durationNS.flatMap { sum in tree.calls[row].measuredDuration.map { sum &+ $0 } }
    if isCut(row, paths.nodes[node].name) { paths.nodes[node].isCut = true }
  }

  private func isCut(_ row: Int, _ name: String) -> Bool {
    let call = tree.calls[row]
    if !call.flags.isDisjoint(with: [.open, .lossInside, .entryMissing]) || leftOut.contains(name) { return true }
    return tree.isAtDepthLimit(row, deepest: deepest)
  }
}
