/// Puts the events of one CPU into new pages of the ring buffer, and leaves out those that are not wanted.
///
/// The events that stay keep their records and their times. Pages are filled: a reader that follows a running trace gets many that are
/// half empty. What the ring buffer lost stays at its place, so that a page behind a gap begins a new page.
final class PageRewriter {
  /// Takes a finished page.
  typealias Output = (UnsafeRawBufferPointer) throws(DatWriteError) -> Void

  private(set) var keptEvents: UInt64 = 0

  private let cpu: Int
  private let layout: PageLayout
  private let heads: RecordHeads
  private let keep: EventFilter?
  private let page: UnsafeMutableRawBufferPointer
  /// Where the next event goes, or nil when no page is begun.
  private var end: Int?
  /// The page's timestamp, and the time of its last event.
  private var timestamp: UInt64 = 0
  private var time: UInt64 = 0
  private var missed: PageLayout.Missed?

  init(cpu: Int, format: RingBufferFormat, heads: RecordHeads, keep: EventFilter?) {
    self.cpu = cpu
    layout = format.layout
    self.heads = heads
    self.keep = keep
    page = .allocate(byteCount: max(format.pageSize, layout.headerSize), alignment: 16)
  }

  deinit { page.deallocate() }

  // MARK: input

  /// Takes over the events of a page.
  func add(_ input: UnsafeRawBufferPointer, _ output: Output) throws(DatWriteError) {
    guard let head = layout.head(input), let base = input.baseAddress else { return try markGap(.unknown, at: time, output) }
    if let missed = head.missed { try markGap(missed, at: head.timestamp, output) }
    var isDamaged = head.end - layout.headerSize < head.claimed
    // Taken out of the object once, not for each event.
    let (heads, keep) = (heads, keep)
    var walk = PageEvents(base, head: head, layout: layout)
    while let found = walk.next() {
      let record = UnsafeRawBufferPointer(start: base + found.record, count: found.length)
      guard let event = heads.event(record, time: found.time, cpu: cpu) else {
        isDamaged = true
        continue
      }
      guard keep?(event) ?? true else { continue }
      keptEvents += 1
      try append(found, from: base, output)
    }
    // What could not be read is a gap.
    if isDamaged || walk.damage != nil { try markGap(.unknown, at: time, output) }
  }

  /// Gives the last page.
  func finish(_ output: Output) throws(DatWriteError) {
    try flush(output)
  }

  // MARK: output

  /// A gap comes before all that follows.
  private func markGap(_ gap: PageLayout.Missed, at time: UInt64, _ output: Output) throws(DatWriteError) {
    if let missed, end == layout.headerSize {
      self.missed = missed.joined(with: gap)
      return
    }
    try flush(output)
    begin(at: time)
    missed = gap
  }

  private func begin(at time: UInt64) {
    end = layout.headerSize
    timestamp = time
    self.time = time
    missed = nil
  }

  private func flush(_ output: Output) throws(DatWriteError) {
    guard let end else { return }
    self.end = nil
    UnsafeMutableRawBufferPointer(rebasing: page[end...]).initializeMemory(as: UInt8.self, repeating: 0)
    layout.write(PageLayout.Head(timestamp: timestamp, claimed: 0, end: end, missed: missed), to: page)
    try output(UnsafeRawBufferPointer(page))
  }

  /// Bytes that events may still take: a count of lost events stands behind them.
  private var room: Int {
    guard let end else { return 0 }
    return page.count - end - (missed?.count == nil ? 0 : layout.commitSize)
  }

  private func append(_ event: PageEvents.Event, from input: UnsafeRawPointer, _ output: Output) throws(DatWriteError) {
    let size = event.end - event.start
    var delta = event.time &- time
    var extensionSize = delta >> PageEvents.deltaBits == 0 ? 0 : 8
    // A page can begin at any time, so that one which goes back, or further on than an extension reaches, begins one.
    if event.time < time || delta >> (PageEvents.deltaBits + 32) != 0 || size + extensionSize > room {
      try flush(output)
      begin(at: event.time)
      delta = 0
      extensionSize = 0
    }
    guard let end, let base = page.baseAddress else { return }
    if extensionSize > 0 {
      store(type: PageEvents.Kind.timeExtend, delta: delta, at: base + end)
      (base + end).storeBytes(
        of: layout.order.host(UInt32(truncatingIfNeeded: delta >> PageEvents.deltaBits)), toByteOffset: 4, as: UInt32.self)
      delta = 0
    }
    let start = base + end + extensionSize
    start.copyMemory(from: input + event.start, byteCount: size)
    let word = layout.order.host((input + event.start).loadUnaligned(as: UInt32.self))
    store(type: layout.order.isBigEndian ? word >> 27 : word & 31, delta: delta, at: start)
    time = event.time
    self.end = end + extensionSize + size
  }

  /// Writes the first word of an event: 5 bits of type and 27 bits of time.
  private func store(type: UInt32, delta: UInt64, at place: UnsafeMutableRawPointer) {
    let time = UInt32(truncatingIfNeeded: delta) & 0x7ff_ffff
    place.storeBytes(of: layout.order.host(layout.order.isBigEndian ? type << 27 | time : time << 5 | type), as: UInt32.self)
  }
}
