import CallTrees

/// Brings the events of all CPUs into one order, by time, and hands them to the builder.
struct StreamMerger {
  /// Events of other kinds that are kept. A recording has some hundred; the rest of a hostile one is counted only.
  private static let eventLimit = 1_000_000
  private static let damageLimit = 1000

  /// A stream with the batch that is being read.
  private struct Source {
    var index: Int
    var cpu: Int
    var batch: EventBatch
    var graphPosition = 0
    var markPosition = 0
    /// Time of the next event.
    var time: UInt64 = 0

    /// Whether a mark comes before the next function_graph event.
    var isAtMark: Bool { markPosition < batch.marks.count && batch.marks[markPosition].position <= graphPosition }
    var isAtEnd: Bool { graphPosition >= batch.graphCount && markPosition >= batch.marks.count }

    mutating func updateTime() {
      if isAtMark {
        time = batch.marks[markPosition].time
      } else if graphPosition < batch.graphCount {
        time = batch.graph[graphPosition].time
      }
    }

    func comesBefore(_ other: Source) -> Bool { time < other.time || (time == other.time && index < other.index) }
  }

  private let pipeline: DecodingPipeline
  /// A heap: the source with the earliest event comes first.
  private var heap: [Source] = []
  private var keptEvents = 0
  private(set) var damage: [Damage] = []
  /// Events that the pages say were lost, by stream; nil: at one place the number is not known.
  private(set) var lost: [UInt64?]
  private let cpus: [Int]
  private let budget: UnpackingBudget
  /// There are more events than a file of this size can hold: the rest is not taken.
  private var isFull = false

  init(pipeline: DecodingPipeline, streams: [EventStream], budget: UnpackingBudget) {
    self.pipeline = pipeline
    self.budget = budget
    lost = Array(repeating: 0, count: streams.count)
    cpus = streams.map(\.cpu)
    for (index, stream) in streams.enumerated() {
      if let batch = nextBatch(index) { heap.append(Source(index: index, cpu: stream.cpu, batch: batch)) }
    }
    for position in heap.indices { heap[position].updateTime() }
    heap.sort { $0.comesBefore($1) }
  }

  /// Merges all events into `builder`.
  mutating func run(into builder: inout RecordingBuilder) {
    while !heap.isEmpty {
      // The earliest source goes on until another one has an earlier event.
      let limit = limit
      repeat {
        if heap[0].isAtMark { takeMark(into: &builder) } else { takeRun(until: limit, into: &builder) }
        if heap[0].isAtEnd && !refill() { break }
        heap[0].updateTime()
      } while limit.map { heap[0].time < $0.time || (heap[0].time == $0.time && heap[0].index < $0.index) } ?? true
      siftDown()
    }
    if isFull { for index in lost.indices where lost[index] == nil { builder.lose(cpu: cpus[index], count: nil) } }
  }

  /// The time of the second source, at which the first one has to give way.
  private var limit: (time: UInt64, index: Int)? {
    guard heap.count > 1 else { return nil }
    let second = heap.count > 2 && heap[2].comesBefore(heap[1]) ? 2 : 1
    return (heap[second].time, heap[second].index)
  }

  private func takeRunEnd(_ source: Source, until limit: (time: UInt64, index: Int)?) -> Int {
    let end =
      source.markPosition < source.batch.marks.count
      ? min(source.batch.marks[source.markPosition].position, source.batch.graphCount) : source.batch.graphCount
    guard let limit else { return end }
    var position = source.graphPosition
    let graph = source.batch.graph
    if source.index < limit.index {
      while position < end && graph[position].time <= limit.time { position += 1 }
    } else {
      while position < end && graph[position].time < limit.time { position += 1 }
    }
    return position
  }

  /// Hands over the function_graph events up to the next mark, or up to the time of another source.
  private mutating func takeRun(until limit: (time: UInt64, index: Int)?, into builder: inout RecordingBuilder) {
    let start = heap[0].graphPosition
    let end = max(start + 1, takeRunEnd(heap[0], until: limit))
    builder.append(UnsafeBufferPointer(rebasing: heap[0].batch.events[start..<end]), cpu: heap[0].cpu)
    heap[0].graphPosition = end
  }

  private mutating func takeMark(into builder: inout RecordingBuilder) {
    let mark = heap[0].batch.marks[heap[0].markPosition]
    heap[0].markPosition += 1
    switch mark.content {
    case .event(let event):
      if case .taskSwitch = event.payload {
        builder.append(event)
      } else if keptEvents < Self.eventLimit {
        keptEvents += 1
        builder.append(event)
      } else {
        builder.pass(count: 1, cpu: heap[0].cpu, time: mark.time)
      }
    case .passed(let count): builder.pass(count: count, cpu: heap[0].cpu, time: mark.time)
    case .lost(let count):
      let index = heap[0].index
      if let count, let sum = lost[index] { lost[index] = sum &+ count } else { lost[index] = nil }
      builder.lose(cpu: heap[0].cpu, count: count)
    case .comm(let pid, let comm): builder.name(pid: pid, comm: comm)
    }
  }

  // MARK: batches

  /// The next batch of a stream that holds events.
  private mutating func nextBatch(_ index: Int) -> EventBatch? {
    while !isFull, let batch = pipeline.take(index) {
      damage += batch.damage.prefix(Self.damageLimit - damage.count)
      if !budget.take(events: batch.graphCount + batch.marks.count) {
        isFull = true
        damage.append(Damage(message: "there are more events than a file of this size can hold: only the first are read"))
      } else if !batch.isEmpty {
        return batch
      }
      pipeline.giveBack(batch)
    }
    // What is not taken is a gap.
    if isFull { lost[index] = nil }
    return nil
  }

  /// Puts the next batch of its stream into the first source; without one the source is removed.
  private mutating func refill() -> Bool {
    pipeline.giveBack(heap[0].batch)
    if let batch = nextBatch(heap[0].index) {
      heap[0] = Source(index: heap[0].index, cpu: heap[0].cpu, batch: batch)
      return true
    }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    return false
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count && heap[child + 1].comesBefore(heap[child]) { child += 1 }
      guard heap[child].comesBefore(heap[parent]) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
