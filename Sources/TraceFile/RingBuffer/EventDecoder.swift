import CallTrees

/// Decodes the record of one event. One decoder serves one CPU's stream; nothing in it changes.
struct EventDecoder: Sendable {
  /// The fields of a function_graph event, flat: half of all events are entries, the other half returns.
  struct GraphPlan: Sendable {
    var kind: EventPlan.Kind
    var minimumLength = 0
    var function = NumberField.absent
    var depth = NumberField.absent
    var callTime = NumberField.absent
    var returnTime = NumberField.absent
    var duration = NumberField.absent
    var returnValue = NumberField.absent
  }

  /// The tables of all events, in place for the time of one batch.
  struct Tables {
    var indices: UnsafeBufferPointer<UInt16>
    var graph: UnsafeBufferPointer<GraphPlan>
  }

  private let plans: [EventPlan]
  private let indices: [UInt16]
  private let graph: [GraphPlan]
  private let order: ByteOrder
  private let isSwapped: Bool
  private var cpu = 0
  private let printkFormats: PrintkFormats
  private let commonType: NumberField
  private let commonPID: NumberField
  private let commonLength: Int

  init(plans: EventPlans, order: ByteOrder, printkFormats: PrintkFormats) {
    self.plans = plans.plans
    indices = plans.indices
    graph = plans.plans.map { Self.graphPlan($0, order: order) }
    self.order = order
    isSwapped = order.isSwapped
    self.printkFormats = printkFormats
    commonType = NumberField(plans.commonType, order: order)
    commonPID = NumberField(plans.commonPID, order: order)
    commonLength = max(plans.commonType.end, plans.commonPID.end, NumberField.shortestRecord)
  }

  /// The same for the stream of a CPU, with the same tables in memory: there may be thousands of CPUs, and of plans.
  func on(cpu: Int) -> EventDecoder {
    var copy = self
    copy.cpu = cpu
    return copy
  }

  private static func graphPlan(_ plan: EventPlan, order: ByteOrder) -> GraphPlan {
    var flat = GraphPlan(kind: plan.kind, minimumLength: plan.minimumLength)
    let fields = plan.slots.map { NumberField($0, order: order) }
    switch plan.kind {
    case .enter where fields.count == 2: (flat.function, flat.depth) = (fields[0], fields[1])
    case .leave where fields.count == 6:
      (flat.function, flat.depth) = (fields[0], fields[1])
      (flat.callTime, flat.returnTime, flat.duration) = (fields[2], fields[3], fields[4])
      flat.returnValue = fields[5]
    default: break
    }
    return flat
  }

  func withTables(_ body: (Tables) -> Void) {
    indices.withUnsafeBufferPointer { indices in
      graph.withUnsafeBufferPointer { graph in body(Tables(indices: indices, graph: graph)) }
    }
  }

  // MARK: records

  /// Decodes `record` into `batch`, which has room for two function_graph events.
  ///
  /// - Returns: nil, or what is wrong with the record.
  @inline(__always)
  func decode(_ record: UnsafeRawBufferPointer, time: UInt64, tables: Tables, into batch: EventBatch) -> StaticString? {
    guard record.count >= commonLength, let base = record.baseAddress else { return "an event is too short" }
    let index = Int(tables.indices[Int(truncatingIfNeeded: commonType.number(base, swapped: isSwapped) & 0xffff)])
    let plan = tables.graph[index]
    guard record.count >= plan.minimumLength else { return "an event is shorter than its format says" }
    let pid = Int32(truncatingIfNeeded: commonPID.number(base, swapped: isSwapped))
    switch plan.kind {
    case .enter:
      let event = GraphEvent(
        time: time, function: plan.function.number(base, swapped: isSwapped), value: 0, pid: pid,
        depth: UInt16(clamping: Int64(bitPattern: plan.depth.number(base, swapped: isSwapped))), kind: .enter)
      (batch.graph + batch.graphCount).initialize(to: event)
      batch.graphCount += 1
    case .leave: leave(base, plan: plan, time: time, pid: pid, into: batch)
    case .other: batch.pass(time: time)
    case .unknown:
      batch.pass(time: time)
      return "an event has a number that no format explains"
    default: return decodeOther(record, plan: plans[index], time: time, pid: pid, into: batch)
    }
    return nil
  }

