import CallTrees

/// Self times by stack: how long each path of calls ran, without what it called.
struct StackSums {
  private struct Node {
    var label: Int
    var selfNS: UInt64
    /// The last callee that was met, and the next one of the same caller: -1 for none.
    var firstChild: Int32 = -1
    var sibling: Int32 = -1
  }

  private struct Key: Hashable {
    var parent: Int32
    var label: Int
  }

  private var nodes: [Node] = [Node(label: -1, selfNS: 0)]
  private var places: [Key: Int32] = [:]
  /// What frames are called, each once.
  private(set) var labels: [[UInt8]] = []
  private var labelPlaces: [[UInt8]: Int] = [:]
  private let render: (String) -> [UInt8]

  /// - Parameter render: makes what a frame is called of a name; names that it makes the same are the same frame.
  init(render: @escaping (String) -> [UInt8]) { self.render = render }

  // MARK: taking calls

  private mutating func label(_ name: String) -> Int {
    let label = render(name)
    if let place = labelPlaces[label] { return place }
    labels.append(label)
    labelPlaces[label] = labels.count - 1
    return labels.count - 1
  }

  private mutating func node(_ parent: Int32, _ label: Int) -> Int32 {
    let key = Key(parent: parent, label: label)
    if let place = places[key] { return place }
    let place = Int32(truncatingIfNeeded: nodes.count)
    nodes.append(Node(label: label, selfNS: 0, sibling: nodes[Int(parent)].firstChild))
    nodes[Int(parent)].firstChild = place
    places[key] = place
    return place
  }

  /// Adds the calls of a recording.
  mutating func add(_ recording: Recording) {
    let functions = recording.functions.map { label($0.displayName) }
    let unknown = label("?")
    for task in recording.tasks where !task.tree.calls.isEmpty {
      add(task.tree, below: node(0, label(TaskLabel(task).comm))) { index in index < functions.count ? functions[index] : unknown }
    }
  }

  private mutating func add(_ tree: CallTree, below root: Int32, _ label: (Int) -> Int) {
    /// The calls that are open at a row: where the subtree ends, the stack's node, the measured time that callees have not taken, and the
    /// place of the innermost measured one, which may be the call itself: -1 for none.
    var open: [(end: Int, node: Int32, rest: UInt64, measured: Int)] = []
    func close(_ nodes: inout [Node]) {
      guard let call = open.popLast() else { return }
      nodes[Int(call.node)].selfNS = nodes[Int(call.node)].selfNS &+ call.rest
    }
    for row in tree.calls.indices {
      let call = tree.calls[row]
      while let last = open.last, last.end <= row { close(&nodes) }
      let node = node(open.last?.node ?? root, label(Int(call.function.index)))
      let caller = open.last?.measured ?? -1
      if let duration = call.measuredDuration {
        if caller >= 0 { open[caller].rest -= min(open[caller].rest, duration) }
        open.append((end: Int(call.subtreeEnd), node: node, rest: duration, measured: open.count))
      } else {
        open.append((end: Int(call.subtreeEnd), node: node, rest: 0, measured: caller))
      }
    }
    while !open.isEmpty { close(&nodes) }
  }

  // MARK: giving stacks

  /// Gives each stack with a self time, as places in `labels`: callers before what they call, siblings by their bytes.
  func walk(_ body: (_ frames: [Int], _ selfNS: UInt64) -> Void) {
    let rank = ranks
    var path: [Int] = []
    /// Nodes to visit, the next one last, with their depth.
    var waiting = children(of: 0, by: rank).map { (node: $0, depth: 0) }
    while let (place, depth) = waiting.popLast() {
      let node = nodes[Int(place)]
      path.removeSubrange(depth...)
      path.append(node.label)
      if node.selfNS > 0 { body(path, node.selfNS) }
      waiting += children(of: place, by: rank).map { (node: $0, depth: depth + 1) }
    }
  }

  private var ranks: [Int] {
    var ranks = [Int](repeating: 0, count: labels.count)
    let order = labels.indices.sorted { labels[$0].lexicographicallyPrecedes(labels[$1]) }
    for (rank, label) in order.enumerated() { ranks[label] = rank }
    return ranks
  }

  /// Callees in descending order: they are taken from the end.
  private func children(of place: Int32, by rank: [Int]) -> [Int32] {
    var children: [Int32] = []
    var next = nodes[Int(place)].firstChild
    while next >= 0 {
      children.append(next)
      next = nodes[Int(next)].sibling
    }
    return children.sorted { rank[nodes[Int($0)].label] > rank[nodes[Int($1)].label] }
  }
}
