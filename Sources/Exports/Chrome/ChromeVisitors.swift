import CallTrees
import KVMStages
import Reports

/// Writes the calls of a task.
struct ChromeCallVisitor<Output: ByteOutput>: SliceVisitor {
  private let tree: CallTree
  private let names: FunctionLabels
  private let track: ChromeTrack
  private let events: ChromeEvents<Output>

  /// - Parameter names: of the functions, as JSON.
  init(_ tree: CallTree, _ names: FunctionLabels, _ track: ChromeTrack, _ events: ChromeEvents<Output>) {
    self.tree = tree
    self.names = names
    self.track = track
    self.events = events
  }

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) {}

  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) {
    var details = CallDetails(row, of: tree)
    details.measured = CallDetails.measured(row, of: tree, drawn: time &- begin)
    events.slice(name(row), details.category, track, from: begin, to: time) { $0.add(details) }
  }

  mutating func instant(_ tag: Int, row: Int, at time: UInt64) {
    var details = CallDetails(row, of: tree)
    details.measured = CallDetails.measured(row, of: tree, drawn: nil)
    events.instant(name(row), details.category, track, at: time) { $0.add(details) }
  }

  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) {
    let details = CallDetails(row, of: tree)
    events.beginning(name(row), details.category, track, at: begin) { $0.add(details) }
  }

  private func name(_ row: Int) -> [UInt8] { names[tree.calls[row].function] }
}

/// Writes the stages of a run, or their shares on one CPU.
struct ChromeStageVisitor<Output: ByteOutput>: SliceVisitor {
  private let slices: StageSlices
  private let track: ChromeTrack
  private let events: ChromeEvents<Output>

  init(_ slices: StageSlices, _ track: ChromeTrack, _ events: ChromeEvents<Output>) {
    self.slices = slices
    self.track = track
    self.events = events
  }

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) {}

  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) {
    let measured = CallDetails.measured(row, of: slices.tree, drawn: time &- begin)
    events.slice(name(tag), .stage, track, from: begin, to: time) { [slices] in Self.add(slices.facts(tag), measured, &$0) }
  }

  mutating func instant(_ tag: Int, row: Int, at time: UInt64) {
    let measured = CallDetails.measured(row, of: slices.tree, drawn: nil)
    events.instant(name(tag), .stage, track, at: time) { [slices] in Self.add(slices.facts(tag), measured, &$0) }
  }

  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) {
    events.beginning(name(tag), .stage, track, at: begin) { [slices] in Self.add(slices.facts(tag), nil, &$0) }
  }

  private func name(_ tag: Int) -> [UInt8] { JSONText.quoted(slices.title(tag)) }

  private static func add(_ facts: [(key: String, value: String)], _ measured: UInt64?, _ arguments: inout ChromeArguments) {
    for (key, value) in facts { arguments.text(key, value) }
    if let measured { arguments.number("measured_ns", measured) }
  }
}