  @inline(__always)
  private func leave(_ base: UnsafeRawPointer, plan: GraphPlan, time: UInt64, pid: Int32, into batch: EventBatch) {
    var duration = Call.unknownDuration
    if plan.returnTime.isPresent && plan.callTime.isPresent {
      let start = plan.callTime.number(base, swapped: isSwapped)
      let end = plan.returnTime.number(base, swapped: isSwapped)
      if end >= start { duration = end - start }
    } else if plan.duration.isPresent {
      duration = plan.duration.number(base, swapped: isSwapped)
    }
    let depth = UInt16(clamping: Int64(bitPattern: plan.depth.number(base, swapped: isSwapped)))
    var event = GraphEvent(
      time: time, function: plan.function.number(base, swapped: isSwapped), value: duration, pid: pid, depth: depth, kind: .leave)
    (batch.graph + batch.graphCount).initialize(to: event)
    batch.graphCount += 1
    if plan.returnValue.isPresent {
      event.kind = .returnValue
      event.value = plan.returnValue.number(base, swapped: isSwapped)
      (batch.graph + batch.graphCount).initialize(to: event)
      batch.graphCount += 1
    }
  }

  // MARK: other events

  @inline(never)
  private func decodeOther(
    _ record: UnsafeRawBufferPointer, plan: EventPlan, time: UInt64, pid: Int32, into batch: EventBatch
  ) -> StaticString? {
    if plan.kind == .taskSwitch {
      for (pidSlot, commSlot) in zip(plan.slots, plan.slots.dropFirst(2)) {
        name(record, pid: pidSlot, comm: commSlot, time: time, into: batch)
      }
    }
    guard let payload = payload(record, plan: plan) else {
      batch.pass(time: time)
      return "a text in an event lies outside it"
    }
    batch.mark(.event(TraceEvent(time: time, cpu: cpu, pid: pid, payload: payload)), time: time)
    return nil
  }

  private func payload(_ record: UnsafeRawBufferPointer, plan: EventPlan) -> TraceEvent.Payload? {
    func number(_ slot: Int) -> UInt64 { record.baseAddress.map { plan.slots[slot].number($0, swapped: isSwapped) } ?? 0 }
    func integer(_ slot: Int) -> Int64 { Int64(bitPattern: number(slot)) }
    func text(_ slot: Int) -> String? { plan.slots[slot].text(record, order: order).map(Self.line) }
    switch plan.kind {
    case .print: return text(0).map { .print($0) }
    case .formattedPrint: return .print(printkFormats.text(number(0)))
    case .console: return text(0).map { .console(KernelLog.withoutTime($0)) }
    case .moduleLoad: return text(0).map { .moduleLoad(name: $0) }
    case .moduleFree: return text(0).map { .moduleFree(name: $0) }
    case .syscallExit: return .syscallExit(name: plan.name, result: integer(0))
    case .initcallStart: return .initcallStart(function: number(0))
    case .initcallFinish: return .initcallFinish(function: number(0), result: integer(1))
    case .hotplugEnter: return .hotplugEnter(cpu: Int(truncatingIfNeeded: integer(0)), step: integer(1), function: number(2))
    case .hotplugExit: return .hotplugExit(cpu: Int(truncatingIfNeeded: integer(0)), step: integer(1), result: integer(2))
    case .probe:
      let result = plan.slots[1].isPresent ? Self.result(integer(1)) : nil
      return .probe(name: plan.name, function: number(0), result: result)
    case .taskSwitch: return .taskSwitch(from: Int32(truncatingIfNeeded: integer(0)), to: Int32(truncatingIfNeeded: integer(1)))
    case .unknown, .other, .enter, .leave: return nil
    }
  }

  /// Tells the name of a task unless it is known from the same batch: a task switch names two.
  private func name(_ record: UnsafeRawBufferPointer, pid: FieldSlot, comm: FieldSlot, time: UInt64, into batch: EventBatch) {
    guard comm.isPresent, let base = record.baseAddress, let bytes = comm.text(record, order: order) else { return }
    let pid = Int32(truncatingIfNeeded: pid.number(base, swapped: isSwapped))
    guard pid > 0, batch.isNews(pid: pid, comm: bytes) else { return }
    batch.mark(.comm(pid: pid, String(decoding: bytes, as: UTF8.self)), time: time)
  }

  /// A line without the newline at its end.
  private static func line(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes, as: UTF8.self)
  }

  /// The result of a probed function. An `int` in a 64-bit register has no sign: 4294967201 is -95 (EOPNOTSUPP).
  static func result(_ value: Int64) -> Int64 {
    let errnos = Int64(UInt32.max) - 4094...Int64(UInt32.max)
    return errnos.contains(value) ? value - (1 << 32) : value
  }
}
