/// The calls of one task in pre-order, as flat rows.
///
/// Row `i`'s first child is `i + 1` if that is below `calls[i].subtreeEnd`; the next sibling is `calls[i].subtreeEnd`. No walk recurses.
public struct CallTree: Sendable {
  public internal(set) var calls: [Call] = []
  /// CPU of each row's entry.
  public internal(set) var cpus: [UInt16] = []
  /// Return values by row, where the trace has them (`funcgraph-retval`). Sign-extended from the register.
  public internal(set) var returnValues: [UInt32: Int64] = [:]

  public init() {}

  /// The greatest depth of any call, 0 without calls.
  public internal(set) var deepest = 0
  /// Rows of interrupts' work and of calls in which the task gave up its CPU, in order; the topmost ones alone when the tree is done.
  private(set) var interruptions: [UInt32] = []

  /// Rows of the calls without a parent, in order.
  @inlinable public var roots: Siblings { Siblings(of: calls, from: 0, to: calls.count) }

  /// Rows of the direct children of `row`, in order.
  @inlinable public func children(of row: Int) -> Siblings {
    Siblings(of: calls, from: row + 1, to: Int(calls[row].subtreeEnd))
  }

  /// All rows of the subtree of `row`, `row` first.
  @inlinable public func subtree(of row: Int) -> Range<Int> { row..<max(row + 1, Int(calls[row].subtreeEnd)) }
}

extension CallTree {
  /// Gives the call at `row` another function: for a name that turned out to be wrong at this place.
  public mutating func setFunction(_ function: FunctionID, at row: Int) {
    guard calls.indices.contains(row) else { return }
    calls[row].function = function
  }
}

extension CallTree {
  /// Drops the return values of which `isKept` says so.
  public mutating func keepReturnValues(where isKept: (Int64) -> Bool) {
    if !returnValues.isEmpty { returnValues = returnValues.filter { isKept($0.value) } }
  }
}

extension CallTree {
  /// Notes what the tree knows of its rows as a whole, when a row is added: no one has to look through all of them for it.
  @inline(__always)
  mutating func note(row: Int32, depth: UInt16, kind: FunctionKind) {
    if Int(depth) > deepest { deepest = Int(depth) }
    if kind == .interrupt || kind == .sleep { interruptions.append(UInt32(truncatingIfNeeded: row)) }
  }

  /// Flags the topmost calls of interrupts and of sleeps, so that their time is counted once.
  ///
  /// A task can be preempted at the end of an interrupt: a sleep below an interrupt is flagged too, and is no time in interrupts.
  mutating func markTopmost(kinds: [FunctionKind]) {
    var interruptEnd = 0
    var sleepEnd = 0
    var topmost: [UInt32] = []
    for place in interruptions where Int(place) >= sleepEnd {
      let row = Int(place)
      let id = Int(calls[row].function.index)
      switch id < kinds.count ? kinds[id] : .ordinary {
      case .interrupt where row >= interruptEnd:
        calls[row].flags.insert(.interrupt)
        interruptEnd = Int(calls[row].subtreeEnd)
        topmost.append(place)
      case .sleep:
        calls[row].flags.insert(.sleep)
        sleepEnd = Int(calls[row].subtreeEnd)
        topmost.append(place)
      default: break
      }
    }
    interruptions = topmost
  }
}
