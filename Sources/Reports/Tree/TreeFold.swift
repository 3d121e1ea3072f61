import CallTrees
import KVMStages

/// Sibling calls that are shown as one line.
struct TreeFold {
  enum Kind: Hashable {
    /// Locks, allocations and the like.
    case noise
    case interrupts
    /// Calls of one function, one after the other.
    case same
    /// As `same`, with calls below: the first is shown, these are the others.
    case more
  }

  var kind: Kind
  var rows: Range<Int>
  var first: Int
  var time = TimeSum()

  /// Calls below the folded ones.
  var callsBelow: Int { rows.count - time.count }
}

/// Finds the folds of a call tree. Each look ahead costs one hop per sibling.
struct TreeFolder {
  let section: TreeSection
  let functions: [Function]
  /// Calls of one function that are folded, at least.
  private static let leastSame = 4

  private var tree: CallTree { section.task.tree }

  /// The fold that begins at `row`, whose siblings end at `end`.
  func fold(at row: Int, end: Int) -> TreeFold? {
    if let kind = folding(row) { return run(of: kind, from: row, end: end) }
    return sameCalls(from: row, end: end)
  }

  private func kind(_ row: Int) -> FunctionKind {
    let index = Int(tree.calls[row].function.index)
    return functions.indices.contains(index) ? functions[index].kind : .ordinary
  }

  /// Whether the call at `row` folds by what it is. A stage in it, or something mended, keeps it visible.
  private func folding(_ row: Int) -> TreeFold.Kind? {
    let kind: TreeFold.Kind
    switch self.kind(row) {
    case .noise: kind = .noise
    case .interrupt: kind = .interrupts
    case .ordinary, .sleep: return nil
    }
    guard tree.calls[row].flags.isDisjoint(with: .mended) else { return nil }
    return section.marks(in: tree.subtree(of: row)).isEmpty ? kind : nil
  }

  private func run(of kind: TreeFold.Kind, from first: Int, end: Int) -> TreeFold {
    var fold = TreeFold(kind: kind, rows: first..<first, first: first)
    var row = first
    while row < end, folding(row) == kind {
      fold.time.add(tree.calls[row].measuredDuration)
      row = tree.subtree(of: row).upperBound
      fold.rows = first..<min(row, end)
    }
    return fold
  }

  // MARK: repeated calls

  private func sameCalls(from first: Int, end: Int) -> TreeFold? {
    guard isPlain(first, like: first) else { return nil }
    var fold = TreeFold(kind: .same, rows: first..<first, first: first)
    var row = first
    while row < end, isPlain(row, like: first) {
      fold.time.add(tree.calls[row].measuredDuration)
      row = tree.subtree(of: row).upperBound
      fold.rows = first..<min(row, end)
    }
    guard fold.time.count >= Self.leastSame else { return nil }
    if fold.callsBelow > 0 { return others(of: fold) }
    return fold
  }

  /// The fold without its first call.
  private func others(of fold: TreeFold) -> TreeFold {
    var others = TreeFold(kind: .more, rows: tree.subtree(of: fold.first).upperBound..<fold.rows.upperBound, first: fold.first)
    var row = others.rows.lowerBound
    while row < others.rows.upperBound {
      others.time.add(tree.calls[row].measuredDuration)
      row = tree.subtree(of: row).upperBound
    }
    return others
  }

  /// Whether the call at `row` says nothing that the one at `first` does not say: same function, same stage, nothing irregular.
  private func isPlain(_ row: Int, like first: Int) -> Bool {
    let call = tree.calls[row]
    guard call.function == tree.calls[first].function, call.flags.isDisjoint(with: [.open, .entryMissing, .depthGap, .lossInside]) else {
      return false
    }
    let marks = section.marks(in: tree.subtree(of: row))
    guard marks.count <= 1 else { return false }
    guard marks.allSatisfy({ $0.row == row && (row == first || !$0.isFirst) }) else { return false }
    guard let value = tree.returnValues[UInt32(truncatingIfNeeded: row)] else { return true }
    return !ReturnValue(value).isError
  }
}
