import Corruption
import TraceFile

/// The texts of event formats, in a valid container, with records that they are put on: what goes through libtraceevent.
///
/// Behind the container's shape stand texts, apart by NUL: `events/header_page`, where it is not empty, then for each event its system and, on
/// the lines below it, its format.
enum FormatsTarget: FuzzTarget {
  static let name = "formats"

  static var seeds: [[UInt8]] {
    [0, 1, 2, 4, 16].compactMap { (flags: UInt8) in
      let start: [UInt8] = [flags, 3, 0]
      guard let shape = start.withUnsafeBytes({ ContainerShape($0) }) else { return nil }
      let texts = shape.formats.flatMap { system, texts in texts.map { system + "\n" + $0 } }
      return start + Array(([shape.writer.usualHeaderPage] + texts).joined(separator: "\0").utf8)
    }
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    guard let shape = ContainerShape(bytes) else { return .zero }
    let texts = bytes.dropFirst(ContainerShape.size).split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    let headerPage = texts.first.flatMap { $0.isEmpty ? nil : $0 }
    let formats = texts.dropFirst().map { text -> (system: String, texts: [String]) in
      let end = text.utf8.firstIndex(of: UInt8(ascii: "\n")) ?? text.utf8.endIndex
      return (String(text[..<end]), [String(text[end...].dropFirst())])
    }
    let pages = [page(shape, ids: formats.flatMap(\.texts).compactMap(id))]
    let reading = shape.file(pages, formats: formats, headerPage: headerPage).withUnsafeBytes { DatTarget.read($0, effort: effort) }
    guard let format = shape.ringBuffer(formats, headerPage: headerPage) else { return reading }
    return max(reading, Respooled.check(pages.flatMap { $0 }, format: format, target: self, effort: effort))
  }

  /// The number that a format gives its event.
  private static func id(_ text: String) -> UInt16? {
    let line = text.utf8.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "ID: ".utf8) }
    return line.flatMap { UInt16(String(decoding: $0.dropFirst(4), as: UTF8.self)) }
  }

  /// A page with records of all events: long ones, and short ones.
  private static func page(_ shape: ContainerShape, ids: [UInt16]) -> [UInt8] {
    let writer = shape.writer
    var events: [UInt8] = []
    for (index, id) in ids.enumerated() {
      for size in [96, 4, 24] {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ index) }
        let event = writer.event(delta: 100, writer.common(id) + body)
        if events.count + event.count <= writer.pageSize - 32 { events += event }
      }
    }
    return writer.page(time: 1000, events: events)
  }

  static let words = [
    "unsigned", "long", "char", "short", "__data_loc", "__rel_loc", "[]", "[16]", "[4294967295]", "[-1]", "[[", "]]", "*", "**********",
    "field:", "field special:", "offset:", "size:", "signed:", ";", "print fmt:", "format:", "name:", "ID:", "struct", "union", "enum",
    "const", "volatile", "(", ")", "((((((((", "\"", "\\", "{", "}", "__probe_ip", "__probe_func", "common_type", "common_pid", "func",
    "depth",
    "calltime", "rettime", "commit", "timestamp", "overwrite", "data", "65535", "65536", "99999", "0", "?", ":", "REC->",
    "__print_symbolic(",
  ]

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard bytes.count > ContainerShape.size else { return false }
    var content = Array(bytes.dropFirst(ContainerShape.size))
    switch UInt8.random(in: 0..<12, using: &dice) {
    case 0:
      bytes[Int.random(in: 0..<ContainerShape.size, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      return true
    case 1: dice.change(text: &content)
    case 2: changeOrder(&content, with: &dice)
    default: TextChanges.change(&content, words: words, with: &dice)
    }
    bytes.replaceSubrange(ContainerShape.size..., with: content)
    return true
  }

  /// A format comes twice, or in another place.
  private static func changeOrder(_ content: inout [UInt8], with dice: inout Corrupter) {
    var texts = content.split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
    guard let text = texts.randomElement(using: &dice) else { return }
    if Bool.random(using: &dice) { texts.shuffle(using: &dice) }
    let room = 100_000 / (text.count + 1) + 1
    texts += repeatElement(text, count: min(room, 1 << Int.random(in: 0...8, using: &dice)))
    content = Array(texts.joined(separator: CollectionOfOne(0)))
  }
}
