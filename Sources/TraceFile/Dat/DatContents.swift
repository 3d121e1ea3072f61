import CallTrees

/// The parts of a trace-cmd file, found and checked for lying within it, whatever its version.
struct DatContents {
  /// The text of an event's `format` file.
  struct Format {
    var system: String
    /// The block that holds the text, and where in it.
    var block: ByteBlock
    var text: UnsafeRawBufferPointer
    var offset: UInt64
  }

  /// One CPU's events in a ring buffer.
  struct CPU {
    var cpu: Int
    /// Pages, or chunks with their count in front.
    var data: ByteBlock
  }

  /// The recorded events of the top buffer or of an instance.
  struct Buffer {
    /// Empty for the top buffer.
    var name: String
    var clock: String?
    var pageSize: Int
    var isCompressed: Bool
    var cpus: [CPU] = []
  }

  var header: DatHeader
  /// The text of `events/header_page`.
  var headerPage: ByteBlock?
  var formats: [Format] = []
  /// Gives the text of /proc/kallsyms. Decompressing it takes longer than all other parts of a small file.
  var kallsyms: (@Sendable () -> Result<ByteBlock, SectionDamage>)?
  var printkFormats: ByteBlock?
  var commandLines: ByteBlock?
  var options = DatOptions()
  /// Hold the bytes that `options` refers to.
  var optionBlocks: [ByteBlock] = []
  /// The top buffer first.
  var buffers: [Buffer] = []
  var holdsLatencyText = false
  /// Bytes of the file that CPUs have claimed as their data.
  var claimedBytes: UInt64 = 0
  var damage: [Damage] = []
  let budget: UnpackingBudget

  /// More than these tell nothing new.
  private static let damageLimit = 1000

  init(header: DatHeader, fileSize: Int) {
    self.header = header
    budget = UnpackingBudget(fileSize: fileSize)
  }

  mutating func note(_ offset: UInt64?, _ message: String) {
    if damage.count < Self.damageLimit { damage.append(Damage(offset: offset, message: message)) }
  }
}

extension DatContents {
  /// Takes an option; one that is too short for what it says is damage.
  mutating func take(_ id: UInt16, _ option: ByteCursor) {
    do {
      try options.take(id, option)
    } catch {
      note(option.origin, "option \(id) is too short")
    }
  }

  // The parts are laid out alike in both versions: one after the other in version 6, each in a section in version 7.

  /// Reads the texts of `events/header_page` and `events/header_event`. False: something else is there.
  mutating func readHeaderInfo(_ cursor: inout ByteCursor, block: ByteBlock) throws(CutOff) -> Bool {
    guard try cursor.skip("header_page\0") else { return false }
    headerPage = try Self.part(&cursor, count: try cursor.u64(), block: block)
    guard try cursor.skip("header_event\0") else { return false }
    _ = try cursor.take(try cursor.u64())
    return true
  }

  mutating func readFtraceFormats(_ cursor: inout ByteCursor, block: ByteBlock) throws(CutOff) {
    try readFormats(&cursor, block: block, system: "ftrace")
  }

  mutating func readEventFormats(_ cursor: inout ByteCursor, block: ByteBlock) throws(CutOff) {
    let systems = try cursor.u32()
    var index: UInt32 = 0
    while index < systems {
      let system = try cursor.cString()
      try readFormats(&cursor, block: block, system: system)
      index += 1
    }
  }

  private mutating func readFormats(_ cursor: inout ByteCursor, block: ByteBlock, system: String) throws(CutOff) {
    let count = try cursor.u32()
    // Each event has a number of 16 bits.
    guard Int(count) + formats.count <= Int(UInt16.max) else { throw CutOff(offset: cursor.offset) }
    var index: UInt32 = 0
    while index < count {
      let size = try cursor.u64()
      let offset = cursor.offset
      formats.append(Format(system: system, block: block, text: try cursor.take(size), offset: offset))
      index += 1
    }
  }

  mutating func readPrintkFormats(_ cursor: inout ByteCursor, block: ByteBlock) throws(CutOff) {
    printkFormats = shortened(try Self.part(&cursor, count: UInt64(try cursor.u32()), block: block), "the formats of trace_printk")
  }

  mutating func readCommandLines(_ cursor: inout ByteCursor, block: ByteBlock) throws(CutOff) {
    commandLines = shortened(try Self.part(&cursor, count: try cursor.u64(), block: block), "the names of the tasks")
  }

  /// Lists of which each line is kept, as texts of their own: 50,000 formats, or the names of 100,000 tasks.
  private static let listLimit = 2 << 20

  /// What is taken of a list.
  private mutating func shortened(_ list: ByteBlock, _ what: String) -> ByteBlock {
    guard list.bytes.count > Self.listLimit else { return list }
    note(list.origin, "\(what) have \(list.bytes.count) bytes, of which the first \(Self.listLimit) are taken")
    return ByteBlock(of: list, offset: 0, count: UInt64(Self.listLimit)) ?? list
  }

  /// The next `count` bytes as a block of their own.
  static func part(_ cursor: inout ByteCursor, count: UInt64, block: ByteBlock) throws(CutOff) -> ByteBlock {
    let start = UInt64(cursor.position)
    _ = try cursor.take(count)
    guard let part = ByteBlock(of: block, offset: start, count: count) else { throw CutOff(offset: cursor.offset) }
    return part
  }

  /// The data of one CPU. What lies beyond the end of the file is noted as damage, and the rest is taken.
  mutating func cpuData(_ file: ByteBlock, offset: UInt64, size: UInt64, cpu: Int) -> ByteBlock? {
    let total = UInt64(file.bytes.count)
    let (end, overflow) = offset.addingReportingOverflow(size)
    if overflow || end > total { note(min(offset, total), "the events of CPU \(cpu) are cut off") }
    guard size > 0, !overflow, offset < total else { return nil }
    let count = min(size, total - offset)
    // Data of two CPUs does not overlap; a small file that says so could keep a reader busy for ever.
    guard count <= total - claimedBytes else {
      note(offset, "the events of CPU \(cpu) lie within those of others")
      return nil
    }
    claimedBytes += count
    return ByteBlock(of: file, offset: offset, count: count)
  }
}
