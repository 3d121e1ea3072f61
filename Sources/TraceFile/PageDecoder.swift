import CallTrees

/// Decodes the pages of a ring buffer. It has no state between pages: each page tells its time.
struct PageDecoder: Sendable {
  private let order: ByteOrder
  private let isSwapped: Bool
  private let clockFix: ClockFix
  private let events: EventDecoder
  private let headerSize: Int
  private let commitSize: Int

  init(plans: EventPlans, order: ByteOrder, clockFix: ClockFix, events: EventDecoder) {
    self.order = order
    isSwapped = order.isSwapped
    self.clockFix = clockFix
    self.events = events
    headerSize = plans.pageHeaderSize
    commitSize = plans.commitSize
  }

  /// Values of the header of an event, and of a page, as in the kernel's ring_buffer.c.
  private enum Layout {
    static let paddingType: UInt32 = 29
    static let timeExtendType: UInt32 = 30
    static let timestampType: UInt32 = 31
    static let commitMask: UInt64 = (1 << 27) - 1
    static let missedEvents: UInt64 = 1 << 31
    static let missedStored: UInt64 = 1 << 30
    /// An absolute timestamp holds the lower 59 bits; the upper ones are those of the time before.
    static let timestampUpperBits: UInt64 = 0xf8 << 56
  }

  /// Decodes all pages in `bytes`. `origin` is the offset in the file, for messages.
  func decode(_ bytes: UnsafeRawBufferPointer, pageSize: Int, origin: UInt64, isCompressed: Bool, into batch: EventBatch) {
    events.withTables { tables in
      var start = 0
      while start < bytes.count {
        let end = min(start + pageSize, bytes.count)
        let page = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        decode(page: page, origin: isCompressed ? origin : origin &+ UInt64(start), tables: tables, into: batch)
        start = end
      }
    }
  }

  @inline(__always)
  private func number32(_ page: UnsafeRawPointer, _ at: Int) -> UInt32 {
    let raw = page.loadUnaligned(fromByteOffset: at, as: UInt32.self)
    return isSwapped ? raw.byteSwapped : raw
  }

  private func number64(_ page: UnsafeRawPointer, _ at: Int) -> UInt64 {
    order.host(page.loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  private func decode(page: UnsafeRawBufferPointer, origin: UInt64, tables: EventDecoder.Tables, into batch: EventBatch) {
    guard page.count >= headerSize, let base = page.baseAddress else {
      batch.note(origin, "a page of the ring buffer is cut off")
      return
    }
    let timestamp = number64(base, 0)
    let commit = commitSize == 8 ? number64(base, 8) : UInt64(number32(base, 8))
    var length = Int(commit & Layout.commitMask)
    if length > page.count - headerSize {
      batch.note(origin, "a page of the ring buffer claims to hold \(length) bytes of events")
      length = page.count - headerSize
    }
    let end = headerSize + length
    if commit & Layout.missedEvents != 0 {
      batch.mark(.lost(storedCount(page, at: end, commit: commit)), time: clockFix.time(timestamp))
    }
    batch.reserve(length / 4 + 2)
    if let bad = decodeEvents(base, from: headerSize, to: end, timestamp: timestamp, tables: tables, origin: origin, into: batch) {
      batch.note(origin &+ UInt64(bad), "an event in a page of the ring buffer has a length that cannot be")
      batch.mark(.lost(nil), time: clockFix.time(timestamp))
    }
  }

  /// The number of events that were lost before a page: a `long` behind its events, if there was room for it.
  private func storedCount(_ page: UnsafeRawBufferPointer, at end: Int, commit: UInt64) -> UInt64? {
    guard commit & Layout.missedStored != 0, let base = page.baseAddress, page.count - end >= commitSize else { return nil }
    return commitSize == 8 ? number64(base, end) : UInt64(number32(base, end))
  }

  /// Decodes the events of one page, and returns the place of one that is damaged: what follows it cannot be found.
  private func decodeEvents(
    _ page: UnsafeRawPointer, from start: Int, to end: Int, timestamp: UInt64, tables: EventDecoder.Tables,
    origin: UInt64, into batch: EventBatch
  ) -> Int? {
    var at = start
    var time = timestamp
    let bigEndian = order.isBigEndian
    while end - at >= 4 {
      let word = number32(page, at)
      let type = bigEndian ? word >> 27 : word & 31
      let delta = UInt64(bigEndian ? word & 0x7ff_ffff : word >> 5)
      var data = at + 4
      var length = Int(type) * 4
      if type == 0 || type > 28 {
        // Type 29 without a time ends the page; all others have a second word.
        if type == Layout.paddingType && delta == 0 { return nil }
        guard end - at >= 8 else { return at }
        let second = number32(page, at + 4)
        data = at + 8
        switch type {
        case Layout.timeExtendType:
          time = time &+ (UInt64(second) << 27 &+ delta)
          at = data
          continue
        case Layout.timestampType:
          time = absoluteTime(UInt64(second) << 27 &+ delta, after: time)
          at = data
          continue
        default:
          // The length counts its own four bytes; a discarded event (type 29) has one too.
          guard second >= 4, second <= UInt32(end - at - 4) else { return at }
          length = Int(second) - 4
        }
      }
      let next = data + (length + 3) & ~3
      guard next <= end else { return at }
      time = time &+ delta
      if type != Layout.paddingType {
        let shownTime = clockFix.isIdentity ? time : clockFix.time(time)
        let record = UnsafeRawBufferPointer(start: page + data, count: length)
        if let problem = events.decode(record, time: shownTime, tables: tables, into: batch) {
          batch.note(origin &+ UInt64(at), "\(problem)")
        }
      }
      at = next
    }
    return nil
  }

  private func absoluteTime(_ lowerBits: UInt64, after time: UInt64) -> UInt64 {
    let upperBits = time & Layout.timestampUpperBits
    guard upperBits != 0 else { return lowerBits }
    let value = lowerBits | upperBits
    return value < time ? value &+ (1 << 59) : value
  }
}
