import CallTrees
import Glibc

/// The plans of all events of a file, by their numbers, and the layout of the ring buffer's pages.
struct EventPlans: Sendable {
  /// Index into `plans` by event number; 0 for numbers without a format.
  private(set) var indices: [UInt16]
  private(set) var plans: [EventPlan]
  private(set) var commonType = FieldSlot(offset: 0, size: 2, form: .unsigned)
  private(set) var commonPID = FieldSlot(offset: 4, size: 4, form: .signed)
  /// Bytes of the commit word: a `long` of the kernel.
  private(set) var commitSize: Int

  private static let syscallExitPrefix = "sys_exit_"

  /// Parses the formats that the analysis needs; of the others only the numbers are read.
  init(_ contents: inout DatContents) {
    indices = Array(repeating: 0, count: Int(UInt16.max) + 1)
    plans = [
      EventPlan(kind: .unknown, name: "", slots: [], minimumLength: 0), EventPlan(kind: .other, name: "", slots: [], minimumLength: 0),
    ]
    commitSize = contents.header.longSize
    let header = contents.header
    guard let parser = FormatParser(order: header.order, longSize: header.longSize, pageSize: header.pageSize) else {
      contents.note(nil, "no memory for the formats of the events")
      return
    }
    if let block = contents.headerPage {
      if let size = parser.commitSize(headerPage: block.bytes, longSize: header.longSize) {
        commitSize = size
      } else {
        contents.note(block.origin, "the format of the ring buffer's pages cannot be read")
      }
    }
    var lastSyscallExit: (title: FormatTitle, plan: EventPlan)?
    for format in contents.formats { add(format, parser: parser, lastSyscallExit: &lastSyscallExit, contents: &contents) }
  }

  private mutating func add(
    _ format: DatContents.Format, parser: FormatParser, lastSyscallExit: inout (title: FormatTitle, plan: EventPlan)?,
    contents: inout DatContents
  ) {
    guard let title = FormatTitle(format.text) else {
      contents.note(format.offset, "the format of an event of \(format.system) cannot be read")
      return
    }
    let id = Int(title.id)
    // Whatever goes wrong with a format, records with its number are known.
    if indices[id] == 0 { indices[id] = 1 }
    guard let kind = Self.kind(format, title: title) else { return }
    guard let plan = makePlan(kind, format, title: title, parser: parser, lastSyscallExit: &lastSyscallExit), plans.count < Int(UInt16.max)
    else {
      contents.note(format.offset, "the format of \(format.system):\(title.name) cannot be read")
      return
    }
    indices[id] = UInt16(plans.count)
    plans.append(plan)
  }

  /// The kind of an event that is to be decoded, or nil.
  private static func kind(_ format: DatContents.Format, title: FormatTitle) -> EventPlan.Kind? {
    if EventPlan.systems.contains(format.system) {
      let kind = EventPlan.kind(system: format.system, name: title.name)
      if kind != .other { return kind }
    }
    // Probes have the system that their maker chose. Those of user space carry addresses of user space.
    return format.system != "uprobes" && title.isProbe ? .probe : nil
  }

  private mutating func makePlan(
    _ kind: EventPlan.Kind, _ format: DatContents.Format, title: FormatTitle, parser: FormatParser,
    lastSyscallExit: inout (title: FormatTitle, plan: EventPlan)?
  ) -> EventPlan? {
    // The 350 system calls return alike.
    if kind == .syscallExit, let known = lastSyscallExit, title.hasSameFields(as: known.title) {
      var plan = known.plan
      plan.name = String(title.name.dropFirst(Self.syscallExitPrefix.count))
      return plan
    }
    guard let fields = parser.fields(format.text, name: title.name, id: title.id, system: format.system),
      let plan = Self.plan(kind, name: title.name, fields: fields)
    else { return nil }
    if kind == .syscallExit { lastSyscallExit = (title, plan) }
    if kind == .enter || kind == .leave {
      commonType = fields["common_type"] ?? commonType
      commonPID = fields["common_pid"] ?? commonPID
    }
    return plan
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
    let shownName = kind == .syscallExit ? name.dropFirst(syscallExitPrefix.count) : name
    return EventPlan(kind: kind, name: String(shownName), slots: slots, minimumLength: minimumLength)
  }
}
