/// Where things are in a page of the ring buffer, as in the kernel's ring_buffer.c: a timestamp, a commit word, then the events.
struct PageLayout: Sendable {
  /// The commit word: the length of the events, and what was lost before the page.
  enum Commit {
    static let length: UInt64 = (1 << 27) - 1
    static let missed: UInt64 = 1 << 31
    static let missedStored: UInt64 = 1 << 30
  }

  let order: ByteOrder
  /// Bytes of the commit word: a `long` of the kernel.
  let commitSize: Int
  /// Bytes in front of the events.
  var headerSize: Int { Self.timestampSize + commitSize }

  private static let timestampSize = 8

  /// Events that were dropped before a page.
  enum Missed: Hashable, Sendable {
    case events(UInt64)
    case unknown

    var count: UInt64? { if case .events(let count) = self { count } else { nil } }

    /// Two gaps with nothing between them.
    func joined(with other: Missed) -> Missed {
      guard case .events(let one) = self, case .events(let two) = other else { return .unknown }
      return .events(one &+ two)
    }
  }

  /// What a page says in front of its events.
  struct Head {
    var timestamp: UInt64
    /// Bytes of events that the page claims to hold, and the place behind those that it can hold.
    var claimed: Int
    var end: Int
    var missed: Missed?
  }

  /// nil: the page is shorter than its head.
  func head(_ page: UnsafeRawBufferPointer) -> Head? {
    guard page.count >= headerSize, let base = page.baseAddress else { return nil }
    let commit = long(base, Self.timestampSize)
    let claimed = Int(commit & Commit.length)
    var head = Head(
      timestamp: order.host(base.loadUnaligned(as: UInt64.self)), claimed: claimed, end: headerSize + min(claimed, page.count - headerSize))
    if commit & Commit.missed != 0 {
      // The number is a `long` behind the events, if there was room for it.
      let isStored = commit & Commit.missedStored != 0 && page.count - head.end >= commitSize
      head.missed = isStored ? .events(long(base, head.end)) : .unknown
    }
    return head
  }

  /// Writes what stands in front of the events, and behind them; `page` has room for it.
  func write(_ head: Head, to page: UnsafeMutableRawBufferPointer) {
    guard let base = page.baseAddress else { return }
    var commit = UInt64(head.end - headerSize)
    if let missed = head.missed {
      commit |= Commit.missed
      if let count = missed.count, page.count - head.end >= commitSize {
        commit |= Commit.missedStored
        store(count, to: base, at: head.end)
      }
    }
    base.storeBytes(of: order.host(head.timestamp), as: UInt64.self)
    store(commit, to: base, at: Self.timestampSize)
  }

  private func long(_ page: UnsafeRawPointer, _ at: Int) -> UInt64 {
    if commitSize == 8 { return order.host(page.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
    return UInt64(order.host(page.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
  }

  private func store(_ value: UInt64, to page: UnsafeMutableRawPointer, at: Int) {
    if commitSize == 8 {
      page.storeBytes(of: order.host(value), toByteOffset: at, as: UInt64.self)
    } else {
      page.storeBytes(of: order.host(UInt32(clamping: value)), toByteOffset: at, as: UInt32.self)
    }
  }
}
