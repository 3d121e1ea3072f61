import CallTrees
import Glibc

/// The plans of all events of a file, by their numbers, and the layout of the ring buffer's pages.
struct EventPlans: Sendable {
  /// Index into `plans` by event number; 0 for numbers without a format.
  private(set) var indices: [UInt16]
  private(set) var plans: [EventPlan]
  private(set) var commonType = FieldSlot(offset: 0, size: 2, form: .unsigned)
  private(set) var commonPID = FieldSlot(offset: 4, size: 4, form: .signed)
  /// Bytes of a page in front of its events: the timestamp and the commit word.
  private(set) var pageHeaderSize: Int
  /// Bytes of the commit word: a `long` of the kernel.
  private(set) var commitSize: Int

  /// Parses the formats that the analysis needs; of the others only the numbers are read.
  init(_ contents: inout DatContents) {
    indices = Array(repeating: 0, count: Int(UInt16.max) + 1)
    plans = [EventPlan(kind: .unknown, name: "", slots: [], minimumLength: 0), EventPlan(kind: .other, name: "", slots: [], minimumLength: 0)]
    commitSize = contents.header.longSize
    pageHeaderSize = 8 + commitSize
    let header = contents.header
    guard let parser = FormatParser(order: header.order, longSize: header.longSize, pageSize: header.pageSize) else {
      contents.note(nil, "no memory for the formats of the events")
      return
    }
    if let block = contents.headerPage {
      if let sizes = parser.headerPage(block.bytes, longSize: header.longSize) {
        commitSize = sizes.commit
        pageHeaderSize = sizes.timestamp + sizes.commit
      } else {
        contents.note(block.origin, "the format of the ring buffer's pages cannot be read")
      }
    }
    for format in contents.formats { add(format, parser: parser, contents: &contents) }
  }

  private mutating func add(_ format: DatContents.Format, parser: FormatParser, contents: inout DatContents) {
    guard let (name, id) = Self.title(format.text) else {
      contents.note(format.offset, "the format of an event of \(format.system) cannot be read")
      return
    }
    let kind = EventPlan.kind(system: format.system, name: name, isProbe: Self.isProbe(format.text))
    guard kind != .other else {
      if indices[Int(id)] == 0 { indices[Int(id)] = 1 }
      return
    }
    guard let fields = parser.fields(format.text, name: name, id: id, system: format.system),
      let plan = Self.plan(kind, name: name, fields: fields), plans.count < Int(UInt16.max)
    else {
      contents.note(format.offset, "the format of \(format.system):\(name) cannot be read")
      if indices[Int(id)] == 0 { indices[Int(id)] = 1 }
      return
    }
    if kind == .enter || kind == .leave {
      commonType = fields["common_type"] ?? commonType
      commonPID = fields["common_pid"] ?? commonPID
    }
    indices[Int(id)] = UInt16(plans.count)
    plans.append(plan)
  }

  private static func plan(_ kind: EventPlan.Kind, name: Substring, fields: [String: FieldSlot]) -> EventPlan? {
    var slots: [FieldSlot] = []
    var minimumLength = 0
    for (names, isOptional) in EventPlan.fieldNames(kind) {
      let slot = names.lazy.compactMap { fields[$0] }.first
      guard slot != nil || isOptional else { return nil }
      slots.append(slot ?? .absent)
      minimumLength = max(minimumLength, slot?.end ?? 0)
    }
    let shownName = kind == .syscallExit ? name.dropFirst("sys_exit_".count) : name
    return EventPlan(kind: kind, name: String(shownName), slots: slots, minimumLength: minimumLength)
  }

  // MARK: text

  /// The name and the number, which are the first two lines of a format.
  private static func title(_ text: UnsafeRawBufferPointer) -> (name: Substring, id: UInt16)? {
    let head = String(decoding: text.prefix(256), as: UTF8.self)
    let lines = head.split(separator: "\n", maxSplits: 2)
    guard lines.count >= 2, lines[0].hasPrefix("name: "), lines[1].hasPrefix("ID: "), let id = UInt16(lines[1].dropFirst(4)) else {
      return nil
    }
    let name = lines[0].dropFirst(6)
    guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    return (name, id)
  }

  /// Whether one of the fields is the address of a probe.
  private static func isProbe(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress else { return false }
    let declaration: StaticString = "\tfield:unsigned long __probe_"
    let length = declaration.utf8CodeUnitCount
    var at = 0
    while text.count - at > length {
      if memcmp(base + at, declaration.utf8Start, length) == 0 { return true }
      guard let end = memchr(base + at, 10, text.count - at) else { return false }
      at = UnsafeRawPointer(end) - base + 1
    }
    return false
  }
}
