/// Finds which call paths of two sides are the same.
struct CallMatcher {
  /// Paths that are one step on both sides. Several nodes on a side: functions that the other kernel has as one.
  struct Pair {
    var before: [Int]
    var after: [Int]
    /// The pair that it lies below; for one that moved, that of its place after. -1: the root.
    var parent: Int
    var isMoved = false
    /// Functions that one side does not call, while what they call is called by this pair.
    var inlinedBefore: [Int] = []
    var inlinedAfter: [Int] = []
  }

  let before: CallForest
  let after: CallForest
  private(set) var pairs: [Pair] = []
  /// The pair of each node, -1: none.
  private(set) var pairBefore: [Int]
  private(set) var pairAfter: [Int]

  init(_ before: CallForest, _ after: CallForest) {
    (self.before, self.after) = (before, after)
    pairBefore = Array(repeating: -1, count: before.nodes.count)
    pairAfter = Array(repeating: -1, count: after.nodes.count)
    guard !before.nodes.isEmpty, !after.nodes.isEmpty else { return }
    match(Pair(before: [0], after: [0], parent: -1))
    matchMoved()
  }

  /// Claims a pair and everything that matches below it.
  private mutating func match(_ pair: Pair) {
    var next = pairs.count
    claim(pair)
    while next < pairs.count {
      matchChildren(of: next)
      next += 1
    }
  }

  private mutating func claim(_ pair: Pair) {
    for node in pair.before { pairBefore[node] = pairs.count }
    for node in pair.after { pairAfter[node] = pairs.count }
    pairs.append(pair)
  }

  private func unclaimed(_ forest: CallForest, _ claims: [Int], below nodes: [Int]) -> [Int] {
    nodes.flatMap { forest.nodes[$0].children }.filter { claims[$0] < 0 }
  }

  private mutating func matchChildren(of pair: Int) {
    var old = unclaimed(before, pairBefore, below: pairs[pair].before)
    var new = unclaimed(after, pairAfter, below: pairs[pair].after)
    // Each round looks through one level of functions that a side has inlined.
    var groups = self.groups(old, new)
    for _ in 0..<4 {
      let opened = inlined(old, new, groups)
      guard !opened.before.isEmpty || !opened.after.isEmpty else { break }
      pairs[pair].inlinedBefore += opened.before
      pairs[pair].inlinedAfter += opened.after
      for node in opened.before { pairBefore[node] = pair }
      for node in opened.after { pairAfter[node] = pair }
      old = old.filter { pairBefore[$0] < 0 } + unclaimed(before, pairBefore, below: opened.before)
      new = new.filter { pairAfter[$0] < 0 } + unclaimed(after, pairAfter, below: opened.after)
      groups = self.groups(old, new)
    }
    for group in groups where !group.before.isEmpty && !group.after.isEmpty {
      claim(Pair(before: group.before, after: group.after, parent: pair))
    }
  }

  // MARK: one step under several names

  /// The nodes in groups of one step; a group of one side only has no counterpart.
  private func groups(_ old: [Int], _ new: [Int]) -> [(before: [Int], after: [Int])] {
    var groups: [(before: [Int], after: [Int])] = []
    var byKey: [String: [Int]] = [:]
    for node in new { byKey[after.nodes[node].key, default: []].append(node) }
    var leftOld: [Int] = []
    var oldByKey: [String: [Int]] = [:]
    for node in old { oldByKey[before.nodes[node].key, default: []].append(node) }
    var taken: Set<Int> = []
    for node in old where !taken.contains(node) {
      let same = oldByKey[before.nodes[node].key] ?? [node]
      taken.formUnion(same)
      if let counterpart = byKey.removeValue(forKey: before.nodes[node].key) {
        groups.append((same, counterpart))
      } else {
        leftOld += same
      }
    }
    let leftNew = new.filter { byKey[after.nodes[$0].key] != nil }
    return groups + aliasGroups(leftOld, leftNew)
  }

