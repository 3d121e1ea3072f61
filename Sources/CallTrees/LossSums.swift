/// What the losses of a recording come to. A recording has tens of thousands of them, and hundreds of runs that tell of them.
public struct LossSums: Sendable {
  /// Events known to be lost.
  public private(set) var events: UInt64 = 0
  /// Those of each CPU that lost any, in the order of their numbers; 0 where no number is known.
  public private(set) var byCPU: [(cpu: Int, events: UInt64)] = []
  /// Whether the number of events is not known for some loss.
  public private(set) var hasUnknown = false

  init(_ losses: [Loss]) {
    var events: [Int: UInt64] = [:]
    for loss in losses {
      events[loss.cpu, default: 0] &+= loss.count ?? 0
      self.events &+= loss.count ?? 0
      if loss.count == nil { hasUnknown = true }
    }
    byCPU = events.sorted { $0.key < $1.key }.map { (cpu: $0.key, events: $0.value) }
  }
}
