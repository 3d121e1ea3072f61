/// What stands in front of every event in `trace-cmd report`: `modprobe-97    [001]    13.297434: funcgraph_entry:`.
struct TextReportHead {
  var pid: Int32 = 0
  var comm = 0..<0
  var cpu = 0
  /// Nanoseconds.
  var time: UInt64 = 0
  var fractionDigits = 0
  var name = 0..<0
  /// Where the event's text starts, with the blanks that align it.
  var end = 0

  @inline(__always)
  init?(_ line: TextBytes) {
    // "%16s-%-5d [%03d]", or "%8.8s-%-5d %3d" followed by the latency flags
    if readTask(line, dash: 16) || readTask(line, dash: 8) {
      if readRest(line) { return }
    }
    guard readWideTask(line) else { return nil }
  }

  @inline(__always)
  private mutating func readTask(_ line: TextBytes, dash: Int) -> Bool {
    guard line[dash] == .minus, line[dash + 1].isDigit else { return false }
    var at = dash + 1
    guard let number = line.decimal(&at), line[at] == .space, let pid = Int32(exactly: number) else { return false }
    self.pid = pid
    comm = min(line.skippingSpaces(0), dash)..<dash
    at = line.skippingSpaces(at)
    let isBracketed = line[at] == .openBracket
    if isBracketed { at += 1 }
    guard let cpu = line.decimal(&at), cpu <= TextPrologue.maximumCPU else { return false }
    if isBracketed {
      guard line[at] == .closeBracket else { return false }
      at += 1
    }
    self.cpu = Int(cpu)
    end = at
    return true
  }

  /// A line with the name of a file or of an instance in front, or cut at its start.
  private mutating func readWideTask(_ line: TextBytes) -> Bool {
    // The head of a line is short: what a hostile line can cost is bounded.
    let line = line.slice(0, 512)
    var dash = 0
    while let found = line.firstIndex(of: .minus, from: dash) {
      if readTask(line, dash: found), readRest(line) {
        let start = line.slice(0, found).lastRange(of: ": ")?.upperBound ?? 0
        comm = min(line.skippingSpaces(start), found)..<found
        return true
      }
      dash = found + 1
    }
    return false
  }

  /// Latency flags, time, and name.
  @inline(__always)
  private mutating func readRest(_ line: TextBytes) -> Bool {
    var at = end
    if line[at] > .space {
      while line[at] > .space { at += 1 }
    }
    at = line.skippingSpaces(at)
    if !line[at].isDigit || !readTime(line, at) {
      while line[at] > .space { at += 1 }
      at = line.skippingSpaces(at)
      guard readTime(line, at) else { return false }
    }
    return readName(line)
  }

  /// `13.297434:`, `13.297434123:`, or the plain count of another clock.
  @inline(__always)
  private mutating func readTime(_ line: TextBytes, _ start: Int) -> Bool {
    var at = start
    guard let whole = line.decimal(&at) else { return false }
    if line[at] == .dot {
      let point = at
      at += 1
      guard var fraction = line.decimal(&at), whole <= 10_000_000_000 else { return false }
      fractionDigits = at - point - 1
      guard fractionDigits <= 9 else { return false }
      for _ in fractionDigits..<9 { fraction *= 10 }
      time = whole * 1_000_000_000 + fraction
    } else {
      time = whole
    }
    guard line[at] == .colon, line[at + 1] == .space else { return false }
    end = at + 1
    return true
  }

  @inline(__always)
  private mutating func readName(_ line: TextBytes) -> Bool {
    var at = line.skippingSpaces(end)
    // --ts-diff puts the time since the last event in front.
    if line[at] == .openParenthesis, line[at + 1] == UInt8(ascii: "+") {
      while line[at] > .space { at += 1 }
      at = line.skippingSpaces(at)
    }
    let start = at
    while line[at] > .space, line[at] != .colon { at += 1 }
    guard at > start, line[at] == .colon else { return false }
    name = start..<at
    end = at + 1
    return true
  }

  /// Nanoseconds per last digit of the times in `lines`; nil: they are counts of a clock that does not count nanoseconds.
  static func resolution(_ lines: TextLines) -> UInt64? {
    var lines = lines
    for _ in 0..<1000 {
      guard let line = lines.next() else { break }
      guard let head = TextReportHead(line) else { continue }
      return switch head.fractionDigits {
      case 0: nil
      case 6: 1000
      default: 1
      }
    }
    return 1000
  }
}
