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
  /// Numbers and fields of the events with a second task. No kernel has many.
  private var others: [(id: UInt16, slot: FieldSlot)] = []

  init(_ format: RingBufferFormat) {
    isSwapped = format.order.isSwapped
    let parser = FormatParser(order: format.order, longSize: format.longSize, pageSize: format.pageSize)
    if let first = format.events.first, let fields = parser?.fields(of: first) {
      type = fields["common_type"] ?? type
      pid = fields["common_pid"] ?? pid
    }
    minimumLength = max(type.end, pid.end)
    for event in format.events where event.system == "sched" {
      let name: String
      switch event.name {
      case "sched_switch": name = "next_pid"
      case "sched_process_fork": name = "child_pid"
      default: continue
      }
      if let slot = parser?.fields(of: event)?[name] { others.append((event.id, slot)) }
    }
  }

  /// nil: the record is too short for what every event has.
  @inline(__always)
  func event(_ record: UnsafeRawBufferPointer, time: UInt64, cpu: Int) -> RecordedEvent? {
    guard record.count >= minimumLength, let base = record.baseAddress else { return nil }
    let id = UInt16(truncatingIfNeeded: type.number(base, swapped: isSwapped))
    var event = RecordedEvent(
      cpu: cpu, time: time, id: id, pid: Int32(truncatingIfNeeded: pid.number(base, swapped: isSwapped)), otherPID: nil)
    for other in others where other.id == id && record.count >= other.slot.end {
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
