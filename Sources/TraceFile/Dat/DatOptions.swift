import CallTrees

/// What the options of a trace-cmd file say.
struct DatOptions {
  /// Options with their numbers in the file. Those that are not named are passed over by their length.
  enum ID {
    static let done: UInt16 = 0
    static let date: UInt16 = 1
    static let cpuStatistics: UInt16 = 2
    static let buffer: UInt16 = 3
    static let traceClock: UInt16 = 4
    static let uname: UInt16 = 5
    static let offset: UInt16 = 7
    static let cpuCount: UInt16 = 8
    static let version: UInt16 = 9
    static let traceID: UInt16 = 11
    static let tscToNanoseconds: UInt16 = 14
    static let strings: UInt16 = 15
    static let headerInfo: UInt16 = 16
    static let ftraceFormats: UInt16 = 17
    static let eventFormats: UInt16 = 18
    static let kallsyms: UInt16 = 19
    static let printkFormats: UInt16 = 20
    static let commandLines: UInt16 = 21
    static let bufferText: UInt16 = 22

    /// Options of version 7 that say where a section is.
    static let sections = headerInfo...commandLines
  }

  /// A BUFFER option, not yet looked into.
  struct RawBuffer {
    var isText: Bool
    var cursor: ByteCursor
  }

  private(set) var kernel: String?
  private(set) var machine: String?
  private(set) var host: String?
  private(set) var clock: String?
  /// There is an option of the clock, empty or not: in version 6 the clock's text then stands behind the list of CPUs, too.
  private(set) var tellsClock = false
  private(set) var cpuCount: Int?
  private(set) var recorder: RecordingFacts?
  private(set) var clockFix = ClockFix()
  private(set) var buffers: [RawBuffer] = []
  /// Where the sections of version 7 are, by id.
  private(set) var sections: [UInt16: UInt64] = [:]
  /// Events that the top buffer lost, by CPU.
  private(set) var lostEvents: [Int: UInt64] = [:]
  /// The statistics of an instance follow a line with its name.
  private var statisticsOfInstance = false

  /// The data of the option whose id was read: its size comes first.
  static func next(_ cursor: inout ByteCursor) throws(CutOff) -> ByteCursor {
    let size = try cursor.u32()
    let origin = cursor.offset
    return ByteCursor(try cursor.take(UInt64(size)), order: cursor.order, origin: origin)
  }

  /// Takes one option; `option` is over its data.
  mutating func take(_ id: UInt16, _ option: ByteCursor) throws(CutOff) {
    var cursor = option
    switch id {
    case ID.date:
      // Microseconds between the trace clock and the time of day; trace-cmd report adds them too.
      clockFix.offset &+= Self.number(Self.text(cursor)) &* 1000
    case ID.offset: clockFix.offset &+= Self.number(Self.text(cursor))
    case ID.cpuStatistics: takeStatistics(Self.text(cursor))
    case ID.buffer, ID.bufferText: buffers.append(RawBuffer(isText: id == ID.bufferText, cursor: cursor))
    case ID.traceClock:
      tellsClock = true
      takeClock(cursor)
    case ID.uname: takeUname(Self.text(cursor))
    case ID.cpuCount: cpuCount = Int(try cursor.u32())
    case ID.version:
      // trace-cmd's is a line; a longer one than facts can be says nothing.
      guard recorder == nil, cursor.bytes.count <= RecordingFacts.textLimit else { break }
      recorder = RecordingFacts(text: Self.text(cursor))
    case ID.tscToNanoseconds:
      clockFix.multiplier = try cursor.u32()
      clockFix.shift = try cursor.u32()
    case ID.sections: sections[id] = try cursor.u64()
    default: break
    }
  }

  /// Takes the text of `trace_clock`.
  mutating func takeClock(_ cursor: ByteCursor) { clock = Self.selectedClock(Self.text(cursor)) ?? clock }

  private static func text(_ cursor: ByteCursor) -> String {
    String(decoding: cursor.bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A number as `strtoll` reads it with base 0: decimal, or hexadecimal after `0x`. 0 for anything else.
  static func number(_ text: String) -> Int64 {
    var digits = Substring(text.filter { !$0.isWhitespace })
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    let value = isHexadecimal ? Int64(digits.dropFirst(2), radix: 16) : Int64(digits)
    return isNegative ? 0 &- (value ?? 0) : value ?? 0
  }

  /// The clock in brackets: `local [global] counter`.
  static func selectedClock(_ list: String) -> String? {
    guard let open = list.firstIndex(of: "["), let close = list[open...].firstIndex(of: "]") else { return nil }
    return String(list[list.index(after: open)..<close])
  }

  /// Whether a clock counts nanoseconds, as libtraceevent tells it: `x86-tsc` counts cycles, `counter` events.
  static func countsNanoseconds(_ clock: String) -> Bool {
    ["local", "global", "uptime", "perf", "boot", "tai"].contains(clock) || clock.hasPrefix("mono")
  }

  /// `Linux (none) 6.12.117 x86_64`: system, host, release, machine.
  private mutating func takeUname(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count >= 4 else { return }
    kernel = String(words[words.count - 2])
    machine = String(words[words.count - 1])
    // What a kernel is called that nobody has named.
    host = words[1] == "(none)" || words[1] == "localhost" ? nil : String(words[1])
  }

  /// The text of `per_cpu/cpuN/stats`: a line `name: number` for each counter.
  private mutating func takeStatistics(_ text: String) {
    var cpu: Int?
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].drop { $0 == " " }
      switch parts[0] {
      case "Buffer": statisticsOfInstance = true
      case "CPU": cpu = Int(value)
      case "overrun", "commit overrun", "dropped events":
        guard let cpu, !statisticsOfInstance, let count = UInt64(value) else { continue }
        lostEvents[cpu, default: 0] &+= count
      default: break
      }
    }
  }
}

/// How the ring buffer's timestamps become the times of the recording, as `trace-cmd report` does it.
struct ClockFix: Sendable {
  /// Nanoseconds to add: the time of day (`trace-cmd record --date`), or an offset that the user gave.
  var offset: Int64 = 0
  /// Cycles to nanoseconds, for the clock `x86-tsc`: multiply, then shift right. 0: the clock counts nanoseconds.
  var multiplier: UInt32 = 0
  var shift: UInt32 = 0

  var isIdentity: Bool { offset == 0 && multiplier == 0 }

  func time(_ timestamp: UInt64) -> UInt64 {
    var time = timestamp
    if multiplier != 0 {
      let product = timestamp.multipliedFullWidth(by: UInt64(multiplier))
      let shift = UInt64(min(self.shift, 63))
      time = shift == 0 ? product.low : product.low >> shift | product.high << (64 - shift)
    }
    return time &+ UInt64(bitPattern: offset)
  }
}
