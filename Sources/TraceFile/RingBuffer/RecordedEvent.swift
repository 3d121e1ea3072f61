/// An event in the pages of the ring buffer, as far as is needed to decide whether it is kept.
public struct RecordedEvent: Sendable, Hashable {
  public var cpu: Int
  /// As the ring buffer counts it.
  public var time: UInt64
  /// The event's number, which its format gives.
  public var id: UInt16
  /// The task that ran.
  public var pid: Int32
  /// The task that a `sched_switch` goes to, or the child of a `sched_process_fork`.
  public var otherPID: Int32?
}

/// Says which events are kept.
public typealias EventFilter = @Sendable (RecordedEvent) -> Bool

/// Takes the fields out of records that every event has, and the second task of those that have one.
struct RecordHeads: Sendable {
  private let isSwapped: Bool
  private var type = FieldSlot(offset: 0, size: 2, form: .unsigned)
  private var pid = FieldSlot(offset: 4, size: 4, form: .signed)
  private var minimumLength: Int
  /// The events with a second task. No list: the records are many.
  private var taskSwitch: Other?
  private var fork: Other?

  /// An event's number, and its field with the second task.
  private struct Other {
    var id: UInt16
    var slot: FieldSlot
  }

  init(_ format: RingBufferFormat) {
    isSwapped = format.order.isSwapped
    let parser = FormatParser(order: format.order, longSize: format.longSize, pageSize: format.pageSize)
    if let first = format.events.first, let fields = parser?.fields(of: first) {
      type = fields["common_type"] ?? type
      pid = fields["common_pid"] ?? pid
    }
    minimumLength = max(type.end, pid.end)
    func other(_ name: String, field: String) -> Other? {
      guard let event = format.events.first(where: { $0.system == "sched" && $0.name == name }) else { return nil }
      return parser?.fields(of: event)?[field].map { Other(id: event.id, slot: $0) }
    }
    taskSwitch = other("sched_switch", field: "next_pid")
    fork = other("sched_process_fork", field: "child_pid")
  }

  /// nil: the record is too short for what every event has.
  @inline(__always)
  func event(_ record: UnsafeRawBufferPointer, time: UInt64, cpu: Int) -> RecordedEvent? {
    guard record.count >= minimumLength, let base = record.baseAddress else { return nil }
    let id = UInt16(truncatingIfNeeded: type.number(base, swapped: isSwapped))
    var event = RecordedEvent(
      cpu: cpu, time: time, id: id, pid: Int32(truncatingIfNeeded: pid.number(base, swapped: isSwapped)), otherPID: nil)
    if let other = taskSwitch?.id == id ? taskSwitch : fork?.id == id ? fork : nil, record.count >= other.slot.end {
      event.otherPID = Int32(truncatingIfNeeded: other.slot.number(base, swapped: isSwapped))
    }
    return event
  }
}

extension FormatParser {
  func fields(of event: EventFormat) -> [String: FieldSlot]? {
    event.text.withUnsafeBytes { fields($0, name: event.name[...], id: event.id, system: event.system) }
  }
}
