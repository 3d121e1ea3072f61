import CallTrees

/// Decodes the pages of a ring buffer. It has no state between pages: each page tells its time.
struct PageDecoder: Sendable {
  private let layout: PageLayout
  private let clockFix: ClockFix
  private let events: EventDecoder

  init(plans: EventPlans, order: ByteOrder, clockFix: ClockFix, events: EventDecoder) {
    layout = PageLayout(order: order, commitSize: plans.commitSize)
    self.clockFix = clockFix
    self.events = events
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

  private func decode(page: UnsafeRawBufferPointer, origin: UInt64, tables: EventDecoder.Tables, into batch: EventBatch) {
    guard let head = layout.head(page), let base = page.baseAddress else {
      batch.note(origin, "a page of the ring buffer is cut off")
      return
    }
    guard !batch.isFull else {
      batch.note(origin, "there are more events than pages of this size can hold: they are not read")
      return batch.markLossAtEnd()
    }
    let length = head.end - layout.headerSize
    if length < head.claimed { batch.note(origin, "a page of the ring buffer claims to hold \(head.claimed) bytes of events") }
    if let missed = head.missed { batch.mark(.lost(missed.count), time: clockFix.time(head.timestamp)) }
    batch.reserve(length / 4 + 2)
    if let bad = decodeEvents(base, head: head, tables: tables, origin: origin, into: batch) {
      batch.note(origin &+ UInt64(bad), "an event in a page of the ring buffer has a length that cannot be")
      batch.mark(.lost(nil), time: clockFix.time(head.timestamp))
    }
  }

  /// Decodes the events of one page, and returns the place of one that is damaged: what follows it cannot be found.
  private func decodeEvents(
    _ page: UnsafeRawPointer, head: PageLayout.Head, tables: EventDecoder.Tables, origin: UInt64, into batch: EventBatch
  ) -> Int? {
    var walk = PageEvents(page, head: head, layout: layout)
    let isIdentity = clockFix.isIdentity
    while let event = walk.next() {
      let time = isIdentity ? event.time : clockFix.time(event.time)
      let record = UnsafeRawBufferPointer(start: page + event.record, count: event.length)
      if let problem = events.decode(record, time: time, tables: tables, into: batch) {
        batch.note(origin &+ UInt64(event.start), "\(problem)")
      }
    }
    return walk.damage
  }
}
