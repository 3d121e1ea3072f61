/// Compares the calls of two sides.
struct CallDiffer {
  private let before: CallForest
  private let after: CallForest
  private let matcher: CallMatcher
  private let minimum: Int
  private var movedBelow: [Int: [Int]] = [:]
  private var pairsBelow: [Int: [Int]] = [:]
  private var diff = CallDiff()

  /// - Parameters:
  ///   - before, after: the calls of each run.
  ///   - minimum: changes by fewer calls do not count.
  static func diff(_ before: [CallPaths], _ after: [CallPaths], minimum: Int) -> CallDiff {
    var differ = CallDiffer(CallForest(before), CallForest(after), minimum: minimum)
    guard let root = differ.matcher.pairs.first else { return differ.diff }
    _ = differ.emit(root, at: 0, level: 0)
    differ.prune()
    return differ.diff
  }

  private init(_ before: CallForest, _ after: CallForest, minimum: Int) {
    (self.before, self.after, self.minimum) = (before, after, minimum)
    matcher = CallMatcher(before, after)
    for (index, pair) in matcher.pairs.enumerated() where index > 0 {
      if pair.isMoved {
        movedBelow[after.nodes[pair.after[0]].parent, default: []].append(index)
      } else {
        pairsBelow[pair.parent, default: []].append(index)
      }
    }
  }

  // MARK: the tree of changes

  /// What stands below a pair or a node, with its place among its siblings.
  private enum Item {
    case pair(Int)
    case added(Int)
    case removed(Int)
    case inlinedBefore(Int)
    case inlinedAfter(Int)
  }

  private mutating func add(_ change: CallChange) -> Int {
    diff.changes.append(change)
    return diff.changes.count - 1
  }

  private mutating func emit(_ pair: CallMatcher.Pair, at index: Int, level: Int) -> Int {
    let place = add(change(for: pair, level: level))
    let isCut = pair.before.contains { before.nodes[$0].isCut } || pair.after.contains { after.nodes[$0].isCut }
    for item in items(of: pair, at: index) {
      let child = emit(item, level: level + 1, isCut: isCut)
      diff.changes[place].children.append(child)
    }
    return place
  }

  private mutating func emit(_ item: Item, level: Int, isCut: Bool) -> Int {
    switch item {
    case .pair(let index):
      let pair = matcher.pairs[index]
      let child = emit(pair, at: index, level: level)
      if isCut, diff.changes[child].kind == .count { judgeNot(child) }
      return child
    case .added(let node): return emitAlone(node, isAdded: true, level: level, isCut: isCut)
    case .removed(let node): return emitAlone(node, isAdded: false, level: level, isCut: isCut)
    case .inlinedBefore(let node): return add(inlined(before.nodes[node], isBefore: true, level: level))
    case .inlinedAfter(let node): return add(inlined(after.nodes[node], isBefore: false, level: level))
    }
  }

  private mutating func judgeNot(_ place: Int) {
    diff.changes[place].kind = .context
    diff.undecided += 1
  }

  /// A node without a counterpart, and what is below it.
  private mutating func emitAlone(_ node: Int, isAdded: Bool, level: Int, isCut: Bool) -> Int {
    let value = (isAdded ? after : before).nodes[node]
    let claims = isAdded ? matcher.pairAfter : matcher.pairBefore
    let isSteady = !value.counts.contains(0) && (value.counts.max() ?? 0) >= minimum
    if isCut, isSteady { diff.undecided += 1 }
    let place = add(
      CallChange(
        kind: isSteady && !isCut ? (isAdded ? .added : .removed) : .context, before: isAdded ? [] : [value.name],
        after: isAdded ? [value.name] : [], module: value.module, countsBefore: isAdded ? [] : value.counts,
        countsAfter: isAdded ? value.counts : [], timeBefore: DurationSample(isAdded ? [] : value.times),
        timeAfter: DurationSample(isAdded ? value.times : []), level: level))
    for child in value.children where claims[child] < 0 {
      let below = emitAlone(child, isAdded: isAdded, level: level + 1, isCut: isCut)
      let counts = isAdded ? diff.changes[below].countsAfter : diff.changes[below].countsBefore
      diff.changes[place].callsBelow += diff.changes[below].callsBelow + (counts.max() ?? 0)
      diff.changes[place].children.append(below)
    }
    guard isAdded else { return place }
    for index in movedBelow[node] ?? [] {
      let child = emit(matcher.pairs[index], at: index, level: level + 1)
      diff.changes[place].children.append(child)
    }
    return place
  }

