/// What occurs in the pages of a ring buffer: found in one pass, before they are written into a trace.
public struct PageScan: Sendable {
  /// A kretprobe and the function that it was found in.
  public struct Probe: Sendable, Hashable {
    public var event: String
    public var function: UInt64
  }

  /// A task that another one made.
  public struct Fork: Sendable, Hashable {
    public var parent: Int32
    public var child: Int32
  }

  /// Gaps that the pages of a CPU tell of.
  public struct Gaps: Sendable, Hashable {
    public var count = 0
    /// Events in those gaps whose size is known.
    public var lostEvents: UInt64 = 0
    /// Gaps of unknown size.
    public var unknown = 0
  }

  /// Numbers of the events that occur, with how many there are of each.
  public private(set) var counts: [UInt16: UInt64] = [:]
  /// Addresses at which functions are entered, and such as lie within functions.
  public private(set) var entries: Set<UInt64> = []
  public private(set) var places: Set<UInt64> = []
  /// In the order of the pages.
  public private(set) var forks: [Fork] = []
  public private(set) var probes: Set<Probe> = []
  /// Addresses of init functions, as the kernel's symbols have them: they may be entered behind that.
  public private(set) var initcalls: Set<UInt64> = []
  /// By CPU; those without gaps are left out.
  public private(set) var gaps: [Int: Gaps] = [:]
  /// Pages that are cut off, or that hold an event which cannot be.
  public private(set) var damagedPages: UInt64 = 0

  /// All addresses that stand for functions.
  public var functions: Set<UInt64> { entries.union(initcalls) }
  /// All events together.
  public var events: UInt64 { counts.values.reduce(0, &+) }

  /// More addresses and forks than these tell nothing new: a kernel has some 60,000 functions.
  private static let limit = 1 << 20

  /// Scans the pages of all CPUs.
  ///
  /// - Parameter keep: says which events are looked at; nil: all. Gaps are told of whatever it says.
  /// - Throws: `DatWriteError` when the pages cannot be read back.
  public init(_ cpus: [SpooledPages], format: RingBufferFormat, keep: EventFilter? = nil) throws(DatWriteError) {
    var scanner = PageScanner(format: format)
    for pages in cpus {
      try pages.forEachPage(size: format.pageSize) { page throws(DatWriteError) in scan(page, of: pages.cpu, with: &scanner, keep: keep) }
    }
    for id in scanner.counts.indices where scanner.counts[id] > 0 { counts[UInt16(id)] = scanner.counts[id] }
  }

  private mutating func scan(_ page: UnsafeRawBufferPointer, of cpu: Int, with scanner: inout PageScanner, keep: EventFilter?) {
    guard let head = scanner.layout.head(page), let base = page.baseAddress else {
      damagedPages += 1
      return
    }
    if let missed = head.missed { note(missed, cpu: cpu) }
    var walk = PageEvents(base, head: head, layout: scanner.layout)
    var isDamaged = head.end - scanner.layout.headerSize < head.claimed
    while let found = walk.next() {
      let record = UnsafeRawBufferPointer(start: base + found.record, count: found.length)
      guard let event = scanner.heads.event(record, time: found.time, cpu: cpu) else {
        isDamaged = true
        continue
      }
      guard keep?(event) ?? true else { continue }
      take(event, record: record, with: &scanner)
    }
    if isDamaged || walk.damage != nil { damagedPages += 1 }
  }

  private mutating func note(_ missed: PageLayout.Missed, cpu: Int) {
    var gap = gaps[cpu] ?? Gaps()
    gap.count += 1
    switch missed {
    case .events(let count): gap.lostEvents &+= count
    case .unknown: gap.unknown += 1
    }
    gaps[cpu] = gap
  }

  @inline(__always)
  private mutating func take(_ event: RecordedEvent, record: UnsafeRawBufferPointer, with scanner: inout PageScanner) {
    scanner.counts[Int(event.id)] += 1
    if let child = event.otherPID, event.id == scanner.forkID, forks.count < Self.limit {
      forks.append(Fork(parent: event.pid, child: child))
    }
    guard let fields = scanner.fields(of: event.id), let base = record.baseAddress else { return }
    for slot in fields.functions where slot.end <= record.count && entries.count < Self.limit {
      entries.insert(slot.number(base, swapped: scanner.isSwapped))
    }
    for slot in fields.places where slot.end <= record.count && places.count < Self.limit {
      let address = slot.number(base, swapped: scanner.isSwapped)
      // The kernel's addresses are the upper half of all.
      if address >> 63 != 0 { places.insert(address) }
    }
    if fields.isReturnProbe, let slot = fields.functions.first, slot.end <= record.count, probes.count < Self.limit {
      probes.insert(Probe(event: scanner.name(of: event.id), function: slot.number(base, swapped: scanner.isSwapped)))
    }
    if let slot = fields.initcall, slot.end <= record.count, initcalls.count < Self.limit {
      initcalls.insert(slot.number(base, swapped: scanner.isSwapped))
    }
  }
}

/// What a scan needs beside its results. The formats are parsed when their events occur: a kernel has some thousand.
private struct PageScanner {
  let layout: PageLayout
  let heads: RecordHeads
  let isSwapped: Bool
  let forkID: UInt16?
  /// By the event's number.
  var counts = [UInt64](repeating: 0, count: Int(UInt16.max) + 1)
  private let formats: [UInt16: EventFormat]
  private let parser: FormatParser?
  private var known: [AddressFields?] = [nil]
  /// Index into `known` plus 1, by the event's number; 0: not looked at yet.
  private var indices = [UInt16](repeating: 0, count: Int(UInt16.max) + 1)

  init(format: RingBufferFormat) {
    layout = format.layout
    heads = RecordHeads(format)
    isSwapped = format.order.isSwapped
    forkID = format.events.first { $0.system == "sched" && $0.name == "sched_process_fork" }?.id
    formats = Dictionary(format.events.map { ($0.id, $0) }) { first, _ in first }
    parser = FormatParser(order: format.order, longSize: format.longSize, pageSize: format.pageSize)
  }

  func name(of id: UInt16) -> String { formats[id]?.name ?? "" }

  @inline(__always)
  mutating func fields(of id: UInt16) -> AddressFields? {
    let index = indices[Int(id)]
    return index != 0 ? known[Int(index) - 1] : parse(id)
  }

  private mutating func parse(_ id: UInt16) -> AddressFields? {
    let fields = formats[id].flatMap { format in parser.flatMap { AddressFields(format, parser: $0) } }
    if fields != nil { known.append(fields) }
    // The first element stands for all events without addresses.
    indices[Int(id)] = fields == nil ? 1 : UInt16(clamping: known.count)
    return fields
  }
}
