/// The call paths of all runs of one side, laid over each other.
struct CallForest {
  struct Node {
    var name: String
    /// The name by which the same step is known in builds of another kernel: `alloc_workqueue` for `alloc_workqueue_noprof`.
    var key: String
    var module: String?
    var isOwn: Bool
    var parent: Int
    /// One per run.
    var counts: [Int]
    /// Summed durations in nanoseconds of the runs that have them.
    var times: [UInt64]
    var isCut: Bool
    var children: [Int] = []
  }

  /// Parents before their children; the first is the root.
  private(set) var nodes: [Node] = []
  let runs: Int

  init(_ paths: [CallPaths]) {
    runs = paths.count
    var known: [Int: [String: Int]] = [:]
    for (run, paths) in paths.enumerated() {
      var place: [Int] = []
      for node in paths.nodes {
        let parent = node.parent < 0 ? -1 : place[node.parent]
        let own = parent < 0 ? (nodes.isEmpty ? nil : 0) : known[parent]?[node.name]
        let index = own ?? add(node, below: parent)
        if parent >= 0 { known[parent, default: [:]][node.name] = index }
        nodes[index].counts[run] += node.count
        if let time = node.durationNS { nodes[index].times.append(time) }
        if node.isCut { nodes[index].isCut = true }
        place.append(index)
      }
    }
  }

  private mutating func add(_ node: CallPaths.Node, below parent: Int) -> Int {
    nodes.append(
      Node(
        name: node.name, key: Self.key(node.name), module: node.module, isOwn: node.isOwn, parent: parent,
        counts: Array(repeating: 0, count: runs), times: [], isCut: false))
    if parent >= 0 { nodes[parent].children.append(nodes.count - 1) }
    return nodes.count - 1
  }

  /// Since 6.10, allocating functions have names that end so.
  static func key(_ name: String) -> String { name.hasSuffix("_noprof") ? String(name.dropLast("_noprof".count)) : name }

  static func isSame(_ one: Node, _ other: Node) -> Bool { one.key == other.key || Catalogue.sameStep(one.name, other.name) }

  /// Calls of the nodes, by run.
  func counts(of group: [Int]) -> [Int] {
    group.reduce(into: Array(repeating: 0, count: runs)) { sums, node in
      for run in sums.indices { sums[run] += nodes[node].counts[run] }
    }
  }
}
