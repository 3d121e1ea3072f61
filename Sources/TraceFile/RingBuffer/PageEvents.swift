/// Walks over the events of one page of the ring buffer.
struct PageEvents {
  /// A record and where it is in its page.
  struct Event {
    /// As the ring buffer counts it.
    var time: UInt64
    /// Where the event's header word is, where its record is, and where the next event's header word is.
    var start: Int
    var record: Int
    var length: Int
    var end: Int
  }

  /// Types of events that are no records; 1 to 28 are a record's length in words.
  enum Kind {
    static let long: UInt32 = 0
    static let longestShort: UInt32 = 28
    static let padding: UInt32 = 29
    static let timeExtend: UInt32 = 30
    static let timestamp: UInt32 = 31
  }

  static let deltaBits: UInt64 = 27
  /// An absolute timestamp holds the lower 59 bits; the upper ones are those of the time before.
  private static let timestampUpperBits: UInt64 = 0xf8 << 56

  private let page: UnsafeRawPointer
  private let end: Int
  private let isSwapped: Bool
  private let isBigEndian: Bool
  private var at: Int
  private var time: UInt64
  /// The place of an event that is damaged: what follows it cannot be found.
  private(set) var damage: Int?

  /// `head` is that of `page`, which lies in memory as long as this does.
  @inline(__always)
  init(_ page: UnsafeRawPointer, head: PageLayout.Head, layout: PageLayout) {
    self.page = page
    end = head.end
    at = layout.headerSize
    time = head.timestamp
    isSwapped = layout.order.isSwapped
    isBigEndian = layout.order.isBigEndian
  }

  @inline(__always)
  private func number32(_ at: Int) -> UInt32 {
    let raw = page.loadUnaligned(fromByteOffset: at, as: UInt32.self)
    return isSwapped ? raw.byteSwapped : raw
  }

  @inline(__always)
  mutating func next() -> Event? {
    while end - at >= 4 {
      let word = number32(at)
      let type = isBigEndian ? word >> 27 : word & 31
      let delta = UInt64(isBigEndian ? word & 0x7ff_ffff : word >> 5)
      var record = at + 4
      var length = Int(type) * 4
      if type == Kind.long || type > Kind.longestShort {
        // Padding without a time ends the page; all others have a second word.
        if type == Kind.padding && delta == 0 { return nil }
        guard end - at >= 8 else { return stop() }
        let second = number32(at + 4)
        record = at + 8
        switch type {
        case Kind.timeExtend:
          time = time &+ (UInt64(second) << Self.deltaBits &+ delta)
          at = record
          continue
        case Kind.timestamp:
          time = absoluteTime(UInt64(second) << Self.deltaBits &+ delta)
          at = record
          continue
        default:
          // The length counts its own four bytes; a discarded event (type 29) has one too.
          guard second >= 4, second <= UInt32(end - at - 4) else { return stop() }
          length = Int(second) - 4
        }
      }
      let next = record + (length + 3) & ~3
      guard next <= end else { return stop() }
      time = time &+ delta
      let start = at
      at = next
      if type != Kind.padding { return Event(time: time, start: start, record: record, length: length, end: next) }
    }
    return nil
  }

  private mutating func stop() -> Event? {
    damage = at
    at = end
    return nil
  }

  private func absoluteTime(_ lowerBits: UInt64) -> UInt64 {
    let upperBits = time & Self.timestampUpperBits
    guard upperBits != 0 else { return lowerBits }
    let value = lowerBits | upperBits
    return value < time ? value &+ (1 << 59) : value
  }
}
