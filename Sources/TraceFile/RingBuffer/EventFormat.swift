/// The text of an event's `format` file.
public struct EventFormat: Sendable, Hashable {
  /// The folder of the event below `events`.
  public let system: String
  public let name: String
  /// The number that records of the event carry.
  public let id: UInt16
  public let text: [UInt8]

  /// nil: the text does not begin as that of a format does.
  public init?(system: String, text: [UInt8]) {
    guard let title = text.withUnsafeBytes({ FormatTitle($0).map { (name: String($0.name), id: $0.id) } }) else { return nil }
    self.system = system
    self.text = text
    (name, id) = title
  }
}

/// What the kernel says about its ring buffer, in the folder `events` of tracefs.
public struct RingBufferFormat: Sendable {
  /// The texts of `events/header_page` and `events/header_event`.
  public var headerPage: [UInt8]
  public var headerEvent: [UInt8]
  public var events: [EventFormat]
  /// Bytes of a page of the ring buffer, as read at once from `trace_pipe_raw`.
  public let pageSize: Int
  /// Bytes of a `long` of the recorded machine's programs.
  public var longSize: Int
  /// The recorder writes in its own machine's order.
  var order = ByteOrder.native

  /// Numbers in the pages have the other order than this machine's.
  package mutating func swapOrder() { order.isBigEndian.toggle() }

  /// nil: no ring buffer has pages of that size.
  public init?(headerPage: [UInt8], headerEvent: [UInt8], events: [EventFormat], pageSize: Int, longSize: Int = MemoryLayout<Int>.size) {
    guard DatHeader.isPlausible(pageSize: pageSize) else { return nil }
    self.headerPage = headerPage
    self.headerEvent = headerEvent
    self.events = events
    self.pageSize = pageSize
    self.longSize = longSize
  }

  /// Where things are in a page, by the text of `header_page`.
  var layout: PageLayout {
    let parser = FormatParser(order: order, longSize: longSize, pageSize: pageSize)
    let size = headerPage.withUnsafeBytes { parser?.commitSize(headerPage: $0, longSize: longSize) }
    return PageLayout(order: order, commitSize: size ?? longSize)
  }
}
