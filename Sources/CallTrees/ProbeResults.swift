extension Recording {
  /// Gives calls the return values that return probes tell of, where the calls' own records have none.
  ///
  /// A return probe fires when its function returns: its handler runs inside the function or just after it, and may itself be in the
  /// trace. So the call is one of the innermost ones at that place, or one that they had just left.
  public mutating func takeProbeResults() {
    var budget = 1_000_000 + Self.stepsPerEvent * events.count
    var indices: [Int32: Int] = [:]
    for (index, task) in tasks.enumerated() {
      // The idle tasks share a number.
      if let pid = task.pid, pid != 0 { indices[pid] = index }
    }
    for event in events {
      guard case .probe(let name, let function, let result?) = event.payload, let pid = event.pid, let index = indices[pid] else {
        continue
      }
      guard let row = probedRow(name, function, event, in: tasks[index].tree, budget: &budget) else { continue }
      let key = UInt32(truncatingIfNeeded: row)
      if tasks[index].tree.returnValues[key] == nil { tasks[index].tree.returnValues[key] = result }
    }
    if budget <= 0 {
      damage.append(Damage(message: "the calls of its return probes take too long to find: not all of them are looked for"))
    }
  }

  /// Steps that may be taken for all events together, for each of them: a probe takes some ten where its call is in the trace, some thirty
  /// where it is not.
  private static let stepsPerEvent = 100

  /// Levels that are looked at: a probe's handler is some calls deep.
  private static let reach = 8

  private func probedRow(
    _ name: String, _ function: UInt64?, _ event: TraceEvent, in tree: CallTree, budget: inout Int
  ) -> Int? {
    var inner = event.row
    var row = event.within
    for _ in 0..<Self.reach where budget > 0 {
      if let row, isProbed(row, name, function, in: tree) { return row }
      if let left = lastCall(of: row, before: inner, in: tree, budget: &budget), isProbed(left, name, function, in: tree) { return left }
      guard let current = row, tree.calls.indices.contains(current) else { return nil }
      inner = current
      let parent = Int(tree.calls[current].parent)
      row = parent >= 0 ? parent : nil
    }
    return nil
  }

  /// The last call directly below `row` before row `end`. Interrupts may have come between its return and the probe's handler.
  private func lastCall(of row: Int?, before end: Int, in tree: CallTree, budget: inout Int) -> Int? {
    var end = end
    for _ in 0..<Self.reach {
      guard let left = tree.lastChild(of: row, before: end, budget: &budget) else { return nil }
      if kind(tree.calls[left].function) != .interrupt { return left }
      end = left
    }
    return nil
  }

  private func isProbed(_ row: Int, _ name: String, _ address: UInt64?, in tree: CallTree) -> Bool {
    guard tree.calls.indices.contains(row) else { return false }
    let called = function(tree.calls[row].function)
    if let address, let entry = called.address { return entry >= address && entry - address <= Function.entryReach }
    return called.name.map { name == $0 || (name.utf8.count > $0.utf8.count && name.hasSuffix("_" + $0)) } ?? false
  }
}

extension CallTree {
  /// The last call directly below `row` (a root, for nil) of those before row `end`.
  fileprivate func lastChild(of row: Int?, before end: Int, budget: inout Int) -> Int? {
    let parent = row ?? -1
    var current = min(end, calls.count) - 1
    // The kernel keeps the calls that it follows in a page, 48 bytes or more for each: none is as deep.
    var steps = 100
    while current > parent, steps > 0 {
      steps -= 1
      budget -= 1
      let next = Int(calls[current].parent)
      if next == parent || (row == nil && next < 0) { return current }
      current = next
    }
    return nil
  }
}
