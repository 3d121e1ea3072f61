import Corruption
import TraceFile

/// Pages of the ring buffer in a valid container: the reader, and what the recorder does with them.
enum PagesTarget: FuzzTarget {
  static let name = "pages"

  static var seeds: [[UInt8]] {
    [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 18, 32, 35, 36, 48].compactMap { (flags: UInt8) in
      let start: [UInt8] = [flags, 3, flags & 1]
      return start.withUnsafeBytes { ContainerShape($0) }.map { start + pages($0.writer) }
    }
  }

  /// A load with all kinds of events, then a page behind a gap with the other kinds of time.
  private static func pages(_ writer: DatWriter) -> [UInt8] {
    let functions: [UInt64] = [0xffff_ffff_8100_0000, 0xffff_ffff_8100_0100, 0xffff_ffff_8100_0200]
    var events: [UInt8] = []
    for (depth, function) in functions.enumerated() { events += writer.event(delta: 100, writer.enter(function, depth: UInt32(depth))) }
    events += writer.event(delta: 5, writer.common(20) + writer.number(UInt32(12 | 4 << 16)) + Array("kvm\0".utf8))
    events += writer.event(delta: 5, writer.common(21) + writer.number(UInt64(313)) + writer.number(UInt64(bitPattern: -95)))
    events += writer.event(
      delta: 5, writer.common(24) + writer.number(functions[2]) + writer.number(UInt64(bitPattern: -22)), longForm: true)
    events += writer.event(delta: 5, writer.common(6) + writer.long(functions[0]) + writer.long(0xffff_ffff_8100_0500) + [0, 0, 0, 0])
    for (depth, function) in functions.enumerated().reversed() {
      let leave = writer.leave(function, depth: UInt32(depth), from: 1000, to: 2000, result: UInt64(bitPattern: -22))
      events += writer.event(delta: 100, leave)
    }
    var others = writer.word(type: 30, delta: 7) + writer.number(UInt32(1))
    others += writer.event(delta: 1, writer.enter(functions[1], depth: 0))
    others += writer.word(type: 31, delta: 9) + writer.number(UInt32(2)) + writer.word(type: 29, delta: 4) + writer.number(UInt32(8))
    others += [0, 0, 0, 0] + writer.event(delta: 1, writer.leave(functions[1], depth: 0, from: 1, to: 2))
    return writer.page(time: 1_000_000, events: events) + writer.page(time: 2_000_000, events: others, missed: 3)
  }

  static func read(_ bytes: UnsafeRawBufferPointer, effort: Effort) -> Duration {
    guard let shape = ContainerShape(bytes) else { return .zero }
    let content = Array(bytes.dropFirst(ContainerShape.size))
    let size = shape.writer.pageSize
    let pages = stride(from: 0, to: content.count, by: size).map { Array(content[$0..<min($0 + size, content.count)]) }
    let reading = shape.file(pages, formats: shape.formats).withUnsafeBytes { DatTarget.read($0, effort: effort) }
    guard let format = shape.ringBuffer(shape.formats) else { fail("no ring buffer with pages of \(size) bytes") }
    let writing = Respooled.check(content, format: format, target: self, effort: effort)
    return max(reading, writing)
  }

  static func change(_ bytes: inout [UInt8], with dice: inout Corrupter) -> Bool {
    guard bytes.count > ContainerShape.size else { return false }
    if UInt8.random(in: 0..<16, using: &dice) == 0 {
      bytes[Int.random(in: 0..<ContainerShape.size, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      return true
    }
    var content = Array(bytes.dropFirst(ContainerShape.size))
    for _ in 0..<Int.random(in: 1...3, using: &dice) {
      PageChanges.change(&content, pageSize: 512 << Int(bytes[1] % 12), with: &dice)
    }
    bytes.replaceSubrange(ContainerShape.size..., with: content)
    return true
  }
}
