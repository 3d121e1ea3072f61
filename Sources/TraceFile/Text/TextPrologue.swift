/// The columns of one line of a function_graph text, in front of the call.
struct TextPrologue {
  /// Nanoseconds; 0 without a time column.
  var time: UInt64 = 0
  /// -1 without the CPU column.
  var cpu: Int32 = -1
  /// `GraphEvent.unknownPID` without the task column.
  var pid: Int32 = -1
  var comm = 0..<0
  /// Nanoseconds, or nil for an empty or missing column.
  var duration: UInt64?
  /// Where the call's indentation starts.
  var end = 0

  /// The greatest CPU number that is believed.
  static let maximumCPU: UInt64 = 65_535
  private static let maximumSeconds: UInt64 = 10_000_000_000

  /// Reads `columns` from the start of `line`, or gives nil when they are not there.
  @inline(__always)
  init?(_ line: TextBytes, columns: TextColumns) {
    if columns.contains(.time) { guard readTime(line) else { return nil } }
    if columns.contains(.relativeTime) { guard readRelativeTime(line) else { return nil } }
    if columns.contains(.cpu) { guard readCPU(line) else { return nil } }
    if columns.contains(.task) { guard readTask(line) else { return nil } }
    if columns.contains(.flags) { guard readFlags(line) else { return nil } }
    if columns.contains(.duration) { guard readDuration(line) else { return nil } }
  }

  /// Reads a duration column alone, from `start`: trace-cmd's lines have their own columns in front of it.
  @inline(__always)
  init?(durationIn line: TextBytes, from start: Int) {
    end = start
    guard readDuration(line) else { return nil }
  }

  @inline(__always)
  private mutating func readTime(_ line: TextBytes) -> Bool {
    var at = line.skippingSpaces(end)
    guard let seconds = line.decimal(&at), seconds <= Self.maximumSeconds, line[at] == .dot else { return false }
    let point = at
    at += 1
    guard let fraction = line.decimal(&at), at - point == 7, line.has(" |  ", at: at) else { return false }
    time = seconds * 1_000_000_000 + fraction * 1000
    end = at + 4
    return true
  }

  private mutating func readRelativeTime(_ line: TextBytes) -> Bool {
    var at = line.skippingSpaces(end)
    guard let microseconds = line.decimal(&at), line.has(" us |  ", at: at) else { return false }
    if time == 0 { time = microseconds &* 1000 }
    end = at + 7
    return true
  }

  @inline(__always)
  private mutating func readCPU(_ line: TextBytes) -> Bool {
    var at = line.skippingSpaces(end)
    guard let number = line.decimal(&at), number <= Self.maximumCPU else { return false }
    guard line[at] == .closeParenthesis, line[at + 1] == .space else { return false }
    cpu = Int32(truncatingIfNeeded: number)
    end = at + 2
    return true
  }

  /// `comm-pid`, centred in 14 columns, wider for a long PID; the command can hold blanks, bars and dashes.
  @inline(__always)
  private mutating func readTask(_ line: TextBytes) -> Bool {
    for width in 14..<20 where line.has(" | ", at: end + width) {
      guard let task = TextTask(line, from: end, to: end + width) else { return false }
      pid = task.pid
      comm = task.comm
      end += width + 3
      return true
    }
    return false
  }

  private mutating func readFlags(_ line: TextBytes) -> Bool {
    guard line[end] == .space else { return false }
    var at = end + 1
    while line[at] > .space, line[at] != .bar, at - end < 12 { at += 1 }
    guard at > end + 2, line.has(" | ", at: at) else { return false }
    end = at + 3
    return true
  }

  @inline(__always)
  private mutating func readDuration(_ line: TextBytes) -> Bool {
    var at = line.skippingSpaces(end)
    switch line[at] {
    case .bar: break
    case .equals, .less:
      // The arrows of interrupts stand across this column.
      end = at
      return true
    default:
      if !line[at].isDigit {
        guard Self.isMark(line[at]) else { return false }
        at = line.skippingSpaces(at + 1)
      }
      guard let value = Self.microseconds(line, &at), line.has(" us", at: at) else { return false }
      duration = value
      at = line.skippingSpaces(at + 3)
    }
    guard line[at] == .bar, line[at + 1] == .space, line[at + 2] == .space else { return false }
    end = at + 3
    return true
  }

  /// Overhead marks, from more than 10 microseconds to more than a second.
  @inline(__always)
  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "!"), .hash, .star, UInt8(ascii: "@"), UInt8(ascii: "$"): true
    default: false
    }
  }

  /// `12.345`, `1234.5`, `1234567`: nanoseconds.
  @inline(__always)
  private static func microseconds(_ line: TextBytes, _ index: inout Int) -> UInt64? {
    guard let whole = line.decimal(&index), whole < 10_000_000_000_000_000 else { return nil }
    var nanoseconds = whole * 1000
    guard line[index] == .dot else { return nanoseconds }
    index += 1
    var unit: UInt64 = 100
    while line[index].isDigit {
      nanoseconds += UInt64(line[index] - .zero) * unit
      unit /= 10
      index += 1
    }
    return nanoseconds
  }
}