  /// Groups by the catalogue's renames, which may make one function of two.
  private func aliasGroups(_ old: [Int], _ new: [Int]) -> [(before: [Int], after: [Int])] {
    var groups: [(before: [Int], after: [Int])] = []
    // Few functions have other names: only those that have are compared.
    var places: [String: [Int]] = [:]
    for (place, node) in new.enumerated() { places[after.nodes[node].key, default: []].append(place) }
    for node in old {
      let partners = Self.names(before.nodes[node]).flatMap { places[$0] ?? [] }.sorted().map { new[$0] }
        .filter { CallForest.isSame(before.nodes[node], after.nodes[$0]) }
      let touching = partners.isEmpty ? [] : groups.indices.filter { !groups[$0].after.filter(partners.contains).isEmpty }
      var merged = (before: [node], after: partners)
      for index in touching.reversed() {
        let group = groups.remove(at: index)
        merged.before = group.before + merged.before
        merged.after = group.after + merged.after.filter { !group.after.contains($0) }
      }
      groups.append(merged)
    }
    return groups
  }

  // MARK: inlining

  /// Functions without a counterpart whose callees all are callees of the other side's caller.
  private func inlined(_ old: [Int], _ new: [Int], _ groups: [(before: [Int], after: [Int])]) -> (before: [Int], after: [Int]) {
    let loneOld = groups.filter(\.after.isEmpty).flatMap(\.before)
    let paired = Set(groups.filter { !$0.before.isEmpty }.flatMap(\.after))
    let loneNew = new.filter { !paired.contains($0) }
    guard !loneOld.isEmpty || !loneNew.isEmpty else { return ([], []) }
    func keys(_ nodes: [Int], _ forest: CallForest) -> Set<String> { Set(nodes.map { forest.nodes[$0].key }) }
    let (oldKeys, newKeys) = (keys(old, before), keys(new, after))
    let (loneOldKeys, loneNewKeys) = (keys(loneOld, before), keys(loneNew, after))
    return (
      loneOld.filter { isInlined($0, in: before, loneNewKeys, all: newKeys) },
      loneNew.filter { isInlined($0, in: after, loneOldKeys, all: oldKeys) }
    )
  }

  /// Most of what the node calls is called by the other side's caller, and some of it has no other counterpart.
  private func isInlined(_ node: Int, in forest: CallForest, _ lone: Set<String>, all: Set<String>) -> Bool {
    let node = forest.nodes[node]
    guard node.isOwn, !node.children.isEmpty, !node.isCut else { return false }
    func isThere(_ key: String, _ keys: Set<String>) -> Bool { !keys.isDisjoint(with: Catalogue.names(ofStep: key)) }
    // Of KVM's own callees if there are any: others are called from many places.
    let own = node.children.filter { forest.nodes[$0].isOwn }
    let telling = own.isEmpty ? node.children : own
    let found = telling.count { isThere(forest.nodes[$0].key, all) }
    return (own.isEmpty ? found == telling.count : found * 2 >= telling.count)
      && telling.contains { isThere(forest.nodes[$0].key, lone) }
  }

  // MARK: moves

  /// KVM's functions, and those that show a stage, which are called at one place on each side: from different callers.
  private mutating func matchMoved() {
    var places: [String: [Int]] = [:]
    for (node, value) in before.nodes.enumerated() where canMove(value) && pairBefore[node] < 0 {
      places[value.key, default: []].append(node)
    }
    var newPlaces: [String: Int] = [:]
    for (node, value) in after.nodes.enumerated() where canMove(value) && pairAfter[node] < 0 { newPlaces[value.key, default: 0] += 1 }
    for node in after.nodes.indices where pairAfter[node] < 0 && canMove(after.nodes[node]) {
      let old = Self.names(after.nodes[node]).flatMap { places[$0] ?? [] }
      guard old.count == 1, pairBefore[old[0]] < 0 else { continue }
      let counterparts = Self.names(before.nodes[old[0]]).reduce(0) { $0 + (newPlaces[$1] ?? 0) }
      guard counterparts == 1 else { continue }
      match(Pair(before: old, after: [node], parent: nearestPair(above: node), isMoved: true))
    }
  }

  /// The keys under which the other side may have the step.
  private static func names(_ node: CallForest.Node) -> Set<String> {
    Set([node.key] + Catalogue.otherNames(of: node.name).map(CallForest.key))
  }

  private func canMove(_ node: CallForest.Node) -> Bool { node.isOwn || Self.markers.contains(node.name) }

  private static let markers: Set<String> = Set(Catalogue.stages.flatMap(\.forms).flatMap(\.shownBy))

  private func nearestPair(above node: Int) -> Int {
    var parent = after.nodes[node].parent
    while parent >= 0, pairAfter[parent] < 0 { parent = after.nodes[parent].parent }
    return parent >= 0 ? pairAfter[parent] : -1
  }
}
