/// `comm-pid`. The command can hold dashes, blanks, brackets: the PID is what follows the last dash.
struct TextTask {
  var pid: Int32
  var comm: Range<Int>

  @inline(__always)
  init?(_ line: TextBytes, from start: Int, to end: Int) {
    var at = end
    while at > start, line[at - 1] == .space { at -= 1 }
    let last = at
    var unit: UInt64 = 1
    var number: UInt64 = 0
    while at > start, line[at - 1].isDigit, last - at < 10 {
      number += UInt64(line[at - 1] - .zero) * unit
      unit *= 10
      at -= 1
    }
    guard at < last, at > start, line[at - 1] == .minus, number <= UInt64(Int32.max) else { return nil }
    pid = Int32(truncatingIfNeeded: number)
    comm = min(line.skippingSpaces(start), at - 1)..<at - 1
  }
}
