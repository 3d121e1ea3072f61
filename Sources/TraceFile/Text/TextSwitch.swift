/// ` 1)  modprob-97   =>   bash-12 `: the task of a CPU changed.
struct TextSwitch {
  var cpu: Int
  var from: TextTask
  var to: TextTask

  /// Longer lines are none: a command has 15 bytes at most.
  private static let maximumLength = 128

  init?(_ line: TextBytes) {
    guard line.count <= Self.maximumLength else { return nil }
    var at = line.skippingSpaces(0)
    guard let cpu = line.decimal(&at), cpu <= TextPrologue.maximumCPU, line.has(") ", at: at) else { return nil }
    self.cpu = Int(cpu)
    let left = at + 2
    // A command can hold the arrow itself: both sides must end with a PID.
    var search = left
    while let arrow = line.firstRange(of: " => ", from: search) {
      if let from = TextTask(line, from: left, to: arrow.lowerBound),
        let to = TextTask(line, from: arrow.upperBound, to: line.endWithoutSpaces)
      {
        self.from = from
        self.to = to
        return
      }
      search = arrow.lowerBound + 1
    }
    return nil
  }

  /// ` ------------------------------------------`: stands above and below a change of task.
  static func isRule(_ line: TextBytes) -> Bool {
    let rule = line.trimmed
    guard rule.count >= 4 else { return false }
    for index in 0..<rule.count where rule[index] != .minus { return false }
    return true
  }

  /// The task that ran on each CPU before the first change, from the whole text.
  static func firstTasks(_ text: TextBytes) -> [Int: Int32] {
    var tasks: [Int: Int32] = [:]
    var search = 0
    // The rarest byte of an arrow first.
    while let tip = text.firstIndex(of: UInt8(ascii: ">"), from: search) {
      search = tip + 1
      guard text.has(" => ", at: tip - 2) else { continue }
      let before = text.slice(tip - maximumLength, tip)
      let start = tip - before.count + (before.lastIndex(of: .newline, before: before.count) ?? -1) + 1
      let after = text.slice(tip, tip + maximumLength)
      let end = tip + (after.firstIndex(of: .newline) ?? after.count)
      guard let change = TextSwitch(text.slice(start, end)) else { continue }
      if tasks[change.cpu] == nil { tasks[change.cpu] = change.from.pid }
    }
    return tasks
  }
}
