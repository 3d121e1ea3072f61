import Corruption
import Testing

@testable import TraceFile

@Suite struct PageRewriterTests {
  private typealias Item = PageTesting.Item

  private static let kept: UInt16 = 20
  private static let dropped: UInt16 = 21
  private static let keep: EventFilter = { $0.id == kept }

  private static func isKept(_ record: [UInt8], _ writer: DatWriter) -> Bool { Array(record.prefix(2)) == writer.number(kept) }

  /// Random pages: long and short records, discarded ones, long pauses, absolute times, gaps.
  private static func pages(_ dice: inout Dice, _ writer: DatWriter) -> [[UInt8]] {
    var time: UInt64 = dice.roll(4) == 0 ? 0xf8 << 56 | 5000 : 1000
    return (0..<12).map { _ in
      let missed: Int? = dice.roll(4) == 0 ? Int(dice.roll(5)) - 1 : nil
      time += dice.roll(1 << 30)
      let start = time
      var events: [UInt8] = []
      let capacity = writer.pageSize - 8 - writer.longSize - (missed.map { $0 >= 0 } ?? false ? writer.longSize : 0)
      let wanted = Int(dice.roll(UInt64(capacity)))
      while true {
        var delta = dice.roll(3000)
        var front: [UInt8] = []
        if dice.roll(9) == 0 {
          let pause = dice.roll(1 << 40)
          front = writer.word(type: 30, delta: UInt32(pause & 0x7ff_ffff)) + writer.number(UInt32(pause >> 27))
          time += pause
        } else if dice.roll(9) == 0 {
          time += dice.roll(1 << 35)
          let lower = time & ~(0xf8 << 56)
          front = writer.word(type: 31, delta: UInt32(lower & 0x7ff_ffff)) + writer.number(UInt32(lower >> 27))
          delta = 0
        }
        let record = writer.common(dice.roll(2) == 0 ? kept : dropped) + (0..<dice.roll(140)).map { _ in UInt8(dice.roll(256)) }
        var event = writer.event(delta: UInt32(delta), record, longForm: dice.roll(5) == 0)
        if dice.roll(12) == 0, delta > 0 {
          event = writer.word(type: 29, delta: UInt32(delta)) + writer.number(UInt32(12)) + [UInt8](repeating: 1, count: 8)
        }
        time += delta
        if events.count + front.count + event.count > wanted { break }
        events += front + event
      }
      return writer.page(time: start, events: events, missed: missed)
    }
  }

  @Test(arguments: [false, true], [4, 8])
  func whatStaysIsTheSame(isBigEndian: Bool, longSize: Int) throws {
    var writer = DatWriter()
    writer.isBigEndian = isBigEndian
    writer.longSize = longSize
    let format = try PageTesting.format(writer)
    for seed in 1...10 as ClosedRange<UInt64> {
      var dice = Dice(seed)
      let pages = Self.pages(&dice, writer)
      let all = PageTesting.items(pages, format)
      #expect(all.count > 50)
      let refilled = try PageTesting.rewrite(pages, format)
      #expect(PageTesting.items(refilled, format) == all, "seed \(seed)")
      var expected: [Item] = []
      for item in all {
        if case .event(_, let record) = item, !Self.isKept(record, writer) { continue }
        PageTesting.append(item, to: &expected)
      }
      let fewer = try PageTesting.rewrite(pages, format, keep: Self.keep)
      #expect(PageTesting.items(fewer, format) == expected, "seed \(seed)")
      #expect(fewer.count <= refilled.count)
    }
  }

  @Test func halfEmptyPagesAreFilled() throws {
    let writer = DatWriter()
    let format = try PageTesting.format(writer)
    let pages = (0..<100).map {
      writer.page(time: 1000 + UInt64($0) * 50, events: writer.event(delta: 7, writer.common(20) + [1, 2, 3, 4]))
    }
    let output = try PageTesting.rewrite(pages, format)
    #expect(output.count == 1)
    #expect(PageTesting.items(output, format) == PageTesting.items(pages, format))
  }

