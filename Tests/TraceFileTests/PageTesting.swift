import CallTrees
import Corruption
import Foundation
import Testing

@testable import TraceFile

/// Pages that tests make, and what is in them.
enum PageTesting {
  /// An event, or a gap in front of those that follow.
  enum Item: Hashable {
    case event(time: UInt64, record: [UInt8])
    case gap(UInt64?)
  }

  static func format(_ writer: DatWriter, events: [(system: String, text: String)] = []) throws -> RingBufferFormat {
    let page = """
      \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
      \tfield: local_t commit;\toffset:8;\tsize:\(writer.longSize);\tsigned:1;
      \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
      \tfield: char data;\toffset:\(8 + writer.longSize);\tsize:\(writer.pageSize - 8 - writer.longSize);\tsigned:0;

      """
    var format = try #require(
      RingBufferFormat(
        headerPage: Array(page.utf8), headerEvent: Array(SampleSpool.headerEvent.utf8),
        events: events.compactMap { EventFormat(system: $0.system, text: Array($0.text.utf8)) }, pageSize: writer.pageSize,
        longSize: writer.longSize))
    format.order = ByteOrder(isBigEndian: writer.isBigEndian)
    return format
  }

  /// Gaps that follow one another are one.
  static func items(_ pages: [[UInt8]], _ format: RingBufferFormat) -> [Item] {
    var items: [Item] = []
    for page in pages {
      page.withUnsafeBytes { bytes in
        guard let head = format.layout.head(bytes), let base = bytes.baseAddress else { return }
        if let missed = head.missed { append(.gap(missed.count), to: &items) }
        var walk = PageEvents(base, head: head, layout: format.layout)
        while let event = walk.next() {
          items.append(.event(time: event.time, record: Array(bytes[event.record..<event.record + event.length])))
        }
        if walk.damage != nil { append(.gap(nil), to: &items) }
      }
    }
    return items
  }

  static func append(_ item: Item, to items: inout [Item]) {
    if case .gap(let new) = item, case .gap(let old)? = items.last {
      items[items.count - 1] = .gap(old.flatMap { old in new.map { old &+ $0 } })
    } else {
      items.append(item)
    }
  }

  static func rewrite(_ pages: [[UInt8]], _ format: RingBufferFormat, keep: EventFilter? = nil) throws -> [[UInt8]] {
    let rewriter = PageRewriter(cpu: 0, format: format, heads: RecordHeads(format), keep: keep)
    var output: [[UInt8]] = []
    for page in pages { try page.withUnsafeBytes { bytes in try rewriter.add(bytes) { output.append(Array($0)) } } }
    try rewriter.finish { output.append(Array($0)) }
    #expect(output.allSatisfy { $0.count == format.pageSize })
    return output
  }

  /// Pages in a file without a name.
  static func spool(_ bytes: [UInt8], cpu: Int = 0, size: Int? = nil) throws -> SpooledPages {
    var name = Array((FileManager.default.temporaryDirectory.path + "/pages-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    try #require(descriptor >= 0)
    unlink(name)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    return SpooledPages(cpu: cpu, descriptor: descriptor, size: size ?? bytes.count, path: "pages")
  }
}

/// The same numbers in every run.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func roll(_ sides: UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return (state >> 11) % sides
  }
}
