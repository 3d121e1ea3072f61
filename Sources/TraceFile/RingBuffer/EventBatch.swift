import CallTrees

/// Events of one CPU, decoded, in their order. Batches are used again, so that their memory is.
final class EventBatch {
  /// Something that lies between function_graph events.
  struct Mark {
    enum Content {
      case event(TraceEvent)
      /// Events that are counted only.
      case passed(UInt64)
      /// The ring buffer dropped events here; nil: how many is not known.
      case lost(UInt64?)
      case comm(pid: Int32, String)
    }

    /// Number of function_graph events of the batch before it.
    var position: Int
    var time: UInt64
    var content: Content
  }

  private(set) var graph: UnsafeMutablePointer<GraphEvent>
  private(set) var capacity: Int
  var graphCount = 0
  var marks: [Mark] = []
  var damage: [Damage] = []
  /// Decompressed pages.
  var pages: UnsafeMutableRawBufferPointer

  /// The names of tasks, as last told.
  private var comms: [Int32: SIMD16<UInt8>] = [:]
  /// More places than these in one batch tell nothing new.
  private static let damageLimit = 20

  init() {
    capacity = 1024
    graph = .allocate(capacity: capacity)
    pages = .allocate(byteCount: 0, alignment: 8)
  }

  deinit {
    graph.deallocate()
    pages.deallocate()
  }

  /// Whether no further page is decoded into it. A mark takes four times the memory of a function_graph event.
  var isFull: Bool { graphCount + 4 * marks.count > eventLimit }
  private var eventLimit = EventBatch.freeEvents
  /// What any batch may hold.
  private static let freeEvents = 1 << 19

  /// Makes the batch take the events of a piece with as many bytes in the file. Sub-buffers of 1 MiB hold hundred thousands of events that
  /// are marks: two for each byte, as in the file as a whole.
  func admit(bytes: Int) { eventLimit = max(Self.freeEvents, 8 * bytes) }

  var isEmpty: Bool { graphCount == 0 && marks.isEmpty }
  var events: UnsafeBufferPointer<GraphEvent> { UnsafeBufferPointer(start: graph, count: graphCount) }

  func clear() {
    graphCount = 0
    marks.removeAll(keepingCapacity: true)
    damage.removeAll()
    comms.removeAll(keepingCapacity: true)
  }

  /// Makes room for `count` more function_graph events.
  func reserve(_ count: Int) {
    guard capacity - graphCount < count else { return }
    let larger = max(capacity * 2, graphCount + count)
    let moved = UnsafeMutablePointer<GraphEvent>.allocate(capacity: larger)
    moved.moveInitialize(from: graph, count: graphCount)
    graph.deallocate()
    graph = moved
    capacity = larger
  }

  /// Makes room for `count` bytes of decompressed pages.
  func reservePages(_ count: Int) {
    guard pages.count < count else { return }
    pages.deallocate()
    pages = .allocate(byteCount: count, alignment: 8)
  }

  func mark(_ content: Mark.Content, time: UInt64) {
    marks.append(Mark(position: graphCount, time: time, content: content))
  }

  /// Marks a gap after the last event of the batch.
  func markLossAtEnd() {
    let lastGraph = graphCount > 0 ? graph[graphCount - 1].time : 0
    mark(.lost(nil), time: max(lastGraph, marks.last?.time ?? 0))
  }

  /// Counts an event that is not kept.
  func pass(time: UInt64) {
    if let last = marks.last, last.position == graphCount, case .passed(let count) = last.content {
      marks[marks.count - 1].content = .passed(count + 1)
    } else {
      mark(.passed(1), time: time)
    }
  }

  /// Whether the name of a task is another than this batch has last told.
  func isNews(pid: Int32, comm: Slice<UnsafeRawBufferPointer>) -> Bool {
    var name = SIMD16<UInt8>(repeating: 0)
    for (index, byte) in comm.prefix(16).enumerated() { name[index] = byte }
    return comms.updateValue(name, forKey: pid) != name
  }

  func note(_ offset: UInt64, _ message: String) {
    if damage.count < Self.damageLimit { damage.append(Damage(offset: offset, message: message)) }
  }
}
