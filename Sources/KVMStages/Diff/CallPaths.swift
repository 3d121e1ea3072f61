/// How often each path of calls below a run's init function was taken, in one run.
struct CallPaths: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    /// Without compiler suffixes; by its place where the function's own name is gone.
    var name: String
    var module: String?
    /// A function of KVM, not of the kernel around it.
    var isOwn: Bool
    var parent: Int
    var count: Int
    /// Sum of the measured durations in nanoseconds, nil when one of them is not known.
    var durationNS: UInt64?
    /// Calls below it are missing or without a name: what it calls cannot be compared.
    var isCut: Bool
  }

  /// Parents before their children; the first is the function that everything hangs below.
  var nodes: [Node] = []
  /// Paths deeper than this end there; function_graph itself records no more than some 50 levels.
  static let deepest = 200

  /// The paths below the first call of `name`, or nil when there is none.
  func below(_ name: String) -> CallPaths? {
    guard let root = nodes.firstIndex(where: { Catalogue.sameStep($0.name, name) }) else { return nil }
    var places: [Int: Int] = [root: 0]
    var paths = CallPaths()
    for (index, node) in nodes.enumerated() where index == root || places[node.parent] != nil {
      var node = node
      node.parent = index == root ? -1 : places[node.parent] ?? -1
      places[index] = paths.nodes.count
      paths.nodes.append(node)
    }
    return paths
  }
}