  @Test func aGapBeginsAPage() throws {
    let writer = DatWriter()
    let format = try PageTesting.format(writer)
    let event = writer.event(delta: 7, writer.common(20))
    let gone = writer.event(delta: 7, writer.common(21))
    let pages = [
      writer.page(time: 1000, events: event), writer.page(time: 2000, events: event, missed: 5), writer.page(time: 3000, events: event),
      writer.page(time: 4000, events: gone, missed: 3), writer.page(time: 5000, events: gone, missed: 4),
      writer.page(time: 6000, events: event), writer.page(time: 7000, events: gone, missed: -1),
      writer.page(time: 8000, events: [], missed: 2),
    ]
    let output = try PageTesting.rewrite(pages, format, keep: Self.keep)
    // Two gaps without an event between them are one; that at the end stays though nothing follows.
    let record = writer.common(20)
    #expect(
      PageTesting.items(output, format) == [
        .event(time: 1007, record: record), .gap(5), .event(time: 2007, record: record), .event(time: 3007, record: record), .gap(7),
        .event(time: 6007, record: record), .gap(nil),
      ])
    #expect(output.count == 4)
    #expect(output.map { Array($0.prefix(8)) } == [1007, 2000, 4000, 7000].map { writer.number(UInt64($0)) })
  }

  @Test func theCountOfAGapKeepsItsRoom() throws {
    let writer = DatWriter()
    let format = try PageTesting.format(writer)
    let capacity = writer.pageSize - 16
    let large = writer.event(delta: 1, writer.common(20) + [UInt8](repeating: 9, count: capacity - 16), longForm: true)
    #expect(large.count == capacity)
    // The first page has room for its count because its own event is dropped; the next event leaves none.
    let pages = [writer.page(time: 10, events: writer.event(delta: 0, writer.common(21)), missed: 6), writer.page(time: 20, events: large)]
    let output = try PageTesting.rewrite(pages, format, keep: Self.keep)
    let items = PageTesting.items(output, format)
    #expect(items.count == 2 && items.first == .gap(6))
  }

  @Test func timeThatGoesBackIsKept() throws {
    let writer = DatWriter()
    let format = try PageTesting.format(writer)
    let event = writer.event(delta: 7, writer.common(20))
    let pages = [writer.page(time: 1 << 62, events: event), writer.page(time: 5, events: event), writer.page(time: 1 << 61, events: event)]
    #expect(PageTesting.items(try PageTesting.rewrite(pages, format), format) == PageTesting.items(pages, format))
  }

  @Test func damageIsAGap() throws {
    let writer = DatWriter()
    let format = try PageTesting.format(writer)
    let good = writer.event(delta: 7, writer.common(20))
    let record = writer.common(20)
    let odd: [[UInt8]] = [
      writer.word(type: 0, delta: 1) + writer.number(UInt32(3)), writer.word(type: 0, delta: 1) + writer.number(UInt32(0xffff_fff0)),
      writer.word(type: 28, delta: 1), writer.word(type: 30, delta: 1), writer.word(type: 1, delta: 1) + writer.number(UInt32(20)),
    ]
    for bad in odd {
      let pages = [writer.page(time: 100, events: good + bad), writer.page(time: 200, events: good)]
      #expect(
        PageTesting.items(try PageTesting.rewrite(pages, format), format) == [
          .event(time: 107, record: record), .gap(nil), .event(time: 207, record: record),
        ])
    }
    for cut in [0, 1, 15] {
      let pages = [
        writer.page(time: 100, events: good), Array(writer.page(time: 150, events: good).prefix(cut)), writer.page(time: 200, events: good),
      ]
      #expect(
        PageTesting.items(try PageTesting.rewrite(pages, format), format) == [
          .event(time: 107, record: record), .gap(nil), .event(time: 207, record: record),
        ])
    }
    // A page that claims to hold more than it does is read as far as it goes.
    var greedy = writer.page(time: 100, events: good)
    greedy.replaceSubrange(8..<16, with: writer.number(UInt64(100_000)))
    #expect(PageTesting.items(try PageTesting.rewrite([greedy], format), format) == [.event(time: 107, record: record), .gap(nil)])
  }

  @Test func garbageGivesPagesThatCanBeRead() throws {
    let writer = DatWriter()
    let format = try PageTesting.format(writer)
    for seed in 1...60 as ClosedRange<UInt64> {
      var dice = Dice(seed)
      let pages = (0..<4).map { _ in (0..<Int(dice.roll(4097))).map { _ in UInt8(truncatingIfNeeded: dice.roll(256) & dice.roll(256)) } }
      let output = try PageTesting.rewrite(pages, format)
      for page in output {
        try page.withUnsafeBytes { bytes in
          let head = try #require(format.layout.head(bytes))
          #expect(head.claimed <= page.count - 16)
          var walk = PageEvents(try #require(bytes.baseAddress), head: head, layout: format.layout)
          while walk.next() != nil {}
          #expect(walk.damage == nil)
        }
      }
    }
  }
}