  /// In the order of the calls after; what is gone stands behind what it followed before.
  private func items(of pair: CallMatcher.Pair, at index: Int) -> [Item] {
    var items: [(place: Double, item: Item)] = []
    for child in pairsBelow[index] ?? [] { items.append((Double(matcher.pairs[child].after[0]), .pair(child))) }
    let nodesAfter = pair.after + pair.inlinedAfter
    for node in nodesAfter {
      for child in movedBelow[node] ?? [] { items.append((Double(matcher.pairs[child].after[0]), .pair(child))) }
      for child in after.nodes[node].children where matcher.pairAfter[child] < 0 { items.append((Double(child), .added(child))) }
    }
    var place = 0.0
    for node in pair.before + pair.inlinedBefore {
      for child in before.nodes[node].children {
        let claim = matcher.pairBefore[child]
        if claim >= 0, let first = matcher.pairs[claim].after.first { place = Double(first) + 0.5 }
        if claim < 0 { items.append((place, .removed(child))) }
      }
    }
    for node in pair.inlinedAfter { items.append((Double(node), .inlinedAfter(node))) }
    for node in pair.inlinedBefore { items.append((0, .inlinedBefore(node))) }
    return items.sorted { $0.place < $1.place }.map(\.item)
  }

  // MARK: one place

  private func change(for pair: CallMatcher.Pair, level: Int) -> CallChange {
    let (old, new) = (before.counts(of: pair.before), after.counts(of: pair.after))
    var change = CallChange(
      kind: .context, before: pair.before.map { before.nodes[$0].name }, after: pair.after.map { after.nodes[$0].name },
      module: after.nodes[pair.after[0]].module ?? before.nodes[pair.before[0]].module, countsBefore: old, countsAfter: new,
      timeBefore: time(of: pair.before, in: before), timeAfter: time(of: pair.after, in: after), level: level)
    if pair.isMoved {
      change.kind = .moved
      let parent = before.nodes[pair.before[0]].parent
      change.movedFrom = parent >= 0 ? before.nodes[parent].name : nil
    } else if pair.parent >= 0, differ(old, new), !follows(pair, old, new) {
      change.kind = .count
    }
    return change
  }

  private func time(of nodes: [Int], in forest: CallForest) -> DurationSample {
    nodes.count == 1 ? DurationSample(forest.nodes[nodes[0]].times) : DurationSample([])
  }

  private func inlined(_ node: CallForest.Node, isBefore: Bool, level: Int) -> CallChange {
    CallChange(
      kind: .inlined, before: isBefore ? [node.name] : [], after: isBefore ? [] : [node.name], module: node.module,
      countsBefore: isBefore ? node.counts : [], countsAfter: isBefore ? [] : node.counts, timeBefore: DurationSample([]),
      timeAfter: DurationSample([]), level: level)
  }

  /// Whether the counts differ beyond what they differ from run to run.
  private func differ(_ old: [Int], _ new: [Int]) -> Bool {
    guard let least = old.min(), let most = old.max(), let newLeast = new.min(), let newMost = new.max() else { return false }
    if most < newLeast { return newLeast - most >= minimum }
    return least > newMost && least - newMost >= minimum
  }

  /// Whether the caller was called more or less often in the same measure: that is told of the caller.
  private func follows(_ pair: CallMatcher.Pair, _ old: [Int], _ new: [Int]) -> Bool {
    let caller = matcher.pairs[pair.parent]
    guard let callerOld = before.counts(of: caller.before).max(), let callerNew = after.counts(of: caller.after).max(),
      let own = old.max(), let ownNew = new.max()
    else { return false }
    return callerOld != callerNew && own.multipliedFullWidth(by: callerNew) == ownNew.multipliedFullWidth(by: callerOld)
  }

  // MARK: what matters

  /// Leaves the changes and the way to them.
  private mutating func prune() {
    let old = diff.changes
    var matters = old.map { $0.kind != .context }
    for place in old.indices.reversed() where old[place].children.contains(where: { matters[$0] }) { matters[place] = true }
    guard old.contains(where: { $0.kind != .context }) else {
      diff.changes = []
      return
    }
    var kept: [Int] = Array(repeating: -1, count: old.count)
    diff.changes = []
    for place in old.indices where matters[place] {
      kept[place] = diff.changes.count
      diff.changes.append(old[place])
    }
    for place in diff.changes.indices {
      diff.changes[place].children = diff.changes[place].children.filter { matters[$0] }.map { kept[$0] }
    }
  }
}
