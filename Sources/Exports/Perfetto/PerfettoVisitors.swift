import CallTrees
import KVMStages

/// Writes the calls of a task.
struct PerfettoCallVisitor<Output: ByteOutput>: SliceVisitor {
  private let tree: CallTree
  private let functions: [Function]
  private var sequence: PerfettoSequence
  private(set) var out: ProtobufWriter
  private(set) var output: Output
  /// For the next sequence.
  var names: [Int] { sequence.names }

  init(_ tree: CallTree, _ functions: [Function], _ sequence: PerfettoSequence, _ out: ProtobufWriter, _ output: Output) {
    self.tree = tree
    self.functions = functions
    self.sequence = sequence
    self.out = out
    self.output = output
  }

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) {
    write(row, CallDetails(row, of: tree), isInstant: false, at: time)
  }

  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) {
    sequence.end(at: time, measured: CallDetails.measured(row, of: tree, drawn: time &- begin), &out)
    out.bytes.drain(into: &output)
  }

  mutating func instant(_ tag: Int, row: Int, at time: UInt64) {
    var details = CallDetails(row, of: tree)
    details.measured = CallDetails.measured(row, of: tree, drawn: nil)
    write(row, details, isInstant: true, at: time)
    out.bytes.drain(into: &output)
  }

  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) {}

  @inline(__always)
  private mutating func write(_ row: Int, _ details: CallDetails, isInstant: Bool, at time: UInt64) {
    let name = min(Int(tree.calls[row].function.index), functions.count)
    sequence.call(
      name, { [functions] in $0 < functions.count ? functions[$0].displayName : "?" }, isInstant: isInstant, details, at: time, &out)
  }
}

/// Writes the stages of a run, or their shares on one CPU.
struct PerfettoStageVisitor: SliceVisitor {
  private let slices: StageSlices
  private var sequence: PerfettoSequence
  private(set) var out: ProtobufWriter

  init(_ slices: StageSlices, _ sequence: PerfettoSequence, _ out: ProtobufWriter) {
    self.slices = slices
    self.sequence = sequence
    self.out = out
  }

  mutating func begin(_ tag: Int, row: Int, at time: UInt64) {
    sequence.event(slices.title(tag), isInstant: false, .stage, facts: slices.facts(tag), at: time, &out)
  }

  mutating func end(_ tag: Int, row: Int, from begin: UInt64, at time: UInt64) {
    sequence.end(at: time, measured: CallDetails.measured(row, of: slices.tree, drawn: time &- begin), &out)
  }

  mutating func instant(_ tag: Int, row: Int, at time: UInt64) {
    let measured = CallDetails.measured(row, of: slices.tree, drawn: nil).map { [(PerfettoSequence.Key.measured, $0)] } ?? []
    sequence.event(slices.title(tag), isInstant: true, .stage, facts: slices.facts(tag), numbers: measured, at: time, &out)
  }

  mutating func unfinished(_ tag: Int, row: Int, from begin: UInt64, lastTime: UInt64) {}
}
